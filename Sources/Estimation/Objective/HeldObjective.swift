import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// An objective of which some coordinates are held: a function of the others.
private struct HeldObjective<Base: ExplicitCurvatureObjective>: ExplicitCurvatureObjective {
  let base: Base
  /// The coordinates that are free.
  let free: [Int]
  /// The values of all coordinates; those of the free ones are replaced.
  let values: [Double]
  /// The information of the likelihood at a point, and what it is divided by.
  let information: @Sendable ([Double]) -> SymmetricMatrix
  let weight: Double
  /// Whether the curvature is that of the whole objective, by differences of its gradient: Fisher
  /// scoring comes near soon and closes slowly, or not at all.
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
  /// The minimum of the objective, Jeffreys' penalty included, with contrasts of weights held: each
  /// the weight of a class less that of the reference class, of a column of the objective in its
  /// coordinates. Nil if there is no minimum within the steps of the fit.
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
    // The loss has twice the digits of the gradient.
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
    return solution.isConverged ? solution : nil
  }

  /// The point of the fit with the parameters of the reference class taken off all classes.
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
