import RealModule

/// The comparison of labels computed from votes with true classes.
public struct TruthScores: Sendable, Equatable {
  /// A mean over items, with its standard error.
  public struct Mean: Sendable, Equatable {
    /// The mean.
    public let value: Double
    /// Its standard error; NaN for one item.
    public let standardError: Double

    init(_ terms: [Double]) {
      let count = Double(terms.count)
      let mean = terms.reduce(0, +) / count
      let spread = terms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      value = mean
      standardError = terms.count > 1 ? (spread / (count * (count - 1))).squareRoot() : .nan
    }
  }

  /// The number of items with a true class.
  public let itemCount: Int
  /// The share of items whose largest label is the true class; the first class counts in a tie.
  public let accuracy: Mean
  /// The mean of `-log p` of the true class in nats; infinite if a true class has the label 0.
  public let logScore: Mean
  /// The number of items whose true class has the label 0.
  public let impossibleCount: Int
  /// The mean of the largest label: close to the accuracy if labels are calibrated.
  public let confidence: Mean
  /// The mean over items of `Σ_k (p_k - 1[k true])²`.
  public let brierScore: Mean

  /// Compares labels with `truth`, a class or -1 per item; nil if no item has a true class.
  ///
  /// Throws `VoteError` unless there is one class, or -1, per item.
  public init?(_ aggregation: Aggregation, truth: [Int32]) throws(VoteError) {
    try aggregation.votes.check(classes: truth, "true classes")
    let items = truth.indices.filter { truth[$0] >= 0 }
    guard !items.isEmpty, aggregation.options.method != .counts else { return nil }
    itemCount = items.count
    let rows = items.map { (Array(aggregation.labels(ofItem: $0)), Int(truth[$0])) }
    accuracy = Mean(
      items.map { aggregation.predictedClass(ofItem: $0) == Int(truth[$0]) ? 1 : 0 })
    impossibleCount = rows.count { $0[$1] == 0 }
    logScore = Mean(rows.map { -Double.log($0[$1]) })
    confidence = Mean(rows.map { $0.0.max() ?? 0 })
    brierScore = Mean(
      rows.map { row, known in
        row.enumerated().reduce(0) {
          let error = $1.1 - ($1.0 == known ? 1 : 0)
          return $0 + error * error
        }
      })
  }
}
