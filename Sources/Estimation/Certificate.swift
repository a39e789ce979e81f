import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// A solution with a bound on its distance from the optimum.
///
/// Where the penalty is λ/2 |u|² the objective, minimised over the intercepts, is λ-strongly convex
/// in u, so `F - F* <= |∂F/∂u|² / 2λ` once the gradient in the intercepts is zero. That is why a
/// few Newton steps in the intercepts alone come first: without them the bound can fail.
struct Certificate {
  var solution: Solution
  /// nil without a prior of constant positive curvature, or with parameters it says nothing about.
  var gapBound: Double?

  static func certify<L: Likelihood, P: Prior>(
    _ solution: Solution, of objective: NegativeLogPosterior<AffineLogits, L, P>
  ) -> Certificate {
    let range = objective.model.weights
    guard solution.isConverged, objective.ownParameterCount == 0 else {
      return Certificate(solution: solution, gapBound: nil)
    }
    let curvature = objective.prior.curvature(
      at: [Double](repeating: 0, count: range.count), totalWeight: objective.totalWeight)
    guard objective.prior.isProper, let smallest = curvature.min() ?? nil, smallest > 0 else {
      return Certificate(solution: solution, gapBound: nil)
    }
    let polished = objective.model.hasIntercept ? polish(solution, of: objective) : solution
    let square = range.reduce(0) {
      let slope = polished.gradient[$1] / objective.priorScales[$1 - range.lowerBound]
      return $0 + slope * slope
    }
    let bound = square / (2 * smallest / objective.totalWeight)
    return Certificate(solution: polished, gapBound: bound.isFinite ? bound : nil)
  }

  /// Newton steps in the intercepts until their gradient no longer falls.
  private static func polish<L: Likelihood, P: Prior>(
    _ solution: Solution, of objective: NegativeLogPosterior<AffineLogits, L, P>
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

extension NegativeLogPosterior where M == AffineLogits {
  /// The curvature in the intercepts alone, C x C, with the common shift pinned down.
  func interceptCurvature(at point: [Double]) -> SymmetricMatrix {
    let classes = model.classCount
    let groups = BlockGroups(blockCount: features.blockCount, sumSize: classes * classes)
    let prepared = prepare(point)
    let parts = threads.map(count: groups.count) { group in
      var sum = [Double](repeating: 0, count: classes * (classes + 1) / 2)
      for index in groups.blocks(of: group) {
        let pairs = pairTile(.solver, ofBlock: index, at: prepared)
        for pair in sum.indices {
          sum[pair] += pairs.sum(ofUnit: pair, examples: features.block(index).rows.count)
        }
      }
      return sum
    }
    var result = SymmetricMatrix(dimension: classes)
    for row in 0..<classes {
      for column in 0...row {
        result[row, column] =
          parts.reduce(0) { $0 + $1[row * (row + 1) / 2 + column] } / totalWeight
      }
    }
    let shift = result.diagonal.reduce(0, +) / Double(classes * classes)
    for index in result.elements.indices { result.elements[index] += shift }
    return result
  }
}
