import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// A solution with a bound on its distance from the optimum.
///
/// Where the penalty is λ/2 |u|² the objective, minimised over the intercepts, is λ-strongly convex
/// in u, so `F - F* <= |∂F/∂u|² / 2λ` once the gradient in the intercepts is zero. That is why a
/// few Newton steps in the intercepts alone come first: without them the bound can fail.
struct OptimalityGap {
  var solution: Solution
  /// nil without a prior of constant positive curvature, or with parameters it says nothing about.
  var gapBound: Double?

  static func certify<L: Likelihood, P: Prior>(
    _ solution: Solution, of objective: NegativeLogPosterior<AffineLogits, L, P>
  ) -> OptimalityGap {
    let range = objective.model.weights
    guard solution.isConverged, objective.ownParameterCount == 0, objective.likelihood.isConvex
    else {
      return OptimalityGap(solution: solution, gapBound: nil)
    }
    let curvature = objective.prior.curvature(
      at: [Double](repeating: 0, count: range.count), totalWeight: objective.totalWeight)
    guard objective.prior.isProper, let smallest = curvature.min() ?? nil, smallest > 0 else {
      return OptimalityGap(solution: solution, gapBound: nil)
    }
    // A matrix for each pair of classes and each row is too much for many classes.
    guard
      objective.model.classCount <= AffineMinimization.mostUnits
        || objective.likelihood.meanIsSoftmax
    else { return OptimalityGap(solution: solution, gapBound: nil) }
    let polished = objective.model.hasIntercept ? polish(solution, of: objective) : solution
    let square = range.reduce(0) {
      let slope = polished.gradient[$1] / objective.priorScales[$1 - range.lowerBound]
      return $0 + slope * slope
    }
    let bound = square / (2 * smallest / objective.totalWeight)
    return OptimalityGap(solution: polished, gapBound: bound.isFinite ? bound : nil)
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
    let prepared = prepare(point)
    let masses = classes > AffineMinimization.mostUnits ? rowMasses : []
    var result = threads.reduce(tree, from: SymmetricMatrix(dimension: classes)) {
      sum, places in
      for index in blocks[places] { addInterceptCurvature(index, prepared, masses, to: &sum) }
    }
    for index in result.elements.indices { result.elements[index] /= totalWeight }
    let shift = result.diagonal.reduce(0, +) / Double(classes * classes)
    for index in result.elements.indices { result.elements[index] += shift }
    return result
  }

  /// Adds what one block contributes. Of many classes the likelihood's mean is the softmax: its
  /// curvature is the covariance of that, which needs no unit for each pair.
  private func addInterceptCurvature(
    _ index: Int, _ point: Prepared, _ masses: [Double], to sum: inout SymmetricMatrix
  ) {
    let block = features.block(index)
    let rows = block.rows
    if model.classCount > AffineMinimization.mostUnits {
      var tile = makeTile()
      var workspace: Void = model.makeWorkspace()
      computeUnits(of: block, at: point, into: &tile, using: &workspace)
      tile.softmaxInPlace(examples: rows.count)
      tile.addSoftmaxCovariance(rows: rows, weights: masses, totals: nil, to: &sum)
      return
    }
    let pairs = pairTile(.solver, ofBlock: index, at: point)
    for row in 0..<model.classCount {
      for column in 0...row {
        sum[row, column] += pairs.sum(ofUnit: row * (row + 1) / 2 + column, examples: rows.count)
      }
    }
  }
}
