import RealModule
import SurprisalLinearAlgebra

/// The votes of n independent voters, or n repetitions of one draw.
///
/// - Domain: exact counts nₖ with n = Σₖ nₖ >= 1.
/// - Link: softmax, q = softmax(z).
/// - Log-likelihood: ℓ = Σₖ nₖ log qₖ; with p = nₖ / n this is minus n times the cross entropy.
/// - Score: nₖ - n qₖ.
/// - Information: n ([j = k] qₖ - qⱼ qₖ), observed and expected alike.
/// - Constant: log n! - Σₖ log nₖ!, the log multinomial coefficient.
/// - Edges: as for the categorical likelihood, which it equals bit for bit if n = 1.
/// - Reference: Agresti, Categorical Data Analysis, 3rd ed. (2013), section 1.2.2.
public struct Multinomial: Likelihood {
  /// Counts, and their totals with zeros up to the padding of the last block.
  public struct Responses: Sendable {
    let counts: ClassCounts
    let totals: [Double]
  }

  /// Creates the likelihood; it has no options.
  public init() {}

  public var name: String { "multinomial" }

  public var interpretation: String { "multinomial (votes are independent draws)" }

  public var limit: LimitAlongDirection { .support }

  public var equalsMinusCrossEntropy: Bool { true }

  public func responses(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> Responses {
    guard case .counts(let counts) = labels else {
      throw .kind(likelihood: name, found: labels.kind, expected: [.counts])
    }
    let padding = BlockedMatrix.paddedRowCount(counts.rowCount) - counts.rowCount
    return Responses(
      counts: counts, totals: counts.totals + [Double](repeating: 0, count: padding))
  }

  public func multiplicity(of responses: Responses, row: Int) -> Double {
    responses.totals[row]
  }

  public func evaluate(
    _ responses: Responses, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double]
  ) {
    let first = rows.lowerBound
    weights.withUnsafeBufferPointer { weights in
      responses.totals.withUnsafeBufferPointer { totals in
        guard let weights = weights.baseAddress, let totals = totals.baseAddress else { return }
        tile.crossEntropyScore(
          against: responses.counts.values.block(first / BlockedMatrix.blockSize),
          totals: totals + first, weights: weights + first, values: &values)
      }
    }
  }

  public func linearize(_ responses: Responses, rows: Range<Int>, tile: inout Tile) {
    tile.softmaxInPlace(examples: rows.count)
  }

  public func information(
    _ kind: Information, of responses: Responses, rows: Range<Int>, weights: [Double],
    state: Tile, into pairs: inout Tile
  ) {
    pairs.setSoftmaxCovariance(
      of: state, rows: rows, weights: weights, totals: responses.totals)
  }

  /// 2 n qₖ (1 - qₖ), the sum of the absolute values of a row of the information.
  public func curvatureBound(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    into bound: inout Tile
  ) {
    bound.setSoftmaxCurvatureBound(
      of: state, rows: rows, weights: weights, totals: responses.totals)
  }

  public func multiplyInformation(
    of responses: Responses, rows: Range<Int>, weights: [Double], state: Tile,
    directions: inout Tile
  ) {
    directions.multiplySoftmaxCovariance(
      of: state, rows: rows, weights: weights, totals: responses.totals)
  }

  public func logConstant(of responses: Responses, row: Int) -> Double {
    responses.counts.logMultinomialCoefficient(ofRow: row)
  }

  public func initialLogits(
    of responses: Responses, weights: [Double], classCount: Int
  ) -> [Double] {
    responses.counts.values.columnSums(weights: weights).map { Double.log($0) }
  }
}
