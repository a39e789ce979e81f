import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// Runs the solver of a network and collects the outcome.
struct NetworkTraining<L: Likelihood, P: Prior> {
  let problem: NetworkProblem<L>
  let objective: NetworkObjective<L, P>
  let held: HeldRows<L, P>?
  let training: TrainingOptions
  let options: FitOptions
  /// The index of the member in an ensemble, and the number of members.
  let member: (index: Int, count: Int)

  /// The work that this training repeats on other rows; nil for an ordinary training.
  var repetition: TrainingRepetition?

  /// The result of training.
  struct Outcome {
    var solution: Solution
    var state: StochasticState?
    var solver: String
    /// The work to repeat on other rows to reach the best parameters; nil if the start is best.
    var repetition: TrainingRepetition?
    /// The mean divergence of all folds, each held out in turn; nil without further folds.
    var divergence: Double?
  }

  func run(
    resuming state: StochasticState?, observing observer: TrainingObserver?
  ) throws(DatasetError) -> Outcome {
    let weights = objective.model.weights
    switch training.method {
    case .lbfgs: return runOnAllRows(observer)
    case .adamW:
      return try run(AdamW(decay: training.decay, decayed: weights), resuming: state, observer)
    case .sgd:
      return try run(
        NesterovDescent(decay: training.decay, decayed: weights), resuming: state, observer)
    }
  }

  private func run(
    _ rule: some StepRule, resuming state: StochasticState?, _ observer: TrainingObserver?
  ) throws(DatasetError) -> Outcome {
    let batches = BatchObjective(
      objective, labels: problem.data.labels, rowWeights: problem.data.rowWeights,
      batchSize: training.batchSize, seed: options.seed)
    var replay: RateReplay?
    if case .rates(let rates) = repetition { replay = rates }
    let plateau = replay == nil ? training.plateau(batchCount: batches.batchCount) : nil
    let passes = replay.map { ($0.stepCount + batches.batchCount - 1) / batches.batchCount }
    let descent = StochasticDescent(
      epochs: passes ?? training.epochs,
      learningRate: training.rate(batchCount: batches.batchCount),
      clipping: training.clipping, patience: training.patience,
      plateau: plateau, replay: replay, threads: options.threads)
    let start = StochasticState(start: problem.start(seed: options.seed), rule: rule)
    if let state { try require(state, fits: start, batchCount: batches.batchCount) }
    let atStart = held?.summary(at: start.point)
    let measure = held.map { HeldMeasure($0.data.labels.kind) }
    func progress(_ state: StochasticState, _ divergence: Divergence? = nil) -> TrainingProgress {
      TrainingProgress(
        history: state.history, epochs: training.epochs,
        validationEntropy: measure == .divergence ? atStart?.labelEntropy : nil, member: member,
        state: state,
        divergence: divergence)
    }
    let outcome = descent.minimize(
      batches, with: rule, from: state ?? start, startScore: atStart?.divergence
    ) { pass, point in
      (-pass.logLikelihood / pass.weight, held?.summary(at: point).divergence)
    } observing: { state in
      observer?(progress(state)) ?? true
    }
    if let divergence = outcome.divergence { _ = observer?(progress(outcome.state, divergence)) }
    return Outcome(
      solution: outcome.solution(on: objective), state: outcome.state, solver: rule.name,
      repetition: .init(of: outcome.state, plateau, stepsPerPass: batches.batchCount))
  }

  /// Throws `.rowMismatch` if a state does not belong to this training.
  private func require(
    _ state: StochasticState, fits start: StochasticState, batchCount: Int
  ) throws(DatasetError) {
    let counts = [
      ("parameters", start.point.count, state.point.count),
      ("vectors of memory", start.memory.count, state.memory.count),
      ("steps", state.history.count * batchCount, state.stepCount),
    ]
    let lengths = (state.memory + [state.best ?? state.point]).map {
      ("numbers of a vector", start.point.count, $0.count)
    }
    for (what, expected, found) in counts + lengths where expected != found {
      throw .rowMismatch(
        what: "\(what) of the state that training goes on from", expected: expected, found: found)
    }
  }

  private func runOnAllRows(_ observer: TrainingObserver?) -> Outcome {
    var stopping = options.stopping
    if case .iterations(let count) = repetition { stopping.maximumIterations = count }
    let (limit, member) = (stopping.maximumIterations, member)
    let solution = LBFGS(stopping: stopping).minimize(
      objective, from: problem.start(seed: options.seed)
    ) { step in
      let record = EpochRecord(
        epoch: step.iteration, value: step.value, loss: step.value, score: nil, rate: 0)
      let progress = TrainingProgress(
        history: [record], epochs: limit, validationEntropy: nil, member: member, state: nil,
        divergence: nil)
      return observer?(progress) ?? true
    }
    return Outcome(solution: solution, state: nil, solver: "lbfgs")
  }
}

/// A trained network, with the inputs for training it again.
struct TrainedNetwork<L: Likelihood, P: Prior> {
  let fit: Fit<PerceptronLogits, L, P>
  let repetition: TrainingRepetition?
  /// The mean divergence of the held-out rows; nil if there are none.
  let divergence: Double?
}
