import RealModule
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// What rounding does to a fit of doubles, to first order.
///
/// With δs the error of the score of a row in one logit, that of a sum of N products s z has the
/// size of the root of Σ δs² z². A gradient so far from zero at a point that looks like the minimum
/// leaves the minimum half δgᵀ H⁻¹ δg below, and the curvature has errors δh z² of its rows.
///
/// A solver may also be misled: its matrix has the shift of all classes beside directions of very
/// little curvature, and loses these. Here the decrement is worked out again without that shift,
/// and the step must change no logit that matters by much: on the way to a minimum far off it stays
/// about one however small the decrement.
package struct RoundingEstimate: Sendable, Equatable {
  /// The most products of a curvature matrix, N P², that the estimate may cost: it takes about as
  /// long as a step of Newton's method, here some hundredths of a second.
  private static let mostWork = 10_000_000

  /// The largest change of a logit by the step from a minimum.
  private static let mostChange = 1e-2

  /// How far the objective may be above its minimum.
  private(set) var gap: Double
  /// The error of the coefficients, in standard errors.
  private(set) var coefficients: Double
  /// The relative error of the standard errors.
  package private(set) var standardErrors: Double

  /// Whether the matrix that gives standard errors is singular in doubles: a prior far weaker than
  /// the likelihood, beside which it is all that holds the shift of all classes.
  private var isSingular = false

  /// Whether fewer digits are right than doubles have in ordinary problems.
  var isAtRisk: Bool { isSingular || !(coefficients < 1e-8 && standardErrors < 1e-6) }
  /// Whether so few digits are right that a reader has to know.
  var isPoor: Bool { !(coefficients < 1e-3 && standardErrors < 1e-3) }

  /// What the gap adds to an estimate of the distance from the minimum: nothing where it changes no
  /// coefficient by more than 1e-10 of its standard error.
  var printedGap: Double { coefficients < 1e-10 ? 0 : gap }

  /// The digits that an error of this size leaves.
  static func digits(_ error: Double) -> Int {
    error < 1 ? Int((-Double.log10(max(error, 1e-16))).rounded(.down)) : 0
  }

  /// Nothing is right.
  static let hopeless = RoundingEstimate(
    gap: .infinity, coefficients: .infinity, standardErrors: .infinity)

  /// nil where it costs too much, or where the point is no minimum to second order of a likelihood
  /// that is not concave.
  init?<L: Likelihood, P: Prior>(_ objective: AffineObjective<L, P>, at solution: Solution) {
    let point = solution.point
    let size = objective.dimension
    guard
      objective.features.rowCount.multipliedSaturating(by: size).multipliedSaturating(by: size)
        <= Self.mostWork, let features = objective.features.inFull
    else { return nil }
    // Differences from the first class: a weak prior gives their shift hardly any curvature, and
    // about half of its own to a difference.
    let model = objective.model
    let free = (0..<size).filter {
      $0 < model.weights.upperBound
        ? $0 >= model.featureCount : $0 != model.weights.upperBound || !model.hasIntercept
    }
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

  private init(gap: Double, coefficients: Double, standardErrors: Double) {
    (self.gap, self.coefficients, self.standardErrors) = (gap, coefficients, standardErrors)
  }

  /// Sums over rows of the errors of scores and curvatures, one a parameter.
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
            // Of a probability near 1 the rest has the rounding of 1, and no more than itself.
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

    /// Σ W z of a unit, row by row of a block, or of their sizes.
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
