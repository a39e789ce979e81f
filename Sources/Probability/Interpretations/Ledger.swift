import RealModule
import SurprisalLinearAlgebra

/// The log-likelihood of a label p given a prediction q under every interpretation, compared with
/// the cross entropy.
///
/// For one pair, or the weighted means over the rows of a data set. All values in nats.
public struct Ledger: Sendable, Equatable {
  /// What some interpretations need besides p and q.
  public struct Assumptions: Sendable {
    /// The number of votes whose proportions are p.
    public var votes: Double?
    /// The precision φ of the Dirichlet interpretations, α = φ q.
    public var precision: Double?
    /// The candidate classes, one of which is the true class.
    public var candidates: [Int]?
    /// The confusion matrix, C x C.
    public var confusion: ClassProbabilities?
    /// log e as it was given, if the label is evidence; otherwise p is used as e.
    public var logEvidence: [Double]?
    /// The prior over classes that the posterior p was computed with.
    public var prior: [Double]?

    /// Creates the assumptions; interpretations whose assumption is nil have no log-likelihood.
    public init(
      votes: Double? = nil, precision: Double? = nil, candidates: [Int]? = nil,
      confusion: ClassProbabilities? = nil, logEvidence: [Double]? = nil, prior: [Double]? = nil
    ) {
      self.votes = votes
      self.precision = precision
      self.candidates = candidates
      self.confusion = confusion
      self.logEvidence = logEvidence
      self.prior = prior
    }
  }

  /// CE(p, q) = H(p) + KL(p, q).
  public let crossEntropy: Double
  /// H(p), the smallest cross entropy any prediction can have.
  public let labelEntropy: Double
  /// KL(p, q).
  public let divergence: Double
  /// One entry for each kind, in the order of `LabelInterpretation.Kind`.
  public let interpretations: [LabelInterpretation]
  /// The total weight behind the mean entropies: of rows, or of votes if labels are votes; 1 for a
  /// pair.
  public let totalWeight: Double
  /// The total weight of the rows, behind the mean log-likelihoods. A total is the mean times this.
  public let rowWeight: Double

  /// exp CE: the number of equally likely classes with the same uncertainty.
  public var perplexity: Double { Double.exp(crossEntropy) }

  /// The number of bits in one nat.
  public static let bitsPerNat = 1 / Double.log(2)

  /// The ledger of one label and one prediction, distributions over the same C >= 2 classes.
  ///
  /// Throws `LabelError` if one of them is not a distribution.
  public init(
    label: [Double], prediction: [Double], assuming assumptions: Assumptions = Assumptions()
  ) throws(LabelError) {
    let p = try ClassProbabilities(BlockedMatrix(rows: [label], columnCount: label.count))
    guard prediction.count == label.count else {
      throw .rowCount(expected: label.count, found: prediction.count)
    }
    let q = try ClassProbabilities(BlockedMatrix(rows: [prediction], columnCount: label.count))
    self.init(
      LedgerEntry(
        label: Self.asGiven(label, p.values.row(0)),
        prediction: Self.asGiven(prediction, q.values.row(0)), assumptions))
  }

  /// The values as given if they sum to one up to rounding, otherwise the values divided by their
  /// sum.
  private static func asGiven(_ given: [Double], _ divided: [Double]) -> [Double] {
    let distance = (given.reduce(0, +) - 1).magnitude
    return distance <= Double.ulpOfOne * Double(given.count) ? given : divided
  }

  /// The weighted means over the rows of a data set. A row of counts provides its votes, a row of
  /// candidates its set, a row of evidence its evidence; everything else comes from the
  /// assumptions.
  ///
  /// If one row has no log-likelihood under an interpretation, the mean has none either, with the
  /// reason of the first such row. Throws `LabelError.rowCount`. Complexity: O(N C), some
  /// microseconds a row.
  public init(
    labels: Labels, predictions: ClassProbabilities, weights: [Double],
    assuming assumptions: Assumptions = Assumptions()
  ) throws(LabelError) {
    guard predictions.rowCount == labels.rowCount, weights.count >= labels.rowCount else {
      throw .rowCount(
        expected: labels.rowCount, found: min(predictions.rowCount, weights.count))
    }
    var mean = LedgerMean()
    for row in 0..<labels.rowCount where weights[row] > 0 {
      mean.add(row: row, of: labels, predictions.values.row(row), weights[row], assumptions)
    }
    self = mean.ledger
  }

  /// As above, with N x C predicted probabilities that `compute` returns for some rows: they are
  /// asked for one block of rows at a time.
  ///
  /// Throws `LabelError.rowCount`, also if `compute` returns another number of rows or classes, and
  /// what `compute` throws.
  public init(
    labels: Labels, weights: [Double], assuming assumptions: Assumptions = Assumptions(),
    computing compute: (_ rows: [Int]) throws -> BlockedMatrix
  ) throws {
    func require(_ found: Int, _ expected: Int) throws(LabelError) {
      guard found == expected else { throw .rowCount(expected: expected, found: found) }
    }
    try require(min(weights.count, labels.rowCount), labels.rowCount)
    var mean = LedgerMean()
    for index in 0..<BlockedMatrix.blockCount(ofRows: labels.rowCount) {
      let rows = BlockedMatrix.rows(ofBlock: index, rowCount: labels.rowCount)
      let predictions = try compute(Array(rows))
      try require(predictions.rowCount, rows.count)
      try require(predictions.columnCount, labels.classCount)
      for (place, row) in rows.enumerated() where weights[row] > 0 {
        mean.add(row: row, of: labels, predictions.row(place), weights[row], assumptions)
      }
    }
    self = mean.ledger
  }

  init(_ entry: LedgerEntry) {
    crossEntropy = entry.crossEntropy
    labelEntropy = Distribution.entropy(entry.p)
    divergence = Distribution.divergence(entry.p, entry.q)
    interpretations = LabelInterpretation.Kind.allCases.map(entry.interpretation)
    totalWeight = 1
    rowWeight = 1
  }

  init(
    crossEntropy: Double, labelEntropy: Double, divergence: Double,
    interpretations: [LabelInterpretation],
    totalWeight: Double, rowWeight: Double
  ) {
    self.crossEntropy = crossEntropy
    self.labelEntropy = labelEntropy
    self.divergence = divergence
    self.interpretations = interpretations
    self.totalWeight = totalWeight
    self.rowWeight = rowWeight
  }
}
