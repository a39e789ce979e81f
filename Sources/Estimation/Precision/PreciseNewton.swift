import SurprisalLinearAlgebra
import SurprisalOptimization

/// The last steps of Newton's method in double-double arithmetic, for a fit that has too few
/// correct digits in double precision.
struct PreciseNewton {
  /// The most steps: near a minimum each doubles the digits.
  private static let mostSteps = 40
  /// The largest change of a logit in the last step. If the curvature is constant over the step
  /// there is a minimum, and the decrement gives the distance from it; if the minimum is at
  /// infinity, or far off, the step stays about one.
  private static let mostChange = 1e-6

  let objective: PreciseObjective
  /// The free parameters; the others keep their values.
  let free: [Int]
  let stopping: StoppingRule

  /// The solution from a start near it; nil if it was not reached, or if the curvature is singular
  /// in this arithmetic too. Its decrement is that at its own point, which is rounded to doubles.
  func refine(_ start: Solution) -> Solution? {
    var point = start.point.map { DoubleDouble($0) }
    var steps = 0
    while true {
      let current = objective.expand(at: point, over: free)
      guard let step = newtonStep(current) else { return nil }
      let isNear = objective.largestChange(along: step.vector, over: free) <= Self.mostChange
      if isNear, step.decrement <= 1e-26 * max(1, current.value.high) { break }
      guard steps < Self.mostSteps else { return nil }
      guard let next = descend(from: point, current, along: step) else {
        guard isNear else { return nil }
        break
      }
      point = next
      steps += 1
    }
    objective.settleShifts(of: &point)
    var result = start
    result.point = point.map(\.high)
    let rounded = result.point.map { DoubleDouble($0) }
    let final = objective.expand(at: rounded, over: free)
    guard let step = newtonStep(final) else { return nil }
    let weight = objective.totalWeight
    result.value = final.value.high / weight
    result.gradient = objective.expand(
      at: rounded, over: Array(result.point.indices), withCurvature: false
    ).gradient.map { $0.high / weight }
    result.gradientNorm = result.gradient.infinityNorm
    // Below this, double-doubles have no digits of the sum either.
    result.squaredDecrement = max(step.decrement, 0) / weight + 1e-30 * max(1, result.value)
    result.iterations += steps
    result.evaluations += steps + 1
    result.curvatureEvaluations += steps + 1
    guard result.value.isFinite, stopping.accepts(gradientNorm: result.gradientNorm),
      result.squaredDecrement.map({
        stopping.accepts(squaredDecrement: $0, value: result.value)
      }) ?? false
    else { return nil }
    result.termination = .converged
    return result
  }

  private struct Step {
    let vector: [DoubleDouble]
    /// gᵀ H⁻¹ g.
    let decrement: Double
  }

  private func newtonStep(_ expansion: PreciseObjective.Expansion) -> Step? {
    guard let factor = PreciseCholesky(expansion.curvature, dimension: free.count) else {
      return nil
    }
    let vector = factor.solve(expansion.gradient)
    let decrement = DoubleDouble.dot(expansion.gradient, vector).high
    return decrement.isFinite ? Step(vector: vector, decrement: decrement) : nil
  }

  /// Halves the step until the objective decreases by a fraction of the predicted decrease; nil if
  /// it does not. Takes the whole step if the decrease is comparable with the rounding of values.
  private func descend(
    from point: [DoubleDouble], _ current: PreciseObjective.Expansion, along step: Step
  ) -> [DoubleDouble]? {
    var length = 1.0
    for _ in 0..<60 {
      var next = point
      for (place, position) in free.enumerated() {
        next[position] = next[position] - DoubleDouble(length) * step.vector[place]
      }
      let value = objective.expand(at: next, over: free, withCurvature: false).value
      let isRounding = step.decrement <= 1e-18 * max(1, current.value.high)
      if isRounding || (current.value - value).high >= 1e-4 * length * step.decrement {
        return next
      }
      length /= 2
    }
    return nil
  }
}
