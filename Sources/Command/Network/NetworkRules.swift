import Surprisal

/// Which options go together where a network is trained.
struct NetworkRules {
  let options: NetworkOptions
  let estimator: EstimatorOptions

  /// Above this the labels are below the rounding of the objective.
  private static let strongestPrior = 1e15

  /// The method of minimisation. Throws `UsageError` for one of other models.
  func method() throws(UsageError) -> TrainingOptions.Method {
    guard let method = estimator.solver.method else {
      throw UsageError(
        "--solver \(estimator.solver.rawValue) does not train networks",
        cure: "take adamw, sgd or lbfgs")
    }
    return method
  }

  /// Refuses options that mean nothing for a network, or nothing together.
  func check() throws(UsageError) {
    try refuseAffine()
    try refuseBatches(method())
    try refuseHidden()
    try refuseStandardOutput()
    try refuseExcess()
    if case .share(nil) = options.held {
      throw UsageError(
        "--validation takes a share between 0 and 1, or a file",
        details: [EscapedText(options.validation ?? "").text])
    }
  }

  private func first(_ options: [(String, Bool)]) -> String? { options.first { $0.1 }?.0 }

  private func refuseAffine() throws(UsageError) {
    let name = first([
      ("--reference", estimator.reference != nil), ("--no-intercept", estimator.noIntercept),
      ("--prior jeffreys", estimator.prior == .jeffreys),
      ("--restarts", estimator.restarts != nil),
      ("--std-errors", estimator.stdErrors != .auto && estimator.stdErrors != .none),
    ])
    guard let name else { return }
    throw UsageError(
      "\(name) means nothing for a network, which has no coefficients",
      cure: "leave it out, or fit --model softmax")
  }

  private func refuseBatches(_ method: TrainingOptions.Method) throws(UsageError) {
    guard method == .lbfgs else { return }
    let name = first([
      ("--dropout", options.dropout ?? 0 > 0), ("--checkpoint", options.checkpoint != nil),
      ("--patience", options.patience != nil), ("--log", options.log != nil),
      ("--weight-decay", options.weightDecay ?? 0 > 0), ("--clip", options.clip != nil),
      ("--epochs", options.epochs != nil), ("--batch-size", options.batchSize != nil),
      ("--learning-rate", options.learningRate != nil),
    ])
    guard let name else { return }
    throw UsageError(
      "\(name) does not go with --solver lbfgs, which sees all rows at once",
      cure: "leave it out, or take --solver adamw")
  }

  /// What is about hidden units, where there are none.
  private func refuseHidden() throws(UsageError) {
    guard options.network.hidden.isEmpty else { return }
    let name = first([
      ("--activation", options.activation != nil), ("--layer-norm", options.layerNorm),
      ("--dropout", options.dropout ?? 0 > 0),
    ])
    if let name {
      throw UsageError(
        "\(name) is about hidden units, of which --hidden none has none",
        cure: "leave it out, or give --hidden the units of each layer")
    }
    if options.skip {
      throw UsageError(
        "--skip means nothing with --hidden none: the features enter the logits directly as it is",
        cure: "leave it out, or give --hidden the units of each layer")
    }
  }

  private func refuseStandardOutput() throws(UsageError) {
    if options.log == "-" {
      throw UsageError(
        "--log - is no file: the summary is what goes to the standard output",
        cure: "name a file, such as --log run.jsonl")
    }
    if options.checkpoint == "-" {
      throw UsageError(
        "--checkpoint - is no file: a checkpoint is replaced after each pass",
        cure: "name a file, such as --checkpoint state.bin")
    }
  }

  private func refuseExcess() throws(UsageError) {
    if let lambda = estimator.l2, lambda > Self.strongestPrior {
      throw UsageError(
        "--l2 \(lambda) leaves nothing of the labels: they are below the rounding of the objective",
        cure: "a network takes up to \(Self.strongestPrior); useful strengths are far below 1000")
    }
    let training = options.training(try method())
    guard training.decay * training.peakRate > 1 else { return }
    throw UsageError(
      "--weight-decay \(training.decay) times the rate \(training.peakRate) is above 1: a step would "
        + "take more from a weight than there is",
      cure:
        "give at most \(NumberText.significant(1 / training.peakRate)), or a lower --learning-rate"
    )
  }
}
