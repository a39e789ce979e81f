import SurprisalLinearAlgebra

/// A rule that proposes a descent direction at each iterate.
protocol DescentRule {
  associatedtype Target: DifferentiableObjective
  /// Curvature products or matrices used so far.
  var curvatureEvaluations: Int { get }
  /// The direction at an iterate.
  mutating func direction(at iterate: Iterate, of objective: Target) -> DescentDirection
  /// Updates the rule with an accepted step and the change of the gradient over it.
  mutating func learn(step: [Double], gradientChange: [Double])
}

/// A direction, the first trial step, and the Newton decrement if the rule computes it.
struct DescentDirection {
  var vector: [Double]
  var firstStep = 1.0
  var squaredDecrement: Double?
  /// Whether the vector solves the Newton equations. One more step along it is then taken even if
  /// the stopping rule is already met.
  var isNewtonStep = false
  /// Whether the curvature along the vector is negative; the iterate is then not a minimum.
  var leavesSaddle = false
}

/// The common loop of all descent methods: direction, stopping rule, line search, observation.
struct DescentLoop {
  var stopping: StoppingRule
  var lineSearch = LineSearch()

  func run<Rule: DescentRule>(
    _ rule: Rule, on objective: Rule.Target, from start: [Double], observing observer: Observer?,
    visiting visit: ((SolverProgress, [Double]) -> Bool)? = nil
  ) -> Solution {
    var rule = rule
    var run = Run(iterate: Iterate(of: objective, at: start))
    guard run.iterate.isFinite else { return run.solution(.notFinite, rule) }
    while true {
      let norm = run.iterate.gradient.infinityNorm
      if norm == 0 { return run.solution(.converged, rule) }
      let direction = rule.direction(at: run.iterate, of: objective)
      run.squaredDecrement = direction.squaredDecrement
      if isStationary(run, norm: norm), !direction.leavesSaddle {
        if takeWholeStep(&run, along: direction, of: objective, learning: &rule),
          Self.longSteps.contains(run.lastStep.infinityNorm)
        {
          continue
        }
        return run.solution(.converged, rule)
      }
      if run.iterations >= stopping.maximumIterations {
        return run.solution(.iterationLimit, rule)
      }
      guard
        step(&run, along: direction, of: objective, learning: &rule)
          || takeWholeStep(&run, along: direction, of: objective, learning: &rule)
      else {
        return run.solution(stopping.accepts(gradientNorm: norm) ? .converged : .noProgress, rule)
      }
      if let observer, !observer(run.progress) { return run.solution(.cancelled, rule) }
      if let visit, !visit(run.progress, run.iterate.point) {
        return run.solution(.cancelled, rule)
      }
    }
  }

  private func isStationary(_ run: Run, norm: Double) -> Bool {
    guard stopping.accepts(gradientNorm: norm) else { return false }
    guard let decrement = run.squaredDecrement else { return true }
    return stopping.accepts(squaredDecrement: decrement, value: run.iterate.value)
  }

  /// The Newton steps after which another one follows: one of length s leaves an error of about s²,
  /// in coordinates whose unit changes log odds by about 1. If all probabilities of a fit are near
  /// 0 or 1, gradient and decrement are small before s is. Longer steps do not converge: the
  /// parameters tend to infinity.
  private static let longSteps = 1e-4...0.1

  /// Takes a full Newton step if it halves the gradient; false if not.
  ///
  /// This has two uses. When the stopping rule is met, one more step squares the distance from the
  /// optimum for a single evaluation: the tolerance bounds the error of the objective, and the
  /// error of coefficients is of the order of its square root. And if values differ by less than
  /// rounding, so that a line search cannot compare them, the gradient can still decrease.
  private func takeWholeStep<Rule: DescentRule>(
    _ run: inout Run, along direction: DescentDirection, of objective: Rule.Target,
    learning rule: inout Rule
  ) -> Bool {
    guard direction.isNewtonStep, run.iterations < stopping.maximumIterations else { return false }
    var point = run.iterate.point
    point.add(1, times: direction.vector)
    let next = Iterate(of: objective, at: point)
    run.evaluations += 1
    let noise = 1e-14 * max(1, run.iterate.value.magnitude)
    guard next.isFinite, next.value <= run.iterate.value + noise,
      next.gradient.infinityNorm <= run.iterate.gradient.infinityNorm / 2
    else { return false }
    accept(next, in: &run, learning: &rule)
    return true
  }

  /// Takes one step; false if the line search found no lower value.
  private func step<Rule: DescentRule>(
    _ run: inout Run, along direction: DescentDirection, of objective: Rule.Target,
    learning rule: inout Rule
  ) -> Bool {
    let outcome = lineSearch.search(
      objective, from: run.iterate, along: direction.vector, step: direction.firstStep)
    run.evaluations += outcome.evaluations
    guard let next = outcome.iterate else { return false }
    accept(next, in: &run, learning: &rule)
    return true
  }

  private func accept<Rule: DescentRule>(
    _ next: Iterate, in run: inout Run, learning rule: inout Rule
  ) {
    var step = next.point
    step.add(-1, times: run.iterate.point)
    var change = next.gradient
    change.add(-1, times: run.iterate.gradient)
    rule.learn(step: step, gradientChange: change)
    run.lastStep = step
    run.iterate = next
    run.iterations += 1
  }

  /// The state of the loop between steps.
  private struct Run {
    var iterate: Iterate
    var iterations = 0
    var evaluations = 1
    var squaredDecrement: Double?
    var lastStep: [Double] = []

    init(iterate: Iterate) { self.iterate = iterate }

    var progress: SolverProgress {
      SolverProgress(
        iteration: iterations, value: iterate.value,
        gradientNorm: iterate.gradient.infinityNorm, evaluations: evaluations)
    }

    func solution(_ termination: Termination, _ rule: some DescentRule) -> Solution {
      Solution(
        point: iterate.point, value: iterate.value, gradient: iterate.gradient,
        gradientNorm: iterate.gradient.infinityNorm, squaredDecrement: squaredDecrement,
        termination: termination, iterations: iterations, evaluations: evaluations,
        curvatureEvaluations: rule.curvatureEvaluations, lastStep: lastStep)
    }
  }
}
