/// The report of each row: a class, or a distribution over classes.
public enum Reports: Sendable {
  case classes(ClassIndices)
  case probabilities(ClassProbabilities)

  /// The number of classes, C.
  var classCount: Int {
    switch self {
    case .classes(let labels): labels.classCount
    case .probabilities(let labels): labels.classCount
    }
  }

  /// The probability of a class in a row.
  @inline(__always)
  func share(_ row: Int, _ index: Int) -> Double {
    switch self {
    case .classes(let labels): labels[row] == index ? 1 : 0
    case .probabilities(let labels): labels.values[row, index]
    }
  }

  /// The weighted number of reports of each class.
  func classWeights(_ weights: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: classCount)
    switch self {
    case .classes(let labels):
      for row in 0..<labels.rowCount { result[labels[row]] += weights[row] }
    case .probabilities(let labels):
      labels.values.addColumnSums(weights: weights, to: &result)
    }
    return result
  }
}
