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
    switch self {
    case .classes(let labels):
      var result = [Double](repeating: 0, count: classCount)
      for row in 0..<labels.rowCount { result[labels[row]] += weights[row] }
      return result
    case .probabilities(let labels): return labels.values.columnSums(weights: weights)
    }
  }
}
