import RealModule
import SurprisalLinearAlgebra

/// A distribution over classes as a random point of the simplex around q; the larger the precision,
/// the closer to q.
///
/// - Domain: class probabilities without zeros: at a zero the density is 0 or infinite.
/// - Link: softmax, q = softmax(z), which is the mean; αₖ = φ qₖ with φ the precision.
/// - Log-likelihood: ℓ = log Γ(φ) - Σₖ log Γ(φ qₖ) + Σₖ φ qₖ log pₖ. Evaluated as -φ KL(q, p) plus
///   remainders, with Stirling's leading terms cancelled, so it stays accurate for any precision.
/// - Score: with D(a) = a (log a - ψ(a)) and ρₖ = log(qₖ / pₖ), in zₖ: -αₖ (ρₖ - KL) + D(αₖ) - qₖ Σ
///   D; in log φ: Σₖ D(αₖ) - D(φ) - φ KL.
/// - Information: the expected one, also for solvers, is that of `DirichletInformation`; the
///   observed one is the expected minus [i = j] gᵢ - qᵢ gⱼ - gᵢ qⱼ, gⱼ, g_φ for the blocks zz, zφ,
///   φφ, with g the score.
/// - Constant: -Σₖ log pₖ. The reference measure is Lebesgue measure on the first C - 1
///   coordinates.
/// - Edges: a zero in a label throws `LabelError.outsideDomain`. The precision tends to infinity if
///   the model fits every label exactly.
/// - Reference: Ferrari and Cribari-Neto, J. Applied Statistics 31 (2004), for two classes; Minka,
///   Estimating a Dirichlet distribution (2000).
public struct Dirichlet: Likelihood {
  /// Whether the precision is estimated or known.
  public enum Precision: Sendable, Hashable {
    /// Estimated together with the other parameters.
    case estimated
    /// Known: a positive, finite number.
    case fixed(Double)
  }

  /// Whether the precision is estimated or known.
  public let precision: Precision

  /// A Dirichlet likelihood. Precondition: a fixed precision is positive and finite.
  public init(precision: Precision = .estimated) {
    if case .fixed(let value) = precision {
      Swift.precondition(value > 0 && value.isFinite, "a precision is positive and finite")
    }
    self.precision = precision
  }

  public var name: String { "dirichlet" }

  public var interpretation: String { "Dirichlet (a random point of the simplex, mean softmax)" }

  public var isLogConcave: Bool { false }

  public func auxiliaryParameters(classCount: Int) -> [AuxiliaryParameter] {
    guard precision == .estimated else { return [] }
    let start = Double.log(Double(classCount))
    return [AuxiliaryParameter(name: "precision", start: start, scale: .logarithm)]
  }

  /// Beyond a precision of 1e12, labels and means agree in every digit that labels have.
  public func boundary(of parameters: [Double]) -> String? {
    parameters.contains { $0 > Double.log(1e12) } ? "the precision is infinite" : nil
  }

  public func responses(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> InnerProbabilities {
    guard case .probabilities(let labels) = labels else {
      throw .kind(likelihood: name, found: labels.kind, expected: [.probabilities])
    }
    return try InnerProbabilities(labels, likelihood: name)
  }

  public func evaluate(
    _ responses: InnerProbabilities, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double]
  ) {
    var point = DirichletPoint(classCount: responses.classCount)
    tile.forEachExample(rows) { example, row, units in
      point.update(units, logPrecision: logPrecision(units, responses), responses, row)
      values[example] = point.value
      for unit in 0..<responses.classCount { units[unit] = weights[row] * point.score(unit) }
      if precision == .estimated {
        units[responses.classCount] = weights[row] * point.precisionScore
      }
    }
  }

  /// Leaves the logits and the log precision unchanged.
  public func linearize(_ responses: InnerProbabilities, rows: Range<Int>, tile: inout Tile) {}

  public func information(
    _ kind: Information, of responses: InnerProbabilities, rows: Range<Int>,
    weights: [Double], state: Tile, into pairs: inout Tile
  ) {
    let classes = responses.classCount
    var point = DirichletPoint(classCount: classes)
    var expected = DirichletInformation(classCount: classes)
    var state = state
    state.forEachExample(rows) { example, row, units in
      point.update(units, logPrecision: logPrecision(units, responses), responses, row)
      expected.update(shares: point.shares, total: point.total)
      pairs.setPairs(of: example, classes + (precision == .estimated ? 1 : 0)) { i, j in
        weights[row] * (expected.entry(i, j) - (kind == .observed ? point.scoreTerm(i, j) : 0))
      }
    }
    pairs.clearPadding(from: rows.count)
  }

  public func logConstant(of responses: InnerProbabilities, row: Int) -> Double {
    var sum = 0.0
    for index in 0..<responses.classCount { sum -= responses.logs[row, index] }
    return sum
  }

  /// The logarithms of the mean label: a start with the right mean, not the optimum.
  public func initialLogits(
    of responses: InnerProbabilities, weights: [Double], classCount: Int
  ) -> [Double] {
    responses.probabilities.values.columnSums(weights: weights).map { Double.log($0) }
  }

  /// The log precision, limited to the range in which its exponential and its square are finite.
  private func logPrecision(_ units: TileExample, _ responses: InnerProbabilities) -> Double {
    switch precision {
    case .estimated: min(max(units[responses.classCount], -300), 300)
    case .fixed(let value): Double.log(value)
    }
  }
}
