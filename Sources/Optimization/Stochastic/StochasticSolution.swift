import SurprisalLinearAlgebra

/// Where a stochastic solver stopped, and why.
public struct StochasticSolution: Sendable {
  /// What it carried at the end.
  public var state: StochasticState
  /// Why it stopped.
  public var termination: Termination
  /// Where it diverged, if it did.
  public var divergence: Divergence?

  /// A solution of its parts.
  public init(state: StochasticState, termination: Termination, divergence: Divergence? = nil) {
    self.state = state
    self.termination = termination
    self.divergence = divergence
  }

  /// The best point, or the last where nothing was scored.
  public var point: [Double] { state.best ?? state.point }

  /// The point on the whole objective, with value and gradient there; steps are iterations and
  /// passes are evaluations.
  public func solution<O: DifferentiableObjective>(on objective: O) -> Solution {
    let iterate = Iterate(of: objective, at: point)
    return Solution(
      point: point, value: iterate.value, gradient: iterate.gradient,
      gradientNorm: iterate.gradient.infinityNorm, squaredDecrement: nil,
      termination: termination, iterations: state.stepCount, evaluations: state.history.count,
      curvatureEvaluations: 0, lastStep: [])
  }
}

/// Where in its data a run left the numbers.
public struct Divergence: Error, Sendable, Equatable {
  /// The pass, counted from 1.
  public var epoch: Int
  /// The batch of the pass, counted from 1; the last for what showed at the end of the pass.
  public var batch: Int
  /// What the objective was there, or what was no number: often not finite.
  public var value: Double

  /// A divergence of its parts.
  public init(epoch: Int, batch: Int, value: Double) {
    self.epoch = epoch
    self.batch = batch
    self.value = value
  }
}
