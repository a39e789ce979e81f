import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// A solution with a bound on the distance of its objective from the optimum.
///
/// If the penalty is λ/2 |u|² the objective, minimised over the intercepts, is λ-strongly convex in
/// u, so `F - F* <= |∂F/∂u|² / 2λ` if the gradient in the intercepts is zero. A few Newton steps in
/// the intercepts alone therefore come first: without them the bound can fail.
struct OptimalityGap {
  var solution: Solution
  /// nil without a strongly convex penalty, or with parameters outside the prior.
  var gapBound: Double?
  /// The contribution of rounding.
  var rounding = 0.0
  /// Whether this fit has few correct digits in double precision.
  var isAtRisk = false

  /// Half the squared decrement of the last iterate for which it was computed: at least that of the
  /// solution, and at most the certain bound, except for rounding; nil if rounding has no bound.
  var estimate: Double? {
    guard rounding.isFinite, let decrement = solution.squaredDecrement else { return nil }
    return max(min(decrement / 2, gapBound ?? .infinity), rounding, ofCoordinates)
  }

  /// The order of what rounding the coordinates of the minimum costs, by their square: no point of
  /// doubles is known to be nearer.
  private var ofCoordinates: Double { solution.value.magnitude * 0x1p-104 }

  /// The bound, including rounding.
  var bound: Double? { rounding.isFinite ? gapBound.map { max($0, rounding, ofCoordinates) } : nil }

  static func certify<L: Likelihood, P: Prior>(
    _ solution: Solution, of objective: AffineObjective<L, P>
  ) -> OptimalityGap {
    let range = objective.model.weights
    guard solution.isConverged, objective.auxiliaryCount == 0, objective.likelihood.isLogConcave
    else {
      return OptimalityGap(solution: solution, gapBound: nil)
    }
    let smallest = objective.prior.strongConvexity(totalWeight: objective.totalWeight)
    guard smallest > 0, !range.isEmpty else {
      return OptimalityGap(solution: solution, gapBound: nil)
    }
    // A matrix for each pair of classes and each row is too expensive for many classes.
    guard
      objective.model.classCount <= AffineMinimization.mostUnits
        || objective.likelihood.meanIsSoftmax
    else { return OptimalityGap(solution: solution, gapBound: nil) }
    let polished = objective.model.hasIntercept ? polish(solution, of: objective) : solution
    return OptimalityGap(solution: polished, gapBound: bound(of: polished, objective))
  }

  /// `|∂F/∂u|² / 2λ` at a solution whose gradient in the intercepts is zero; nil without a strongly
  /// convex penalty.
  static func bound<L: Likelihood, P: Prior>(
    of solution: Solution, _ objective: AffineObjective<L, P>
  ) -> Double? {
    let range = objective.model.weights
    let smallest = objective.prior.strongConvexity(totalWeight: objective.totalWeight)
    guard smallest > 0, !range.isEmpty else { return nil }
    let square = range.reduce(0) {
      let slope = solution.gradient[$1] / objective.priorScales[$1 - range.lowerBound]
      return $0 + slope * slope
    }
    let bound = square / (2 * smallest / objective.totalWeight)
    return bound.isFinite ? bound : nil
  }

  /// Takes Newton steps in the intercepts until their gradient no longer decreases.
  private static func polish<L: Likelihood, P: Prior>(
    _ solution: Solution, of objective: AffineObjective<L, P>
  ) -> Solution {
    let intercepts = objective.model.intercepts
    var best = solution
    var norm = Array(best.gradient[intercepts]).infinityNorm
    for _ in 0..<5 where norm > 1e-17 {
      guard let factor = Cholesky(objective.interceptCurvature(at: best.point)) else { break }
      let step = factor.solve(Array(best.gradient[intercepts]))
      var next = best
      for (offset, index) in intercepts.enumerated() { next.point[index] -= step[offset] }
      next.value = objective.evaluate(at: next.point, gradient: &next.gradient)
      next.evaluations += 1
      let nextNorm = Array(next.gradient[intercepts]).infinityNorm
      guard nextNorm < norm, next.value.isFinite else { break }
      next.gradientNorm = next.gradient.infinityNorm
      best = next
      norm = nextNorm
    }
    return best
  }
}
