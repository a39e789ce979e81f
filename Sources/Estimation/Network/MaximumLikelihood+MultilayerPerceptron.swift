import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension MaximumLikelihood where Family == MultilayerPerceptron {
  /// Trains a network.
  ///
  /// Features are standardised, by `training.inputScale`, and the change of variables is stored in
  /// the network; a prior is always on the weights of standardised features and of hidden units.
  /// The order of the rows, the start and dropout are drawn by `options.seed`: the bits are the
  /// same for any number of threads. They are the same for any order of the given rows too, for a
  /// row of weight 2 and two equal rows, and for a row of weight 0 and no row: equal rows are
  /// merged, and whatever depends on the number of rows, such as batches and held-out rows, counts
  /// merged rows. Rows of weight 0 are not counted. With validation rows the parameters with the
  /// smallest divergence are kept, which may be those of the start.
  ///
  /// A learning rate that is too large is a result, `.notConverged(.diverged)`, with the last good
  /// parameters, all of which are finite. `state` is the state of an earlier run of the same data
  /// and options, received by an observer; training continues from it with the same bits. With more
  /// passes than that run had, the result is that of the longer run under a constant rate; a cosine
  /// schedule depends on the number of passes.
  ///
  /// `groups` has an identifier for each row: rows that share it are held out together.
  ///
  /// Throws `DatasetError` as an affine fit does, and for validation rows or a state that do not
  /// match.
  public func fit(
    _ data: consuming Dataset, training: TrainingOptions = TrainingOptions(),
    validation: Validation = .none, groups: [Int]? = nil, resuming state: StochasticState? = nil,
    observing observer: TrainingObserver? = nil
  ) throws(DatasetError) -> Fit<PerceptronLogits, L, P> {
    let (data, groups) = try (consume data).arrangedForTraining(
      likelihood, groups: groups, threads: options.threads)
    let all = validation.refits(data) ? copy data : nil
    let further = try validation.furtherFolds(of: data, groups: groups, seed: options.seed)
    let (rows, other) = try validation.split(consume data, groups: groups, seed: options.seed)
    let trained = try fit(
      rows, training, held: other, further: further, resuming: state, member: (0, 1),
      observing: observer)
    guard let all else { return trained.fit }
    return try refit(trained, all, member: (0, 1), observing: observer) ?? trained.fit
  }

  func fit(
    _ data: consuming Dataset, _ training: TrainingOptions, held other: Dataset?,
    further folds: [Validation.Fold] = [], resuming state: StochasticState?,
    member: (index: Int, count: Int), observing observer: TrainingObserver?
  ) throws(DatasetError) -> TrainedNetwork<L, P> {
    let run = try run(data, training, held: other, member: member)
    var outcome = try run.run(resuming: state, observing: observer)
    var training = training
    if run.triesAllRows(beside: outcome) {
      let (history, epochs) = (outcome.state?.history ?? [], training.epochs)
      let other = try bestOnAllRows(run, further: folds) {
        observer?(Self.progress(history, epochs, member)) ?? true
      }
      let scores = [other, outcome].map { $0.state?.bestScore ?? .infinity }
      if other.solution.termination == .cancelled {
        outcome.solution.termination = .cancelled
      } else if scores[0] < scores[1] || (!folds.isEmpty && other.repetition != nil) {
        (outcome, training.method) = (other, .lbfgs)
      }
    }
    training.triesAllRows = false
    let record = TrainingRecord(
      network: run.objective.model.network, seed: options.seed, options: training,
      history: outcome.state?.history ?? [],
      bestEpoch: outcome.state?.bestEpoch,
      validation: run.held?.summary(at: outcome.solution.point))
    return TrainedNetwork(
      fit: run.problem.fit(outcome, record, of: run.objective), repetition: outcome.repetition,
      divergence: outcome.divergence ?? outcome.state?.bestScore)
  }

  private func run(
    _ data: consuming Dataset, _ training: TrainingOptions, held other: Dataset?,
    member: (index: Int, count: Int)
  ) throws(DatasetError) -> NetworkTraining<L, P> {
    var network = family
    if training.method == .lbfgs { network.dropout = 0 }
    let problem = try NetworkProblem(
      consume data, network: network, likelihood: likelihood, scale: training.inputScale,
      options: options)
    var held: HeldRows<L, P>?
    if let other { held = try problem.held(other, prior) }
    return NetworkTraining(
      problem: problem, objective: problem.objective(prior), held: held, training: training,
      options: options, member: member)
  }

  /// L-BFGS over all rows to train on; if there are further folds, for the number of iterations
  /// that is best over all folds.
  private func bestOnAllRows(
    _ run: NetworkTraining<L, P>, further folds: [Validation.Fold],
    continuing: @escaping () -> Bool
  ) throws(DatasetError) -> NetworkTraining<L, P>.Outcome {
    var runs = [(run: run, outcome: run.bestOnAllRows(continuing: continuing))]
    for fold in folds where runs.last?.outcome.solution.termination != .cancelled {
      let run = try self.run(fold.rows, run.training, held: fold.held, member: run.member)
      runs.append((run, run.bestOnAllRows(continuing: continuing)))
    }
    let last = runs[runs.count - 1].outcome
    guard runs.count > 1, last.solution.termination != .cancelled else { return last }
    let (count, divergence) = NetworkTraining.iterations(of: runs)
    var outcome = run.bestOnAllRows(upTo: count, continuing: continuing)
    outcome.divergence = divergence
    return outcome
  }

  /// The progress reported for work that is not kept in checkpoints.
  private static func progress(
    _ history: [EpochRecord], _ epochs: Int, _ member: (index: Int, count: Int)
  ) -> TrainingProgress {
    TrainingProgress(
      history: history, epochs: epochs, validationEntropy: nil, member: member, state: nil,
      divergence: nil)
  }

  /// Trains anew on all rows for the number of steps that led to the best parameters of a fit, at
  /// the same rates; nil if the fit was stopped, is not finished or diverged, if the start was the
  /// best, and if this training diverges.
  func refit(
    _ trained: TrainedNetwork<L, P>, _ data: consuming Dataset, member: (index: Int, count: Int),
    observing observer: TrainingObserver?
  ) throws(DatasetError) -> Fit<PerceptronLogits, L, P>? {
    let fit = trained.fit
    guard case .trained(.earlyStopping) = fit.status, var record = fit.training,
      let repetition = trained.repetition
    else { return nil }
    let problem = try NetworkProblem(
      consume data, network: record.network, likelihood: likelihood,
      scale: record.options.inputScale, options: options)
    let objective = problem.objective(prior)
    let run = NetworkTraining<L, P>(
      problem: problem, objective: objective, held: nil, training: record.options,
      options: options, member: member, repetition: repetition)
    let (history, epochs) = (record.history, record.options.epochs)
    var outcome = try run.run(resuming: nil) { _ in
      observer?(Self.progress(history, epochs, member)) ?? true
    }
    switch outcome.solution.termination {
    case .diverged: return nil
    case .cancelled: break
    default: outcome.solution.termination = .earlyStopping
    }
    record.refitSteps = repetition.stepCount
    outcome.solution.add(workOf: fit.solution)
    return problem.fit(outcome, record, of: objective)
  }
}
