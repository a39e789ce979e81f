import RealModule
import SurprisalAnnotation
import SurprisalProbability

/// The annotators of a joint fit, as reported and stored in a model file.
public struct VoteRecord: Sendable, Equatable {
  /// The estimates for one annotator.
  public struct Annotator: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The number of votes.
    public var votes: Int
    /// The probability of a correct vote, over the mean predicted probabilities of the classes of
    /// the annotator's rows.
    public var accuracy: Double?
    /// Its standard error; nil if there is none.
    public var accuracyError: Double?
    /// `P(vote | class)`, one row per class; a row is empty for a class of none of the annotator's
    /// rows.
    public var confusion: [[Double]]
    /// Their standard errors, in the same rows; nil if there is none.
    public var errors: [[Double?]]
    /// The mutual information of a vote and the class, in nats.
    public var information: Double
    /// Remarkable properties: `spammer`, `adversary`, `one answer`, `one vote`.
    public var remarks: [String]
  }

  /// The number of votes.
  public var voteCount: Int
  /// The pseudo-counts of each annotator: correct votes, and votes for each wrong class.
  public var pseudoCounts: PseudoCounts
  /// The mean over rows of the predicted probabilities of the classes.
  public var classShares: [Double]
  /// The annotators, in the order of their first vote.
  public var annotators: [Annotator]

  /// The position of an annotator by name; nil if there is none.
  public func index(ofAnnotator name: String) -> Int? {
    annotators.firstIndex { $0.name == name }
  }
}

extension VoteRecord {
  init(_ aggregation: Aggregation) {
    func known(_ value: Double) -> Double? { value.isFinite ? value : nil }
    let classes = aggregation.votes.classCount
    voteCount = aggregation.votes.count
    pseudoCounts = aggregation.options.pseudoCounts
    classShares = aggregation.classPrior
    annotators = aggregation.annotators.map { summary in
      let rows = (0..<classes).map { $0 * classes..<($0 + 1) * classes }
      return Annotator(
        name: summary.name, votes: summary.votes, accuracy: known(summary.accuracy),
        accuracyError: known(summary.accuracyError),
        confusion: rows.map { row in
          let shares = Array(summary.confusion[row])
          return shares.contains { $0.isNaN } ? [] : shares
        },
        errors: rows.map { row in
          summary.confusion[row].contains { $0.isNaN }
            ? [] : summary.confusionErrors[row].map(known)
        }, information: summary.information, remarks: summary.flags.map(\.rawValue))
    }
  }
}

/// Predictions with annotators.
extension VoteRecord {
  /// A vote: the positions of the annotator and of the label, and the weight.
  public typealias Vote = (annotator: Int, label: Int, weight: Double)

  /// The probabilities of the classes given those by the features and votes: `qₖ Π T[k, vote]`,
  /// divided by their sum.
  ///
  /// For a class that the annotator never saw, a vote counts as random. Nil if the votes are
  /// impossible for every class, so that they determine nothing. Throws `VoteError` unless there is
  /// one probability per class, and for a vote whose annotator or label is not in the record.
  public func posterior(
    of probabilities: [Double], given votes: [Vote]
  ) throws(VoteError) -> [Double]? {
    try require(probabilities)
    for (row, vote) in votes.enumerated() {
      try require(annotator: vote.annotator, of: row)
      guard classShares.indices.contains(vote.label) else {
        throw .index(what: "labels", row: row, index: vote.label, count: classShares.count)
      }
    }
    var logs = probabilities.map { Double.log($0) }
    for vote in votes {
      for k in logs.indices {
        let row = annotators[vote.annotator].confusion[k]
        let share = row.isEmpty ? 1 / Double(logs.count) : row[vote.label]
        logs[k] += vote.weight * Double.log(share)
      }
    }
    return logs.contains { $0 > -.infinity } ? Softmax.probabilities(logs) : nil
  }

  /// The probabilities of the labels that an annotator would give: `Σ_k q_k T[k, label]`.
  ///
  /// Throws `VoteError` unless there is one probability per class and such an annotator.
  public func answers(
    of annotator: Int, given probabilities: [Double]
  ) throws(VoteError) -> [Double] {
    try require(probabilities)
    try require(annotator: annotator, of: 0)
    return probabilities.indices.map { label in
      zip(probabilities, annotators[annotator].confusion).reduce(0) { sum, term in
        sum + term.0 * (term.1.isEmpty ? 1 / Double(probabilities.count) : term.1[label])
      }
    }
  }
}

extension VoteRecord {
  /// Throws unless there is one probability per class.
  private func require(_ probabilities: [Double]) throws(VoteError) {
    guard probabilities.count == classShares.count else {
      throw .rowMismatch(
        what: "probabilities", expected: classShares.count, found: probabilities.count)
    }
  }

  /// Throws unless the annotator of the vote at `row` is in the record.
  private func require(annotator: Int, of row: Int) throws(VoteError) {
    guard annotators.indices.contains(annotator) else {
      throw .index(what: "annotators", row: row, index: annotator, count: annotators.count)
    }
  }
}

extension VoteRecord: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case annotators
    case voteCount = "votes"
    case pseudoCounts = "pseudo_counts"
    case classShares = "class_shares"
  }
}

extension VoteRecord.Annotator: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case name, votes, accuracy, confusion, information, remarks
    case accuracyError = "accuracy_std_error"
    case errors = "std_errors"
  }
}
