import SurprisalLinearAlgebra

/// A search along a descent direction for a step that satisfies the Wolfe conditions.
///
/// The interval [low, high] always contains such a step: at `low` the decrease is sufficient and
/// the slope still negative; at `high` the decrease is insufficient or the slope is positive. The
/// interval is reduced by the minimiser of a cubic, kept away from its ends. If values differ by no
/// more than rounding, only the slopes are used (Hager and Zhang, SIAM J. Optim. 16 (2005), the
/// approximate Wolfe conditions); without them a gradient of 1e-8 could not be reached.
struct LineSearch {
  /// The required decrease, relative to the decrease predicted by the slope at 0.
  var sufficientDecrease = 1e-4
  /// The largest absolute slope, relative to the slope at 0.
  var curvature = 0.9
  /// The number of evaluations after which the best point so far is accepted.
  var maximumEvaluations = 40

  /// A step with its value and slope.
  private struct Trial {
    var step: Double
    var value: Double
    var slope: Double
  }

  /// The interval, and value and slope at zero.
  private struct State {
    let origin: Trial
    let noise: Double
    var low: Trial
    var high: Trial?
  }

  /// The result of a search; the iterate is nil if no step decreased the objective.
  struct Outcome {
    var iterate: Iterate?
    var evaluations: Int
  }

  /// Searches from `start` along `direction`, first trying `step`.
  func search<O: DifferentiableObjective>(
    _ objective: O, from start: Iterate, along direction: [Double], step: Double
  ) -> Outcome {
    let origin = Trial(step: 0, value: start.value, slope: start.gradient.dot(direction))
    guard origin.slope < 0 else { return Outcome(iterate: nil, evaluations: 0) }
    var state = State(
      origin: origin, noise: 1e-15 * start.value.magnitude, low: origin, high: nil)
    var best: Iterate?
    var length = step
    for evaluation in 1...maximumEvaluations {
      var point = start.point
      point.add(length, times: direction)
      let iterate = Iterate(of: objective, at: point)
      let trial = Trial(
        step: length, value: iterate.isFinite ? iterate.value : .infinity,
        slope: iterate.isFinite ? iterate.gradient.dot(direction) : .infinity)
      if accepts(trial, in: state) { return Outcome(iterate: iterate, evaluations: evaluation) }
      if trial.value < (best?.value ?? start.value) { best = iterate }
      narrow(&state, with: trial)
      guard let next = nextStep(state), next != length else {
        return Outcome(iterate: best, evaluations: evaluation)
      }
      length = next
    }
    return Outcome(iterate: best, evaluations: maximumEvaluations)
  }

  private func decreases(_ trial: Trial, in state: State) -> Bool {
    let promised = sufficientDecrease * trial.step * state.origin.slope
    if trial.value <= state.origin.value + promised { return true }
    return (trial.value - state.origin.value).magnitude <= state.noise
      && trial.slope <= (2 * sufficientDecrease - 1) * state.origin.slope
  }

  private func accepts(_ trial: Trial, in state: State) -> Bool {
    decreases(trial, in: state) && trial.slope.magnitude <= curvature * state.origin.slope.magnitude
  }

  private func narrow(_ state: inout State, with trial: Trial) {
    if !decreases(trial, in: state) || trial.slope >= 0 {
      state.high = trial
    } else {
      state.low = trial
    }
  }

  /// Extrapolates while there is no upper end, then interpolates; nil if the interval is empty.
  private func nextStep(_ state: State) -> Double? {
    guard let high = state.high else {
      let next = state.low.step * 4
      return next.isFinite ? next : nil
    }
    let width = high.step - state.low.step
    guard width > 1e-16 * high.step else { return nil }
    guard high.value.isFinite, high.slope.isFinite else { return state.low.step + 0.1 * width }
    let share = Self.cubicMinimizer(state.low, high).map { ($0 - state.low.step) / width } ?? 0.5
    return state.low.step + min(max(share, 0.1), 0.9) * width
  }

  /// The minimiser of the cubic through both values and slopes.
  private static func cubicMinimizer(_ a: Trial, _ b: Trial) -> Double? {
    let width = b.step - a.step
    let first = a.slope + b.slope - 3 * (b.value - a.value) / width
    let discriminant = first * first - a.slope * b.slope
    guard discriminant >= 0 else { return nil }
    let second = discriminant.squareRoot()
    let result = b.step - width * (b.slope + second - first) / (b.slope - a.slope + 2 * second)
    return result.isFinite ? result : nil
  }
}
