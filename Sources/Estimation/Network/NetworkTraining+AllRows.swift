import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The work of a training, to be repeated on other rows.
enum TrainingRepetition: Sendable {
  /// Steps in batches at the rates of the passes that led to the best parameters, the last of them
  /// cooled.
  case rates(RateReplay)
  /// Iterations of L-BFGS.
  case iterations(Int)

  /// The number of steps.
  var stepCount: Int {
    switch self {
    case .rates(let replay): replay.stepCount
    case .iterations(let count): count
    }
  }

  /// The work that led to the best parameters of a state; nil if there are none, or if they are the
  /// start.
  init?(of state: StochasticState, _ plateau: Plateau?, stepsPerPass: Int) {
    guard let best = state.bestEpoch, best > 0 else { return nil }
    let scores = state.history.map { $0.score ?? $0.loss }
    let path =
      plateau?.path(to: best, scores: scores, start: state.startScore) ?? Array(0..<best)
    let replay = RateReplay(
      rates: path.map { state.history[$0].rate }, stepsPerPass: stepsPerPass)
    self = .rates(replay.cooled(passes: Self.cooledPasses))
  }

  /// The number of passes of the repetition whose rates fall to zero. The parameters to be reached
  /// were the best of several passes, but a repetition ends where it ends: at a constant rate that
  /// is a random point around the optimum.
  private static let cooledPasses = 10
}

extension NetworkTraining {
  /// The largest product of rows and parameters for which L-BFGS is tried too. Up to this an
  /// iteration costs little more than a step in batches, and L-BFGS reaches a lower divergence for
  /// few features (ring, spirals); for a hundred features and more it overfits before it gets any
  /// better.
  static var mostForAllRows: Int { 5_000_000 }
  /// The most iterations, and the number without a smaller divergence after which it ends.
  private static var mostIterations: Int { 2000 }
  private static var patience: Int { 60 }

  /// Whether L-BFGS is tried besides this outcome of training in batches.
  func triesAllRows(beside outcome: Outcome) -> Bool {
    guard training.triesAllRows, held != nil, objective.model.network.dropout == 0 else {
      return false
    }
    if case .cancelled = outcome.solution.termination { return false }
    let size = problem.data.labels.rowCount.multipliedSaturating(by: objective.dimension)
    return size <= Self.mostForAllRows
  }

  /// L-BFGS over all rows to train on: returns the iterate, or start, with the smallest divergence
  /// on the held-out rows, or the iterate after `count` iterations. `continuing` is called after
  /// each iteration.
  func bestOnAllRows(upTo count: Int? = nil, continuing: @escaping () -> Bool) -> Outcome {
    let start = problem.start(seed: options.seed)
    var state = StochasticState(point: start, memory: [])
    let startScore = held?.summary(at: start).divergence
    (state.best, state.bestEpoch, state.startScore) = (start, 0, startScore)
    var isStopped = false
    var stopping = options.stopping
    stopping.maximumIterations = count ?? Self.mostIterations
    let solution = LBFGS(stopping: stopping).minimize(
      objective, from: start,
      visiting: { step, point in
        let score = held?.summary(at: point).divergence
        let isBest = count != nil || score.map { $0 < state.bestScore ?? .infinity } ?? false
        state.history.append(
          EpochRecord(
            epoch: step.iteration, value: step.value, loss: step.value, score: score, rate: 0))
        if isBest { (state.best, state.bestEpoch) = (point, step.iteration) }
        isStopped = !continuing()
        let isOver = count == nil && step.iteration - (state.bestEpoch ?? 0) >= Self.patience
        return !isStopped && !isOver
      })
    state.stepCount = solution.iterations
    let isUnfinished = count == nil && solution.termination == .iterationLimit
    let end: Termination =
      isStopped ? .cancelled : isUnfinished ? .stepsDone : .earlyStopping
    var result = StochasticSolution(state: state, termination: end).solution(on: objective)
    result.evaluations += solution.evaluations
    let best = count ?? state.bestEpoch ?? 0
    return Outcome(
      solution: result, state: state, solver: "lbfgs",
      repetition: best > 0 ? .iterations(best) : nil)
  }

  /// The number of iterations with the smallest mean divergence over all folds, each predicted by
  /// L-BFGS on the others, and that mean; a fold that ended early keeps its last divergence.
  static func iterations(
    of folds: [(run: NetworkTraining, outcome: Outcome)]
  ) -> (count: Int, divergence: Double) {
    let curves = folds.compactMap { fold -> (scores: [Double], weight: Double)? in
      guard let state = fold.outcome.state, let held = fold.run.held else { return nil }
      let scores = [state.startScore ?? .infinity] + state.history.map { $0.score ?? .infinity }
      return (scores, held.objective.totalWeight)
    }
    let sums = (0..<(curves.map(\.scores.count).max() ?? 1)).map { index in
      curves.reduce(0) { $0 + $1.weight * $1.scores[min(index, $1.scores.count - 1)] }
    }
    let count = sums.indices.reduce(0) { sums[$1] < sums[$0] ? $1 : $0 }
    return (count, sums[count] / curves.reduce(0) { $0 + $1.weight })
  }
}
