import SurprisalLinearAlgebra

/// The common loop of stochastic solvers: passes over the data in batches, a score after each pass,
/// and the best point.
public struct StochasticDescent: Sendable {
  /// The maximum number of passes over the data.
  public var epochs: Int
  public var learningRate: LearningRate
  /// The maximum length of a gradient; longer ones are scaled to it. nil for no bound.
  public var clipping: Double?
  /// The number of passes without a better score after which the solver stops; nil for never.
  public var patience: Int?
  /// The rule by which the rate falls, for the schedule `.plateau`.
  public var plateau: Plateau?
  /// The rates of an earlier run, after which this one ends; nil to use `learningRate`.
  public var replay: RateReplay?
  /// The executor of steps.
  public var threads: any Reducer

  /// The run counts as diverged if the objective exceeds its value at the start, or 1 if that is
  /// larger, by this factor.
  private static let explosion = 10.0

  /// A loop. Precondition: `epochs` is not negative.
  public init(
    epochs: Int = 30, learningRate: LearningRate = LearningRate(1e-3), clipping: Double? = nil,
    patience: Int? = nil, plateau: Plateau? = nil, replay: RateReplay? = nil,
    threads: any Reducer = .one
  ) {
    precondition(epochs >= 0)
    self.epochs = epochs
    self.learningRate = learningRate
    self.clipping = clipping
    self.patience = patience
    self.plateau = plateau
    self.replay = replay
    self.threads = threads
  }

  /// Runs until the passes are used up, the score stops falling, the objective diverges or the
  /// observer returns false.
  ///
  /// `assess` returns after each pass the results on the data and, if data are held out, the score
  /// on them (lower is better); `startScore` is the score of the start of a new run. The point of
  /// the result is the best one, including the start, if there are scores; otherwise the last one.
  /// After a divergence it is the best point, or the one before the pass in which it happened.
  ///
  /// The observer receives the state after each pass, and before the first.
  public func minimize<O: StochasticObjective, R: StepRule>(
    _ objective: O, with rule: R, from start: StochasticState, startScore: Double? = nil,
    assessing assess: (O.Pass, [Double]) -> (loss: Double, score: Double?),
    observing observer: (StochasticState) -> Bool = { _ in true }
  ) -> StochasticSolution {
    var state = start
    state.offerStart(score: startScore)
    guard observer(state) else { return solution(state, .cancelled) }
    while state.history.count < epochs {
      if let end = end(state) { return solution(state, end) }
      let before = state.point
      let standing = standing(of: state)
      if standing.hasJustFallen, let best = state.best { state.point = best }
      let share = plateau?.share(cuts: standing.cuts) ?? 1
      switch run(objective, rule, &state, share, assess) {
      case .success(let record): note(record, in: &state)
      case .failure(let divergence):
        state.point = before
        return StochasticSolution(state: state, termination: .diverged, divergence: divergence)
      }
      guard observer(state) else { return solution(state, .cancelled) }
    }
    return solution(state, end(state) ?? (plateau == nil ? .epochsDone : .stepsDone))
  }

  /// One pass.
  private func run<O: StochasticObjective, R: StepRule>(
    _ objective: O, _ rule: R, _ state: inout StochasticState, _ share: Double,
    _ assess: (O.Pass, [Double]) -> (loss: Double, score: Double?)
  ) -> Result<EpochRecord, Divergence> {
    let (epoch, total) = (state.history.count + 1, objective.batchCount * epochs)
    var pass = objective.pass(state.history.count)
    var gradient = [Double](repeating: 0, count: objective.dimension)
    var (sum, rate) = (0.0, 0.0)
    var count = 0
    for batch in 0..<objective.batchCount {
      if let replay, state.stepCount >= replay.stepCount { break }
      let value = objective.evaluate(
        batch: batch, of: &pass, step: state.stepCount, at: state.point, gradient: &gradient)
      let first = state.firstValue ?? value
      guard value.isFinite, value <= Self.explosion * max(first, 1), clip(&gradient) else {
        return .failure(Divergence(epoch: epoch, batch: batch + 1, value: value))
      }
      state.firstValue = first
      rate = share * learningRate.rate(step: state.stepCount, of: total)
      if let replay { rate = min(rate, replay.rate(step: state.stepCount)) }
      count += 1
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
        epoch: epoch, value: sum / Double(max(count, 1)), loss: loss, score: score,
        rate: rate))
  }

  /// Shortens the gradient to the bound, if there is one; false if its length is then not finite.
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

  /// The reason for having no further pass; nil if there may be one.
  private func end(_ state: StochasticState) -> Termination? {
    if plateau != nil {
      guard standing(of: state).isOver else { return nil }
      return state.best == nil ? .lossSettled : .earlyStopping
    }
    guard let patience, let best = state.bestEpoch else { return nil }
    return state.history.count - best >= patience ? .earlyStopping : nil
  }

  /// The state by the scores, or by the losses of the passes if there are no scores.
  private func standing(of state: StochasticState) -> Plateau.Standing {
    plateau?.standing(
      scores: state.history.map { $0.score ?? $0.loss }, start: state.startScore)
      ?? Plateau.Standing()
  }

  private func solution(
    _ state: StochasticState, _ termination: Termination
  ) -> StochasticSolution {
    StochasticSolution(state: state, termination: termination)
  }
}
