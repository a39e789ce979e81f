import RealModule
import SurprisalLinearAlgebra

/// The votes of n independent voters, or n repetitions of one draw.
///
/// - Domain: exact counts nₖ with n = Σₖ nₖ >= 1.
/// - Link: softmax, q = softmax(z).
/// - Log-likelihood: ℓ = Σₖ nₖ log qₖ; with p = n-shares this is minus n times the cross entropy.
/// - Score: nₖ - n qₖ.
/// - Information: n ([j = k] qₖ - qⱼ qₖ), observed and expected alike.
/// - Constant: log n! - Σₖ log nₖ!, the log multinomial coefficient.
/// - Edges: as the categorical likelihood, which it is, bit for bit, for n = 1.
/// - Reference: Agresti, Categorical Data Analysis, 3rd ed. (2013), section 1.2.2.
public struct Multinomial: Likelihood {
  /// Counts, and their totals with zeros up to the padding of the last block.
  public struct Observations: Sendable {
    let counts: ClassCounts
    let totals: [Double]
  }

  /// The likelihood; it has no options.
  public init() {}

  public var name: String { "multinomial" }

  public var reading: String { "multinomial (votes are independent draws)" }

  public var followsSupport: Bool { true }

  public var equalsMinusCrossEntropy: Bool { true }

  public func observations(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> Observations {
    guard case .counts(let counts) = labels else {
      throw .kind(likelihood: name, found: labels.kind, expected: [.counts])
    }
    let padding = BlockedMatrix.paddedRowCount(counts.rowCount) - counts.rowCount
    return Observations(
      counts: counts, totals: counts.totals + [Double](repeating: 0, count: padding))
  }

  public func multiplicity(of observations: Observations, row: Int) -> Double {
    observations.totals[row]
  }

  public func evaluate(
    _ observations: Observations, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double]
  ) {
    let first = rows.lowerBound
    weights.withUnsafeBufferPointer { weights in
      observations.totals.withUnsafeBufferPointer { totals in
        guard let weights = weights.baseAddress, let totals = totals.baseAddress else { return }
        tile.crossEntropyScore(
          against: observations.counts.values.block(first / BlockedMatrix.blockSize),
          totals: totals + first, weights: weights + first, values: &values)
      }
    }
  }

  public func linearize(_ observations: Observations, rows: Range<Int>, tile: inout Tile) {
    tile.softmaxInPlace(examples: rows.count)
  }

  public func information(
    _ kind: Information, of observations: Observations, rows: Range<Int>, weights: [Double],
    state: Tile, into pairs: inout Tile
  ) {
    pairs.setSoftmaxCovariance(
      of: state, rows: rows, weights: weights, totals: observations.totals)
  }

  public func multiplyInformation(
    of observations: Observations, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile
  ) {
    directions.multiplySoftmaxCovariance(
      of: state, rows: rows, weights: weights, totals: observations.totals)
  }

  public func logConstant(of observations: Observations, row: Int) -> Double {
    observations.counts.logMultinomialCoefficient(ofRow: row)
  }

  public func initialLogits(
    of observations: Observations, weights: [Double], classCount: Int
  ) -> [Double] {
    var mass = [Double](repeating: 0, count: classCount)
    observations.counts.values.addColumnSums(weights: weights, to: &mass)
    return mass.map { Double.log($0) }
  }
}
