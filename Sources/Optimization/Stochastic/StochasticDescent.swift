import SurprisalLinearAlgebra

/// The one loop of stochastic solvers: passes over the data in batches, a score after each, the
/// best point kept.
public struct StochasticDescent: Sendable {
  /// The most passes over the data.
  public var epochs: Int
  public var learningRate: LearningRate
  /// Gradients longer than this are shortened to it; nil for no bound.
  public var clipping: Double?
  /// Passes without a better score after which it stops; nil for never.
  public var patience: Int?
  /// How many threads share the steps.
  public var threads: any Reducer

  /// How many times the objective may exceed what it was at the start, or 1 if that was less,
  /// before the run counts as diverged.
  private static let explosion = 10.0

  /// A loop.
  public init(
    epochs: Int = 30, learningRate: LearningRate = LearningRate(1e-3), clipping: Double? = nil,
    patience: Int? = nil, threads: any Reducer = .one
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
  /// point is on them; `startScore` how bad the start of a new run is. The outcome's point is the
  /// best one where there are scores, the start among them; the last one otherwise; and after a
  /// divergence the best, or that before the pass in which it happened.
  ///
  /// The observer sees the state after each pass, and before the first.
  public func minimize<O: StochasticObjective, R: StepRule>(
    _ objective: O, with rule: R, from start: StochasticState, startScore: Double? = nil,
    assessing assess: (O.Pass, [Double]) -> (loss: Double, score: Double?),
    observing observer: (StochasticState) -> Bool = { _ in true }
  ) -> StochasticSolution {
    var state = start
    state.offerStart(score: startScore)
    guard observer(state) else { return solution(state, .cancelled) }
    while state.history.count < epochs {
      if hasStalled(state) { return solution(state, .earlyStopping) }
      let before = state.point
      switch run(objective, rule, &state, assess) {
      case .success(let record): note(record, in: &state)
      case .failure(let divergence):
        state.point = before
        return StochasticSolution(state: state, termination: .diverged, divergence: divergence)
      }
      guard observer(state) else { return solution(state, .cancelled) }
    }
    return solution(state, hasStalled(state) ? .earlyStopping : .epochsDone)
  }

  /// One pass.
  private func run<O: StochasticObjective, R: StepRule>(
    _ objective: O, _ rule: R, _ state: inout StochasticState,
    _ assess: (O.Pass, [Double]) -> (loss: Double, score: Double?)
  ) -> Result<EpochRecord, Divergence> {
    let (epoch, total) = (state.history.count + 1, objective.batchCount * epochs)
    var pass = objective.pass(state.history.count)
    var gradient = [Double](repeating: 0, count: objective.dimension)
    var (sum, rate) = (0.0, 0.0)
    for batch in 0..<objective.batchCount {
      let value = objective.evaluate(
        batch: batch, of: &pass, step: state.stepCount, at: state.point, gradient: &gradient)
      let first = state.firstValue ?? value
      guard value.isFinite, value <= Self.explosion * max(first, 1), clip(&gradient) else {
        return .failure(Divergence(epoch: epoch, batch: batch + 1, value: value))
      }
      state.firstValue = first
      rate = learningRate.rate(step: state.stepCount, of: total)
      state.stepCount += 1
      rule.step(
        &state.point, gradient: gradient, memory: &state.memory, number: state.stepCount,
        rate: rate, threads: threads)
      sum += value
    }
    var end = Divergence(epoch: epoch, batch: objective.batchCount, value: .nan)
    guard state.point.isFinite else { return .failure(end) }
    let (loss, score) = assess(pass, state.point)
    if let bad = [loss, score ?? 0].first(where: { !$0.isFinite }) {
      end.value = bad
      return .failure(end)
    }
    return .success(
      EpochRecord(
        epoch: epoch, value: sum / Double(objective.batchCount), loss: loss, score: score,
        rate: rate))
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
