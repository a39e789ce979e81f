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
  /// The likelihood; it has no options.
  public init() {}

  public var name: String { "multinomial" }

  public var reading: String { "multinomial (votes are independent draws)" }

  public var followsSupport: Bool { true }

  public func observations(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> ClassCounts {
    guard case .counts(let counts) = labels else {
      throw .kind(likelihood: name, found: labels.kind, expected: [.counts])
    }
    return counts
  }

  public func multiplicity(of observations: ClassCounts, row: Int) -> Double {
    observations.totals[row]
  }

  public func evaluate(
    _ observations: ClassCounts, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double]
  ) {
    tile.crossEntropyScore(
      targets: observations.values, totals: observations.totals, rows: rows, weights: weights,
      values: &values)
  }

  public func linearize(_ observations: ClassCounts, rows: Range<Int>, tile: inout Tile) {
    tile.softmaxInPlace(examples: rows.count)
  }

  public func information(
    _ kind: Information, of observations: ClassCounts, rows: Range<Int>, weights: [Double],
    state: Tile, into pairs: inout Tile
  ) {
    pairs.setSoftmaxCovariance(
      of: state, rows: rows, weights: weights, totals: observations.totals)
  }

  public func multiplyInformation(
    of observations: ClassCounts, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile
  ) {
    directions.multiplySoftmaxCovariance(
      of: state, rows: rows, weights: weights, totals: observations.totals)
  }

  public func logConstant(of observations: ClassCounts, row: Int) -> Double {
    observations.logMultinomialCoefficient(ofRow: row)
  }

  public func initialLogits(
    of observations: ClassCounts, weights: [Double], classCount: Int
  ) -> [Double] {
    var mass = [Double](repeating: 0, count: classCount)
    observations.values.addColumnSums(weights: weights, to: &mass)
    return mass.map { Double.log($0) }
  }
}
