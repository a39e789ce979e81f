import Surprisal

/// `surprisal fit --model mlp`: from options and data to a trained network, with its progress, log and
/// checkpoint.
struct NetworkTrainer {
  let options: NetworkOptions
  let estimator: EstimatorOptions
  let threads: ThreadCount
  let quiet: Bool
  /// The validation rows of a file; nil for a share or none.
  let validation: Dataset?

  /// Trains, and returns what is kept.
  ///
  /// Throws `DatasetError`, `UsageError` and what writing files throws.
  func fit<L: Likelihood>(_ data: Dataset, _ likelihood: L) throws -> FittedModel {
    if let lambda = estimator.l2, lambda > 0 {
      return try fit(data, likelihood, GaussianPrior(.ridge(lambda)))
    }
    return try fit(data, likelihood, FlatPrior())
  }

  private func fit<L: Likelihood, P: Prior>(
    _ data: Dataset, _ likelihood: L, _ prior: P
  ) throws -> FittedModel {
    let training = options.training(try method())
    let clock = ContinuousClock()
    let start = clock.now
    let observer = NetworkObserver(
      options: options, training: training, configuration: configuration(data, training),
      quiet: quiet)
    let state = try observer.resumedState()
    defer { observer.finish() }
    let fit = try MaximumLikelihood(
      options.network, likelihood: likelihood, prior: prior,
      options: estimator.fitOptions(threads: threads)
    ).fitEnsemble(
      of: options.ensemble ?? 1, to: data, training: training, validation: try held(),
      resuming: state
    ) { observer.see($0) }
    try observer.throwProblem()
    return FittedModel(
      model: SavedModel(classifier: .network(fit.classifier), record: fit.record),
      seconds: (clock.now - start).seconds)
  }

  /// Refuses options that mean nothing for a network.
  func validate() throws {
    let affine: [(String, Bool)] = [
      ("--reference", estimator.reference != nil), ("--no-intercept", estimator.noIntercept),
      ("--prior jeffreys", estimator.prior == .jeffreys),
      ("--restarts", estimator.restarts != nil),
      ("--std-errors", estimator.stdErrors != .auto && estimator.stdErrors != .none),
    ]
    if let name = affine.first(where: { $0.1 })?.0 {
      throw UsageError(
        "\(name) means nothing for a network, which has no coefficients",
        cure: "leave it out, or fit --model softmax")
    }
    let method = try method()
    if method == .lbfgs {
      let others: [(String, Bool)] = [
        ("--dropout", options.dropout ?? 0 > 0), ("--checkpoint", options.checkpoint != nil),
        ("--patience", options.patience != nil), ("--log", options.log != nil),
        ("--weight-decay", options.weightDecay ?? 0 > 0), ("--clip", options.clip != nil),
        ("--epochs", options.epochs != nil), ("--batch-size", options.batchSize != nil),
        ("--learning-rate", options.learningRate != nil),
      ]
      if let name = others.first(where: { $0.1 })?.0 {
        throw UsageError(
          "\(name) does not go with --solver lbfgs, which sees all rows at once",
          cure: "leave it out, or take --solver adamw")
      }
    }
  }

  private func method() throws -> TrainingOptions.Method {
    guard let method = estimator.solver.method else {
      throw UsageError(
        "--solver \(estimator.solver.rawValue) does not train networks",
        cure: "take adamw, sgd or lbfgs")
    }
    return method
  }

  private func held() throws -> Validation {
    if let validation { return .data(validation) }
    guard let text = options.validation else { return .none }
    guard let share = Double(text), share > 0, share < 1 else {
      throw UsageError(
        "--validation takes a share between 0 and 1, or a file", details: [Excerpt(text).text])
    }
    return .share(share)
  }

  /// Whether `--validation` names a file.
  static func validationFile(_ options: NetworkOptions) -> InputFile? {
    options.validation.flatMap { Double($0) == nil ? InputFile($0) : nil }
  }

  /// What a checkpoint must agree with.
  private func configuration(_ data: Dataset, _ training: TrainingOptions) -> String {
    let network = options.network
    return [
      "mlp \(network.hidden) \(network.activation.rawValue) \(network.normalizesLayers)",
      "\(network.dropout) \(network.hasSkip) seed \(estimator.seed) l2 \(estimator.l2 ?? 0)",
      "\(training.method.rawValue) epochs \(training.epochs) batch \(training.batchSize)",
      "rate \(training.learningRate ?? 0) \(training.schedule.rawValue) \(training.warmUp)",
      "clip \(training.clipping ?? 0) decay \(training.decay) patience \(training.patience ?? 0)",
      "validation \(options.validation ?? "none") rows \(data.rowCount)",
      "columns \(data.features.encoding.columnCount) classes \(data.classCount)",
      "data \(options.checkpoint == nil ? "" : data.trainingFingerprint)",
    ].joined(separator: " ")
  }
}
