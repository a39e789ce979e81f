import SurprisalLinearAlgebra

/// The one loop of stochastic solvers: passes over the data in batches, a score after each, the best
/// point kept.
public struct StochasticDescent: Sendable {
  /// The most passes over the data.
  public var epochs: Int
  public var learningRate: LearningRate
  /// Gradients longer than this are shortened to it; nil for no bound.
  public var clipping: Double?
  /// Passes without a better score after which it stops; nil for never.
  public var patience: Int?
  /// How many threads share the steps.
  public var threads: ThreadCount

  /// How many times the objective may exceed what it was at the start, or 1 if that was less,
  /// before the run counts as diverged.
  private static let explosion = 10.0

  /// A loop.
  public init(
    epochs: Int = 30, learningRate: LearningRate = LearningRate(1e-3), clipping: Double? = nil,
    patience: Int? = nil, threads: ThreadCount = .one
  ) {
    precondition(epochs >= 0)
    self.epochs = epochs
    self.learningRate = learningRate
    self.clipping = clipping
    self.patience = patience
    self.threads = threads
  }

  /// Runs until the passes are used up, the score stops falling, the objective explodes or the
  /// observer says so.
  ///
  /// `assess` says after each pass what the data came to and, where data are held out, how bad the
  /// point is on them. The outcome's point is the best one where there are scores; the last one
  /// otherwise; and after a divergence the best, or that before the pass in which it happened.
  public func minimize<O: StochasticObjective, R: StepRule>(
    _ objective: O, with rule: R, from start: StochasticState,
    assessing assess: (O.Pass, [Double]) -> (loss: Double, score: Double?),
    observing observer: (StochasticState) -> Bool = { _ in true }
  ) -> StochasticSolution {
    var state = start
    while state.history.count < epochs {
      if hasStalled(state) { return solution(state, .earlyStopping) }
      let before = state.point
      guard let record = run(objective, rule, &state, assess) else {
        state.point = before
        return solution(state, .diverged)
      }
      note(record, in: &state)
      guard observer(state) else { return solution(state, .cancelled) }
    }
    return solution(state, hasStalled(state) ? .earlyStopping : .epochsDone)
  }

  /// One pass; nil if it diverged.
  private func run<O: StochasticObjective, R: StepRule>(
    _ objective: O, _ rule: R, _ state: inout StochasticState,
    _ assess: (O.Pass, [Double]) -> (loss: Double, score: Double?)
  ) -> EpochRecord? {
    let total = objective.batchCount * epochs
    var pass = objective.pass(state.history.count)
    var gradient = [Double](repeating: 0, count: objective.dimension)
    var (sum, rate) = (0.0, 0.0)
    for batch in 0..<objective.batchCount {
      let value = objective.evaluate(
        batch: batch, of: &pass, step: state.stepCount, at: state.point, gradient: &gradient)
      let first = state.firstValue ?? value
      guard value.isFinite, value <= Self.explosion * max(first, 1), clip(&gradient) else {
        return nil
      }
      state.firstValue = first
      rate = learningRate.rate(step: state.stepCount, of: total)
      state.stepCount += 1
      rule.step(
        &state.point, gradient: gradient, memory: &state.memory, number: state.stepCount,
        rate: rate, threads: threads)
      sum += value
    }
    guard state.point.isFinite else { return nil }
    let (loss, score) = assess(pass, state.point)
    guard loss.isFinite, score?.isFinite ?? true else { return nil }
    return EpochRecord(
      epoch: state.history.count + 1, value: sum / Double(objective.batchCount), loss: loss,
      score: score, rate: rate)
  }

  /// False if the gradient has no length.
  private func clip(_ gradient: inout [Double]) -> Bool {
    guard let clipping else { return true }
    let norm = gradient.euclideanNorm
    guard norm.isFinite else { return false }
    if norm > clipping { gradient.scale(by: clipping / norm) }
    return true
  }

  private func note(_ record: EpochRecord, in state: inout StochasticState) {
    let isBest = record.score.map { $0 < state.bestScore ?? .infinity } ?? false
    state.history.append(record)
    guard isBest else { return }
    state.best = state.point
    state.bestEpoch = record.epoch
  }

  private func hasStalled(_ state: StochasticState) -> Bool {
    guard let patience, let best = state.bestEpoch else { return false }
    return state.history.count - best >= patience
  }

  private func solution(
    _ state: StochasticState, _ termination: Termination
  ) -> StochasticSolution {
    StochasticSolution(state: state, termination: termination)
  }
}

/// Where a stochastic solver stopped, and why.
public struct StochasticSolution: Sendable {
  /// What it carried at the end.
  public var state: StochasticState
  /// Why it stopped.
  public var termination: Termination

  /// The best point, or the last where nothing was scored.
  public var point: [Double] { state.best ?? state.point }

  /// The point on the whole objective, with value and gradient there; steps are iterations and passes
  /// are evaluations.
  public func solution<O: DifferentiableObjective>(on objective: O) -> Solution {
    let iterate = Iterate(of: objective, at: point)
    return Solution(
      point: point, value: iterate.value, gradient: iterate.gradient,
      gradientNorm: iterate.gradient.infinityNorm, squaredDecrement: nil,
      termination: termination, iterations: state.stepCount, evaluations: state.history.count,
      curvatureEvaluations: 0, lastStep: [])
  }
}
