import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// A training that is repeated on other rows.
enum TrainingRepetition: Sendable {
  /// Steps in batches at the rates of the passes that led to the best parameters.
  case rates(RateReplay)
  /// Iterations of L-BFGS.
  case iterations(Int)

  /// How many steps it has.
  var stepCount: Int {
    switch self {
    case .rates(let replay): replay.stepCount
    case .iterations(let count): count
    }
  }

  /// What led to the best parameters of a state; nil if there are none, or if they are the start.
  init?(of state: StochasticState, _ plateau: Plateau?, stepsPerPass: Int) {
    guard let best = state.bestEpoch, best > 0 else { return nil }
    let scores = state.history.map { $0.score ?? $0.loss }
    let path =
      plateau?.path(to: best, scores: scores, start: state.startScore) ?? Array(0..<best)
    self = .rates(
      RateReplay(rates: path.map { state.history[$0].rate }, stepsPerPass: stepsPerPass))
  }
}

extension NetworkTraining {
  /// The most rows times parameters with which L-BFGS is tried too. Up to here an iteration costs
  /// little more than a step in batches, and on problems of few features it gets further (ring,
  /// spirals); on wide ones (a hundred features and more) it overfits before it is any better.
  static var mostForAllRows: Int { 5_000_000 }
  /// The most iterations, and those without a smaller divergence after which it ends.
  private static var mostIterations: Int { 2000 }
  private static var patience: Int { 60 }

  /// Whether L-BFGS is to be tried beside this outcome of training in batches.
  func triesAllRows(beside outcome: Outcome) -> Bool {
    guard training.triesAllRows, held != nil, objective.model.network.dropout == 0 else {
      return false
    }
    if case .cancelled = outcome.solution.termination { return false }
    let size = problem.data.labels.rowCount.multipliedSaturating(by: objective.dimension)
    return size <= Self.mostForAllRows
  }

  /// L-BFGS over all rows to train on: the iterate with the smallest divergence of the rows held
  /// out, the start among them. `continuing` is asked after each iteration.
  func bestOnAllRows(continuing: @escaping () -> Bool) -> Outcome {
    let start = problem.start(seed: options.seed)
    var state = StochasticState(point: start, memory: [])
    let startScore = held?.summary(at: start).divergence
    (state.best, state.bestEpoch, state.startScore) = (start, 0, startScore)
    var isStopped = false
    var stopping = options.stopping
    stopping.maximumIterations = Self.mostIterations
    let solution = LBFGS(stopping: stopping).minimize(
      objective, from: start,
      visiting: { step, point in
        let score = held?.summary(at: point).divergence
        let isBest = score.map { $0 < state.bestScore ?? .infinity } ?? false
        state.history.append(
          EpochRecord(
            epoch: step.iteration, value: step.value, loss: step.value, score: score, rate: 0))
        if isBest { (state.best, state.bestEpoch) = (point, step.iteration) }
        isStopped = !continuing()
        return !isStopped && step.iteration - (state.bestEpoch ?? 0) < Self.patience
      })
    state.stepCount = solution.iterations
    let isUnfinished = solution.termination == .iterationLimit
    let end: Termination =
      isStopped ? .cancelled : isUnfinished ? .stepsDone : .earlyStopping
    var result = StochasticSolution(state: state, termination: end).solution(on: objective)
    result.evaluations += solution.evaluations
    let best = state.bestEpoch ?? 0
    return Outcome(
      solution: result, state: state, solver: "lbfgs",
      repetition: best > 0 ? .iterations(best) : nil)
  }
}
