import SurprisalLinearAlgebra

/// The result of a stochastic solver.
public struct StochasticSolution: Sendable {
  /// The final state.
  public var state: StochasticState
  /// The reason why it stopped.
  public var termination: Termination
  /// The place of a divergence, if there was one.
  public var divergence: Divergence?

  /// Creates a solution.
  public init(state: StochasticState, termination: Termination, divergence: Divergence? = nil) {
    self.state = state
    self.termination = termination
    self.divergence = divergence
  }

  /// The best point, or the last one if there are no scores.
  public var point: [Double] { state.best ?? state.point }

  /// The point evaluated on the whole objective; steps count as iterations and passes as
  /// evaluations.
  public func solution<O: DifferentiableObjective>(on objective: O) -> Solution {
    let iterate = Iterate(of: objective, at: point)
    return Solution(
      point: point, value: iterate.value, gradient: iterate.gradient,
      gradientNorm: iterate.gradient.infinityNorm, squaredDecrement: nil,
      termination: termination, iterations: state.stepCount, evaluations: state.history.count,
      curvatureEvaluations: 0, lastStep: [])
  }
}

/// The batch in which the objective diverged.
public struct Divergence: Error, Sendable, Equatable {
  /// The pass, counted from 1.
  public var epoch: Int
  /// The batch of the pass, counted from 1; the last one if it was detected at the end of the pass.
  public var batch: Int
  /// The value of the objective, or the quantity that was NaN; often not finite.
  public var value: Double
}
