import RealModule

/// The expected decrease of the entropy of an item's class by another vote, in nats: the mutual
/// information of class and vote,
///
///     Σ_k p_k Σ_v T[k, v] log T[k, v] - Σ_v m_v log m_v,     m_v = Σ_k p_k T[k, v]
///
/// with p the posterior of the class and T the confusion matrix of the annotator, for the method
/// `glad` that on the item.
struct ExpectedInformation {
  private let classCount: Int
  private let table: [Double]
  /// `Σ_v T[k, v] log T[k, v]`, matrix by matrix, `classCount` numbers each.
  private let rows: [Double]
  private var prediction: GladPrediction?
  private var posterior: [Double] = []

  init(_ votes: Votes, _ model: VoteModel) {
    let (classCount, table) = (votes.classCount, model.table)
    self.classCount = classCount
    self.table = table
    prediction = model.difficulty.map {
      GladPrediction(votes, $0, classPrior: model.classPrior)
    }
    rows =
      prediction != nil
      ? []
      : stride(from: 0, to: table.count, by: classCount * classCount).flatMap { start in
        (0..<classCount).map { k in
          (0..<classCount).reduce(0) { $0 + Self.term(table[start + $1 * classCount + k]) }
        }
      }
  }

  /// Whether all annotators have one matrix.
  var isCommon: Bool { prediction == nil && table.count == classCount * classCount }

  /// Goes to an item.
  mutating func move(to item: Int, posterior: ArraySlice<Double>) {
    self.posterior = Array(posterior)
    prediction?.move(to: item)
  }

  /// Of a vote by an annotator on the item.
  func ofVote(by annotator: Int) -> Double {
    if let prediction { return of(rights: prediction.accuracies(ofAnnotator: annotator)) }
    let matrix = isCommon ? 0 : annotator
    let start = matrix * classCount * classCount
    return posterior.withUnsafeBufferPointer { posterior in
      table.withUnsafeBufferPointer { table in
        var result = 0.0
        for k in 0..<classCount { result += posterior[k] * rows[matrix * classCount + k] }
        for label in 0..<classCount {
          var mean = 0.0
          for k in 0..<classCount { mean += posterior[k] * table[start + label * classCount + k] }
          result -= Self.term(mean)
        }
        return result
      }
    }
  }

  /// Of a vote that is right with a probability for each class, all errors equally likely.
  private func of(rights: [Double]) -> Double {
    let others = Double(classCount - 1)
    var (result, wrong) = (0.0, 0.0)
    for k in 0..<classCount {
      let rest = (1 - rights[k]) / others
      result += posterior[k] * (Self.term(rights[k]) + others * Self.term(rest))
      wrong += posterior[k] * rest
    }
    for k in 0..<classCount {
      let mean = posterior[k] * rights[k] + max(0, wrong - posterior[k] * (1 - rights[k]) / others)
      result -= Self.term(mean)
    }
    return result
  }

  /// `p log p`.
  @inline(__always)
  private static func term(_ share: Double) -> Double {
    share > 0 ? share * Double.log(share) : 0
  }
}
