import Surprisal

/// `surprisal fit --model mlp`: from options and data to a trained network, with its progress, log and
/// checkpoints.
struct NetworkTrainer {
  let options: NetworkOptions
  let estimator: EstimatorOptions
  let threads: ThreadCount
  let progress: FitProgress
  let interruption: Interruption
  /// The validation rows of a file; nil for a share or none.
  let validation: LoadedData?

  /// Trains, and returns what is kept.
  ///
  /// Throws `DatasetError`, `UsageError` and what reading and writing files throws.
  func fit<L: Likelihood>(_ data: Dataset, _ likelihood: L) throws -> TimedModel {
    if let lambda = estimator.l2, lambda > 0 {
      return try fit(data, likelihood, GaussianPrior(.lambda(lambda)))
    }
    return try fit(data, likelihood, FlatPrior())
  }

  private func fit<L: Likelihood, P: Prior>(
    _ data: Dataset, _ likelihood: L, _ prior: P
  ) throws -> TimedModel {
    let training = options.training(
      try NetworkRules(options: options, estimator: estimator).method())
    let clock = ContinuousClock()
    let start = clock.now
    try requireResponses(to: likelihood)
    let held = try held(of: data)
    let observer = NetworkObserver(
      options: options, training: training,
      settings: options.checkpoint.map { _ in
        TrainingSettings(
          options, estimator, training, data: data, validation: validation?.dataset,
          likelihood: likelihood)
      }, progress: progress, interruption: interruption)
    let states = try observer.resumedStates()
    let fit = try MaximumLikelihood(
      options.network, likelihood: likelihood, prior: prior,
      options: estimator.fitOptions(threads: threads)
    ).fitEnsemble(
      of: options.members, to: data, training: training, validation: held, resuming: states
    ) { observer.see($0) }
    try observer.throwProblem()
    return TimedModel(
      model: FittedModel(classifier: .network(fit.classifier), record: fit.record),
      seconds: (clock.now - start).seconds)
  }

  /// Checks the labels of a validation file, whose rows are not those of the data.
  private func requireResponses(to likelihood: some Likelihood) throws {
    guard let validation else { return }
    do {
      try validation.dataset.requireResponses(to: likelihood)
    } catch {
      throw DataDiagnosis(error, in: validation.source)
    }
  }

  private func held(of data: Dataset) throws(UsageError) -> Validation {
    if let validation { return .data(validation.dataset) }
    guard case .share(let share?) = options.held else { return .none }
    let count = (0..<data.rowCount).count { data.weights[$0] > 0 }
    if Validation.heldRowCount(share: share, of: count) == nil {
      let isSmall = share * Double(count) < 1
      throw UsageError(
        "--validation \(share) of \(count) \(count == 1 ? "row" : "rows") leaves none to "
          + (isSmall ? "validate by" : "train on"),
        cure: count < 2
          ? "there is nothing to hold out: give a file of validation rows, or leave it out"
          : "shares from \(NumberText.significant(1 / Double(count), 3)) to "
            + "\(NumberText.significant(1 - 1 / Double(count), 3)) leave at least one row of each")
    }
    return .share(share)
  }
}
