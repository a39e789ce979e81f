import Surprisal

/// Checks combinations of network options that a specification does not contain. All others are
/// checked by the specification itself.
struct NetworkRules {
  let options: NetworkOptions
  let model: ModelOptions
  let specification: Specification

  /// Throws for options that have no effect for a network, or in this combination.
  func check() throws(UsageError) {
    if model.common.noIntercept {
      throw UsageError(.notOfModel(property: "intercept", model: .network))
    }
    try refuseBatches()
    if options.training.activation != nil, specification.model.network?.hidden.isEmpty ?? false {
      throw UsageError(needingHiddenUnits: "--activation")
    }
    try refuseStandardOutput()
    try requireRowsHeldOut()
    try refuseStatesOfSeveral()
    if case .share(nil) = options.training.held {
      throw UsageError(
        "--validation takes a proportion between 0 and 1, or a file",
        details: [EscapedText(options.training.validation ?? "").text])
    }
  }

  /// Throws if groups were given but no rows are held out at random.
  private func requireRowsHeldOut() throws(UsageError) {
    guard options.group != nil, let network = specification.model.network else { return }
    let isDrawn =
      network.validationShare.map { $0 > 0 }
      ?? (network.findsItsEnd && specification.solver != .lbfgs)
    guard isDrawn, options.training.validationFile == nil else {
      throw UsageError(
        "--group keeps rows together when rows are held out, but no rows are held out at random",
        suggestion: "add --validation SHARE, or leave --group out")
    }
  }

  /// Throws if a checkpoint or a log was requested for several networks that are compared.
  private func refuseStatesOfSeveral() throws(UsageError) {
    guard specification.model.network?.choosesHidden ?? false else { return }
    let flags = [("--checkpoint", options.checkpoint != nil), ("--log", options.log != nil)]
    if let flag = flags.first(where: \.1)?.0 {
      throw UsageError(
        "\(flag) is for the training of one network, but --hidden auto trains several",
        suggestion: "give --hidden the chosen layers, or leave out \(flag)")
    }
  }

  private func refuseBatches() throws(UsageError) {
    guard specification.solver == .lbfgs else { return }
    let flags = [
      ("--checkpoint", options.checkpoint != nil), ("--log", options.log != nil),
      ("--epochs", options.training.epochs != nil),
      ("--batch-size", options.training.batchSize != nil),
      ("--learning-rate", options.training.learningRate != nil),
    ]
    if let flag = flags.first(where: \.1)?.0 { throw UsageError(needingBatches: flag) }
  }

  private func refuseStandardOutput() throws(UsageError) {
    if options.log == "-" {
      throw UsageError(
        "--log needs a file, not -: the standard output has the summary",
        suggestion: "name a file, such as --log run.jsonl")
    }
    if options.checkpoint == "-" {
      throw UsageError(
        "--checkpoint needs a file, not -: a checkpoint is replaced after each pass",
        suggestion: "name a file, such as --checkpoint state.bin")
    }
  }
}
