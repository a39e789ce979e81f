import Surprisal

/// Which options go together where a network is trained: what a specification does not hold. The
/// rest is refused by the specification itself.
struct NetworkRules {
  let options: NetworkOptions
  let model: ModelOptions
  let specification: Specification

  /// Refuses options that mean nothing for a network, or nothing together.
  func check() throws(UsageError) {
    if model.noIntercept { throw UsageError(.notOfModel(property: "intercept", model: .network)) }
    try refuseBatches()
    if options.activation != nil, specification.model.network?.hidden.isEmpty ?? false {
      throw UsageError(needingHiddenUnits: "--activation")
    }
    try refuseStandardOutput()
    if case .share(nil) = options.held {
      throw UsageError(
        "--validation takes a share between 0 and 1, or a file",
        details: [EscapedText(options.validation ?? "").text])
    }
  }

  private func refuseBatches() throws(UsageError) {
    guard specification.solver == .lbfgs else { return }
    let flags = [
      ("--checkpoint", options.checkpoint != nil), ("--log", options.log != nil),
      ("--epochs", options.epochs != nil), ("--batch-size", options.batchSize != nil),
      ("--learning-rate", options.learningRate != nil),
    ]
    if let flag = flags.first(where: \.1)?.0 { throw UsageError(needingBatches: flag) }
  }

  private func refuseStandardOutput() throws(UsageError) {
    if options.log == "-" {
      throw UsageError(
        "--log - is no file: the summary is what goes to the standard output",
        suggestion: "name a file, such as --log run.jsonl")
    }
    if options.checkpoint == "-" {
      throw UsageError(
        "--checkpoint - is no file: a checkpoint is replaced after each pass",
        suggestion: "name a file, such as --checkpoint state.bin")
    }
  }
}
