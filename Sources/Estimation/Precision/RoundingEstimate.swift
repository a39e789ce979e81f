import RealModule
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The effect of rounding on a fit in double precision, to first order.
///
/// With δs the error of the score of a row in one logit, the error of a sum of N products s z is
/// about the root of Σ δs² z². If the gradient at an apparent minimum is wrong by δg, the true
/// minimum is lower by half δgᵀ H⁻¹ δg. The curvature has errors δh z² from its rows.
///
/// Rounding may also mislead a solver: its matrix contains the common shift of all classes besides
/// directions of very small curvature, and loses the latter. Here the decrement is computed again
/// without that shift, and the step must not change any relevant logit by much: if the minimum is
/// far off the step stays about one however small the decrement is.
package struct RoundingEstimate: Sendable, Equatable {
  /// The most products of a curvature matrix, N P², for which the estimate is made: it takes about
  /// as long as a step of Newton's method, here some hundredths of a second.
  private static let mostWork = 10_000_000

  /// The largest change of a logit by the Newton step at a minimum.
  private static let mostChange = 1e-2

  /// The distance of the objective from its minimum.
  private(set) var gap: Double
  /// The error of the coefficients, in standard errors.
  private(set) var coefficients: Double
  /// The relative error of the standard errors.
  package private(set) var standardErrors: Double

  /// Whether the matrix that gives standard errors is singular in double precision: with a prior
  /// far weaker than the likelihood, the common shift of all classes has hardly any curvature.
  private var isSingular = false

  /// Whether fewer digits are correct than usual in double precision.
  var isAtRisk: Bool { isSingular || !(coefficients < 1e-8 && standardErrors < 1e-6) }
  /// Whether so few digits are correct that a warning is needed.
  var isPoor: Bool { !(coefficients < 1e-3 && standardErrors < 1e-3) }

  /// The contribution of the gap to an estimate of the distance from the minimum: zero if the gap
  /// changes no coefficient by more than 1e-13 of its standard error.
  var printedGap: Double { coefficients < 1e-13 ? 0 : gap }

  /// The number of digits that are correct with an error of this size.
  package static func digits(_ error: Double) -> Int {
    error < 1 ? Int((-Double.log10(max(error, 1e-16))).rounded(.down)) : 0
  }

  /// No digit is correct.
  static let hopeless = RoundingEstimate(
    gap: .infinity, coefficients: .infinity, standardErrors: .infinity)

  /// nil if the cost is too high, or if the likelihood is not concave and the point is not a
  /// minimum to second order.
  init?<L: Likelihood, P: Prior>(_ objective: AffineObjective<L, P>, at solution: Solution) {
    let point = solution.point
    let size = objective.dimension
    guard
      objective.features.rowCount.multipliedSaturating(by: size).multipliedSaturating(by: size)
        <= Self.mostWork, let features = objective.features.inFull
    else { return nil }
    let free = Self.differences(of: objective.model, among: size)
    var matrix = objective.information(.observed, at: point)
    let prior = objective.priorCurvature(at: point)
    for (place, value) in prior.enumerated() { matrix[place, place] += value }
    if objective.prior.isProper {
      isSingular = Cholesky(matrix.restricted(to: objective.freePositions(reference: 0))) == nil
    }
    for (place, value) in prior.enumerated() { matrix[place, place] -= value / 2 }
    matrix = matrix.restricted(to: free)
    guard let factor = Cholesky(matrix) else {
      guard objective.likelihood.isLogConcave, objective.auxiliaryCount == 0 else { return nil }
      self = .hopeless
      return
    }
    let weight = objective.totalWeight
    let slopes = free.map { solution.gradient[$0] * weight }
    let newton = factor.solve(slopes)
    var step = [Double](repeating: 0, count: size)
    for (place, position) in free.enumerated() { step[position] = newton[place] }
    let errors = RowErrors(objective, features, at: point, along: step)
    guard errors.change <= Self.mostChange else {
      self = .hopeless
      return
    }
    let variances = factor.inverse.diagonal
    let factorization = Double(free.count) * .ulpOfOne
    var (loss, root) = (0.0, 0.0)
    for (place, position) in free.enumerated() where position < objective.model.parameterCount {
      loss += variances[place] * errors.squares[position]
      let curvature = errors.curvatures[position] + factorization * matrix[place, place]
      root += (variances[place] * curvature).squareRoot()
    }
    let decrement = newton.dot(slopes)
    if let known = solution.squaredDecrement, !(decrement <= 4 * known * weight) {
      loss = max(loss, decrement)
    }
    gap = loss / 2 / weight
    coefficients = loss.squareRoot()
    standardErrors = root * root / 2
  }

  /// The positions of differences from the first class: with a weak prior their common shift has
  /// hardly any curvature, and each difference about half of its own.
  private static func differences(of model: LinearPredictor, among size: Int) -> [Int] {
    (0..<size).filter {
      $0 < model.weights.upperBound
        ? $0 >= model.featureCount : $0 != model.weights.upperBound || !model.hasIntercept
    }
  }

  private init(gap: Double, coefficients: Double, standardErrors: Double) {
    (self.gap, self.coefficients, self.standardErrors) = (gap, coefficients, standardErrors)
  }

  /// Sums over rows of the errors of scores and curvatures, one per parameter.
  private struct RowErrors {
    /// Σ δs² z².
    var squares: [Double]
    /// Σ δh z².
    var curvatures: [Double]
    /// The largest change of a logit that has curvature along a step.
    var change = 0.0

    init<L: Likelihood, P: Prior>(
      _ objective: AffineObjective<L, P>, _ features: BlockedMatrix, at point: [Double],
      along step: [Double]
    ) {
      squares = [Double](repeating: 0, count: objective.dimension)
      curvatures = squares
      let prepared = objective.prepare(point)
      let weights = objective.observationWeights
      let sizesOf = point.map(\.magnitude)
      for index in 0..<features.blockCount {
        let scores = objective.scoreTile(ofBlock: index, at: prepared)
        let pairs = objective.pairTile(.observed, ofBlock: index, at: prepared)
        let rows = features.block(index).rows
        for unit in 0..<objective.model.classCount {
          let places = objective.layout(of: unit)
          let sizes = Self.sums(features, index, places, sizesOf, ofSizes: true)
          let changes = Self.sums(features, index, places, step, ofSizes: false)
          let errors = rows.enumerated().map { example, row -> (score: Double, curvature: Double) in
            let curvature = pairs[unit * (unit + 1) / 2 + unit, example].magnitude
            if curvature > 0 { change = max(change, changes[example].magnitude) }
            // The rest of a probability near 1 has the rounding of 1, but at most its own size.
            let rest = min(.ulpOfOne * weights[row], curvature)
            let error = .ulpOfOne * (1 + sizes[example]) * curvature + rest
            return (error + .ulpOfOne * scores[unit, example].magnitude, error)
          }
          for (column, position) in places.weights.enumerated() {
            features.withSegment(ofColumn: column, block: index) { segment, _ in
              for (error, value) in zip(errors, segment) {
                squares[position] += error.score * error.score * value * value
                curvatures[position] += error.curvature * value * value
              }
            }
          }
          guard let constant = places.constant else { continue }
          for error in errors {
            squares[constant] += error.score * error.score
            curvatures[constant] += error.curvature
          }
        }
      }
    }

    /// Σ W z of a unit, or of the absolute values, row by row of a block.
    private static func sums(
      _ features: BlockedMatrix, _ block: Int, _ places: UnitLayout, _ point: [Double],
      ofSizes: Bool
    ) -> [Double] {
      let constant = places.constant.map { point[$0] } ?? 0
      let rows = features.block(block).rows
      var result = [Double](repeating: constant, count: rows.count)
      for (column, position) in places.weights.enumerated() {
        let weight = point[position]
        features.withSegment(ofColumn: column, block: block) { segment, _ in
          for (example, value) in segment.enumerated() {
            result[example] += weight * (ofSizes ? value.magnitude : value)
          }
        }
      }
      return result
    }
  }
}
