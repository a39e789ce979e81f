import RealModule
import SurprisalLinearAlgebra

/// Votes of n voters that are positively correlated within a row.
///
/// - Domain: exact counts nₖ, n = Σₖ nₖ >= 1; at least one row with two votes, otherwise the
///   dispersion is not identified (`LabelError.notIdentified`).
/// - Link: softmax, q = softmax(z), the mean proportion. Proportions vary around it like a
///   Dirichlet with αₖ = qₖ / ρ, ρ > 0 the dispersion; two votes have the correlation ρ / (1 + ρ).
/// - Log-likelihood: ℓ = Σₖ Σ_{j < nₖ} log(qₖ + j ρ) - Σ_{j < n} log(1 + j ρ), without Γ or 1 / ρ;
///   for ρ = 0 it is the multinomial one.
/// - Score: with Bₖ = Σ_{j < nₖ} f, f = qₖ / (qₖ + j ρ): in zₖ it is Bₖ - qₖ Σ B; in log ρ Σₖ Σ_{j
///   < nₖ} (1 - f) - Σ_{j < n} j ρ / (1 + j ρ).
/// - Information: with Xₖ = Σ_{j < nₖ} f (1 - f) and X₀ the same sum for q = 1 and n draws, the
///   observed one is (Σ B) Cov(q) - [i = j] Xᵢ + Xᵢ qⱼ + qᵢ Xⱼ - qᵢ qⱼ Σ X; Xᵢ - qᵢ Σ X; X₀ - Σ X.
///   The expected one uses the means of Xₖ under the beta-binomial distribution of nₖ, and Σ B =
///   Σ_{j < n} 1 / (1 + j ρ). Solvers use the expected one. For more than 2^20 votes in a row (1024
///   for solvers) it is replaced by its limit for many votes (`DispersedInformation`).
/// - Constant: the log multinomial coefficient.
/// - Edges: without over-dispersion ρ tends to 0, a boundary optimum. For n = 1 the categorical
///   likelihood.
/// - Reference: Mosimann, Biometrika 49 (1962); Griffiths, Biometrics 29 (1973).
public struct DirichletMultinomial: Likelihood {
  /// Creates the likelihood; it has no options.
  public init() {}

  public var name: String { "dirichlet-multinomial" }

  public var interpretation: String {
    "Dirichlet-multinomial (votes agree more than independent draws)"
  }

  public var isLogConcave: Bool { false }

  /// For every ρ the factor of the first vote for a class is qₖ, and the other factors are bounded.
  public var limit: LimitAlongDirection { .support }

  /// Votes beyond 1 / ρ add hardly any information about q.
  public var boundsRowInformation: Bool { true }

  public func auxiliaryParameters(classCount: Int) -> [AuxiliaryParameter] {
    [AuxiliaryParameter(name: "dispersion", start: Double.log(0.1), scale: .logarithm)]
  }

  /// ρ / (1 + ρ), the correlation of two votes in a row.
  public func derivedProbabilities(
    of auxiliary: [Double], classCount: Int
  ) -> [DerivedProbability] {
    let ratio = Double.exp(auxiliary[0])
    return [
      DerivedProbability(
        name: "correlation of two votes of a row", value: ratio / (1 + ratio),
        gradient: [ratio / ((1 + ratio) * (1 + ratio))])
    ]
  }

  /// A dispersion below 1e-6 could be detected only with about a million votes in a row. Above 1e6
  /// all votes in a row agree, up to one in a million: if no row has votes for two classes, ℓ
  /// increases with ρ without bound.
  public func boundary(of parameters: [Double]) -> String? {
    if parameters.contains(where: { $0 > Double.log(1e6) }) {
      return "all votes of a row agree (the dispersion is infinite)"
    }
    return parameters.contains { $0 < Double.log(1e-6) }
      ? "there is no evidence of over-dispersion (the dispersion is 0)" : nil
  }

  public func responses(
    of labels: Labels, weights: inout [Double]
  ) throws(LabelError) -> ClassCounts {
    guard case .counts(let counts) = labels else {
      throw .kind(likelihood: name, found: labels.kind, expected: [.counts])
    }
    guard zip(counts.totals, weights).contains(where: { $0 > 1 && $1 > 0 }) else {
      throw .notIdentified(likelihood: name, parameter: "dispersion")
    }
    return counts
  }

  public func multiplicity(of responses: ClassCounts, row: Int) -> Double {
    responses.totals[row]
  }

  public func evaluate(
    _ responses: ClassCounts, rows: Range<Int>, weights: [Double], tile: inout Tile,
    values: inout [Double]
  ) {
    let classes = responses.classCount
    var point = DirichletMultinomialPoint(classCount: classes)
    tile.forEachExample(rows) { example, row, units in
      point.update(units, responses, row)
      values[example] = point.value
      for unit in 0..<classes { units[unit] = weights[row] * point.score(unit) }
      units[classes] = weights[row] * point.dispersionScore
    }
  }

  /// Leaves the logits and the log dispersion unchanged.
  public func linearize(_ responses: ClassCounts, rows: Range<Int>, tile: inout Tile) {}

  public func information(
    _ kind: Information, of responses: ClassCounts, rows: Range<Int>, weights: [Double],
    state: Tile, into pairs: inout Tile
  ) {
    let classes = responses.classCount
    var point = DirichletMultinomialPoint(classCount: classes)
    var dispersed = DispersedInformation(classCount: classes)
    let exactVotes = kind == .solver ? 1024.0 : 1_048_576
    var state = state
    state.forEachExample(rows) { example, row, units in
      point.update(units, responses, row)
      let weight = weights[row]
      if kind != .observed, responses.totals[row] > exactVotes {
        dispersed.update(point, votes: responses.totals[row])
        pairs.setPairs(of: example, classes + 1) { weight * dispersed.entry($0, $1) }
      } else {
        if kind != .observed { point.takeExpectations(votes: responses.totals[row]) }
        pairs.setPairs(of: example, classes + 1) { weight * point.information($0, $1) }
      }
    }
    pairs.clearPadding(from: rows.count)
  }

  public func logConstant(of responses: ClassCounts, row: Int) -> Double {
    responses.logMultinomialCoefficient(ofRow: row)
  }

  /// The initial logits of the multinomial likelihood.
  public func initialLogits(
    of responses: ClassCounts, weights: [Double], classCount: Int
  ) -> [Double] {
    responses.values.columnSums(weights: weights).map { Double.log($0) }
  }
}
