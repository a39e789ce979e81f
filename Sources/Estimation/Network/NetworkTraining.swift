import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// Runs the solver of a network and says what came of it.
struct NetworkTraining<L: Likelihood, P: Prior> {
  let problem: NetworkProblem<L>
  let objective: NegativeLogPosterior<PerceptronLogits, L, P>
  let held: HeldRows<L, P>?
  let training: TrainingOptions
  let options: FitOptions
  /// Which member of an ensemble this is.
  let member: (index: Int, count: Int)

  /// Where training ended.
  struct Outcome {
    var solution: Solution
    var state: StochasticState?
    var solver: String
  }

  func run(
    resuming state: StochasticState?, observing observer: TrainingObserver?
  ) -> Outcome {
    switch training.method {
    case .lbfgs: runOnAllRows(observer)
    case .adamW:
      run(
        AdamW(decay: training.decay, decayed: objective.model.weights), resuming: state, observer)
    case .sgd:
      run(
        NesterovDescent(decay: training.decay, decayed: objective.model.weights), resuming: state,
        observer)
    }
  }

  private func run(
    _ rule: some StepRule, resuming state: StochasticState?, _ observer: TrainingObserver?
  ) -> Outcome {
    let batches = BatchObjective(
      objective, labels: problem.rows.labels, rowWeights: problem.rows.rowWeights,
      batchSize: training.batchSize, seed: options.seed)
    let descent = StochasticDescent(
      epochs: training.epochs, learningRate: training.rate(batchCount: batches.batchCount),
      clipping: training.clipping, patience: training.patience, threads: options.threads)
    let entropy = held?.summary(at: problem.start(seed: options.seed)).labelEntropy
    let start = state ?? StochasticState(start: problem.start(seed: options.seed), rule: rule)
    let outcome = descent.minimize(batches, with: rule, from: start) { pass, point in
      (-pass.logLikelihood / pass.weight, held?.summary(at: point).divergence)
    } observing: { state in
      observer?(progress(state, entropy)) ?? true
    }
    return Outcome(
      solution: outcome.solution(on: objective), state: outcome.state, solver: rule.name)
  }

  private func progress(_ state: StochasticState, _ entropy: Double?) -> TrainingProgress {
    TrainingProgress(
      history: state.history, epochs: training.epochs, validationEntropy: entropy, member: member,
      state: state)
  }

  private func runOnAllRows(_ observer: TrainingObserver?) -> Outcome {
    let limit = options.stopping.maximumIterations
    let member = member
    let solution = LBFGS(stopping: options.stopping).minimize(
      objective, from: problem.start(seed: options.seed)
    ) { step in
      let record = EpochRecord(
        epoch: step.iteration, value: step.value, loss: step.value, score: nil, rate: 0)
      let progress = TrainingProgress(
        history: [record], epochs: limit, validationEntropy: nil, member: member, state: nil)
      return observer?(progress) ?? true
    }
    return Outcome(solution: solution, state: nil, solver: "lbfgs")
  }
}
