import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// An objective with some coordinates fixed: a function of the others.
private struct HeldObjective<Base: ExplicitCurvatureObjective>: ExplicitCurvatureObjective {
  let base: Base
  /// The free coordinates.
  let free: [Int]
  /// The values of all coordinates; those of the free ones are replaced.
  let values: [Double]
  /// The information of the likelihood at a point, and its divisor.
  let information: @Sendable ([Double]) -> SymmetricMatrix
  let weight: Double
  /// Whether the curvature is that of the whole objective, by differences of its gradient: Fisher
  /// scoring quickly comes close to the minimum but converges slowly, or not at all.
  var isDifferenced = false

  var dimension: Int { free.count }

  func whole(_ point: [Double]) -> [Double] {
    var result = values
    for (position, value) in zip(free, point) { result[position] = value }
    return result
  }

  func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
    var slopes: [Double] = []
    let value = base.evaluate(at: whole(point), gradient: &slopes)
    gradient = value.isFinite ? free.map { slopes[$0] } : [Double](repeating: 0, count: free.count)
    return value
  }

  func curvature(at point: [Double]) -> SymmetricMatrix {
    if isDifferenced { return curvatureByDifferences(at: point) }
    var result = information(whole(point)).restricted(to: free)
    result.elements.scale(by: 1 / weight)
    return result
  }
}

extension Fit where M == LinearPredictor {
  /// The minimum of the objective, including Jeffreys' penalty, with fixed contrasts of weights:
  /// each is the weight of a class minus that of the reference class, for a column of the objective
  /// in its coordinates. nil if there is no convergence within the steps of the fit.
  ///
  /// The weights and the intercept of the reference class are zero, which a flat prior allows.
  package func minimum(
    holding held: [(class: Int, column: Int, value: Double)], reference: Int, from start: [Double]
  ) -> Solution? {
    var values = [Double](repeating: 0, count: objective.dimension)
    var isHeld = Set<Int>()
    for contrast in held {
      let position = objective.model.weight(class: contrast.class, feature: contrast.column)
      values[position] = contrast.value
      isHeld.insert(position)
    }
    let free = objective.freePositions(reference: reference).filter { !isHeld.contains($0) }
    let objective = objective
    var stopping = options.stopping
    // The loss has twice as many correct digits as the gradient.
    stopping.tolerance = max(stopping.tolerance, 1e-8)
    func run<Base: ExplicitCurvatureObjective>(_ base: Base, _ kind: Information) -> Solution {
      var held = HeldObjective(
        base: base, free: free, values: values,
        information: { objective.information(kind, at: $0) }, weight: objective.totalWeight)
      var near = stopping
      near.maximumIterations = min(near.maximumIterations, 50)
      if kind == .expected { near.tolerance = max(near.tolerance, 1e-5) }
      var solution = NewtonCholesky(stopping: near).minimize(held, from: free.map { start[$0] })
      if kind == .expected {
        held.isDifferenced = true
        solution = NewtonCholesky(stopping: stopping).minimize(held, from: solution.point)
      }
      solution.point = held.whole(solution.point)
      return solution
    }
    let solution =
      informationPenalty == .jeffreys
      ? run(JeffreysPosterior(plain: objective), .expected) : run(objective, .solver)
    // If rounding ends the search, the loss still has twice as many digits as the gradient.
    let isNear =
      solution.termination == .noProgress && solution.gradientNorm <= Self.nearGradient
    return solution.isConverged || isNear ? solution : nil
  }

  /// The largest gradient at which a search that rounding ended counts as one that converged.
  private static var nearGradient: Double { 1e-6 }

  /// The point of the fit minus the parameters of the reference class.
  package func pointAgainst(reference: Int) -> [Double] {
    let model = objective.model
    var result = solution.point
    for unit in 0..<model.classCount {
      for feature in 0..<model.featureCount {
        result[model.weight(class: unit, feature: feature)] -=
          solution.point[model.weight(class: reference, feature: feature)]
      }
      if model.hasIntercept {
        result[model.intercepts.lowerBound + unit] -=
          solution.point[model.intercepts.lowerBound + reference]
      }
    }
    return result
  }

  /// The objective with its penalty at the fit, without the constant of the user's scale.
  package func minimumValue() -> Double {
    var gradient: [Double] = []
    return informationPenalty == .jeffreys
      ? JeffreysPosterior(plain: objective).evaluate(at: solution.point, gradient: &gradient)
      : objective.evaluate(at: solution.point, gradient: &gradient)
  }
}
