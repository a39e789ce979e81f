/// The labels of N rows over C classes, kept as what they are.
///
/// Class indices are not expanded to N x C and counts stay exact. A likelihood turns them into the
/// responses it reads and refuses those it cannot.
public enum Labels: Sendable {
  case classes(ClassIndices)
  case probabilities(ClassProbabilities)
  case counts(ClassCounts)
  case candidates(CandidateSets)
  case evidence(ClassEvidence)

  /// N.
  public var rowCount: Int {
    switch self {
    case .classes(let labels): labels.rowCount
    case .probabilities(let labels): labels.rowCount
    case .counts(let labels): labels.rowCount
    case .candidates(let labels): labels.rowCount
    case .evidence(let labels): labels.rowCount
    }
  }

  /// C.
  public var classCount: Int {
    switch self {
    case .classes(let labels): labels.classCount
    case .probabilities(let labels): labels.classCount
    case .counts(let labels): labels.classCount
    case .candidates(let labels): labels.classCount
    case .evidence(let labels): labels.classCount
    }
  }

  /// Which kind of label this is.
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

  /// The distribution over classes that a row stands for: one-hot, the probabilities, the shares of
  /// the votes, uniform over the candidates, or the evidence divided by its sum.
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

  /// How many observations a row stands for: the number of votes of counts, one otherwise.
  public func multiplicity(ofRow row: Int) -> Double {
    if case .counts(let labels) = self { labels.totals[row] } else { 1 }
  }
}
