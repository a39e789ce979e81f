/// The labels of N rows over C classes, stored in their original form.
///
/// Class indices are not expanded to N x C and counts stay exact. A likelihood converts them to its
/// responses and throws for kinds it does not accept.
public enum Labels: Sendable {
  case classes(ClassIndices)
  case probabilities(ClassProbabilities)
  case counts(ClassCounts)
  case candidates(CandidateSets)
  case evidence(ClassEvidence)

  /// The number of rows, N.
  public var rowCount: Int { shape.rows }

  /// The number of classes, C.
  public var classCount: Int { shape.classes }

  private var shape: (rows: Int, classes: Int) {
    switch self {
    case .classes(let labels): (labels.rowCount, labels.classCount)
    case .probabilities(let labels): (labels.rowCount, labels.classCount)
    case .counts(let labels): (labels.rowCount, labels.classCount)
    case .candidates(let labels): (labels.rowCount, labels.classCount)
    case .evidence(let labels): (labels.rowCount, labels.classCount)
    }
  }

  /// The kind of these labels.
  public var kind: LabelKind {
    switch self {
    case .classes: .classes
    case .probabilities: .probabilities
    case .counts: .counts
    case .candidates: .candidates
    case .evidence: .evidence
    }
  }

  /// The rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> Labels {
    switch self {
    case .classes(let labels): .classes(labels.selecting(rows: rows))
    case .probabilities(let labels): .probabilities(labels.selecting(rows: rows))
    case .counts(let labels): .counts(labels.selecting(rows: rows))
    case .candidates(let labels): .candidates(labels.selecting(rows: rows))
    case .evidence(let labels): .evidence(labels.selecting(rows: rows))
    }
  }

  /// The label of a row as a distribution over classes: one-hot, the probabilities, the vote
  /// proportions, uniform over the candidates, or the evidence divided by its sum.
  public func distribution(ofRow row: Int) -> [Double] {
    var result = [Double](repeating: 0, count: classCount)
    switch self {
    case .classes(let labels):
      result[labels[row]] = 1
    case .probabilities(let labels):
      for index in 0..<classCount { result[index] = labels.values[row, index] }
    case .counts(let labels):
      for index in 0..<classCount { result[index] = labels.values[row, index] / labels.totals[row] }
    case .candidates(let labels):
      let members = labels.members(ofRow: row)
      for index in members { result[index] = 1 / Double(members.count) }
    case .evidence(let labels): return labels.distribution(ofRow: row)
    }
    return result
  }

  /// The number of observations in a row: the number of votes for counts, otherwise 1.
  public func multiplicity(ofRow row: Int) -> Double {
    if case .counts(let labels) = self { labels.totals[row] } else { 1 }
  }
}
