import ArgumentParser
import Surprisal

/// The layers and the training of a network: the options of `--model mlp` common to `fit` and `cv`.
struct TrainingFlags: ParsableArguments {
  // A value such as -3 must be parsed, so that the error can list the allowed values.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Units of each hidden layer, with commas; none for no hidden layer; auto for the best of a \
      few and none, on rows held out. Default: 256.
      """,
      valueName: "n,n,...|auto"))
  var hidden: HiddenLayers?

  @Option(
    help: ArgumentHelp(
      "What hidden units do with their sums. Default: relu.", valueName: "relu|gelu|tanh"))
  var activation: Activation?

  @Flag(help: "Normalise the sums of each hidden layer over its units.")
  var layerNorm = false

  @Option(
    help: ArgumentHelp(
      "The share of hidden units that a step leaves out. Default: 0.", valueName: "share"))
  var dropout: Double?

  @Flag(help: "Let the features enter the logits directly too: a linear model within.")
  var skip = false

  @Option(
    help: ArgumentHelp(
      """
      One unit of a feature: each column's standard deviation, or one for all columns, for \
      pixels and other features of one unit. Default: what the ranges of columns suggest.
      """,
      valueName: "columns|common"))
  var inputScale: InputScale?

  @Option(
    help: ArgumentHelp(
      "The most passes over the rows. Default: training finds its own end, "
        + "within 20000 steps; 30 with --schedule constant or cosine.", valueName: "n"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "Rows of a batch. Default: about a sixteenth of the rows, 8 to 128; "
        + "128 with --epochs or --schedule constant or cosine.", valueName: "n"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "The largest step. Default: 0.003 for adamw, 0.001 with --epochs or "
        + "--schedule constant or cosine; 0.1 for sgd.", valueName: "rate"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "How the rate goes on after the warm-up; plateau: it falls when the score does not. "
        + "Default: plateau; cosine, down to 0, with --epochs.",
      valueName: "constant|cosine|plateau"))
  var schedule: LearningRate.Schedule?

  @Option(
    help: ArgumentHelp(
      "Passes over which the rate rises. Default: 100 steps; 1 with --epochs or "
        + "--schedule constant or cosine.", valueName: "epochs"))
  var warmUp: Double?

  @Option(
    help: ArgumentHelp("Shorten gradients to this length. Default: never.", valueName: "length"))
  var clip: Double?

  @Option(
    help: ArgumentHelp(
      """
      What weights lose beside the gradient, times the rate. With adamw this is not the prior \
      --l2, but one whose precision follows the size of each weight's gradients. Default: 0.
      """,
      valueName: "d"))
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp(
      """
      Rows held out from training, a share of the file or another file: the parameters with the \
      smallest divergence on them are kept. Default: a fifth of the rows, a tenth of 10000 and \
      more, to find the number of steps before all are trained on; none, the default with \
      --epochs or --schedule constant or cosine, holds out nothing.
      """,
      valueName: "share|file|none"))
  var validation: String?

  @Option(
    help: ArgumentHelp(
      """
      Stop after this many passes without a smaller divergence on the validation rows; with a \
      plateau, lower the rate. Default: never; 10 with a plateau.
      """,
      valueName: "epochs"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "Train this many networks from seeds of their own and average what they predict.",
      valueName: "n"))
  var ensemble: Int?

  func validate() throws {
    if let hidden, hidden.units == nil { throw ValidationError(hidden.complaint) }
    try Flags.validating { () throws(SpecificationError) in
      try network(over: Specification.Network()).validateValues()
    }
    let isPlateau = schedule == .plateau || (epochs == nil && schedule == nil)
    if patience != nil, validation == nil, !isPlateau {
      throw ValidationError("--patience needs --validation")
    }
  }

  /// The first option that was given; these options have no meaning for other models.
  var given: String? {
    let options: [(String, Bool)] = [
      ("--hidden", hidden != nil), ("--activation", activation != nil),
      ("--layer-norm", layerNorm), ("--dropout", dropout != nil), ("--skip", skip),
      ("--input-scale", inputScale != nil), ("--epochs", epochs != nil),
      ("--batch-size", batchSize != nil),
      ("--learning-rate", learningRate != nil), ("--schedule", schedule != nil),
      ("--warm-up", warmUp != nil), ("--clip", clip != nil),
      ("--weight-decay", weightDecay != nil), ("--validation", validation != nil),
      ("--patience", patience != nil), ("--ensemble", ensemble != nil),
    ]
    return options.first { $0.1 }?.0
  }

  /// The network of `base`, overridden by the given options.
  func network(over base: Specification.Network) -> Specification.Network {
    var result = base
    if let hidden {
      result.choosesHidden = hidden.isAutomatic
      result.hidden = hidden.isAutomatic ? Specification.Network().hidden : hidden.units ?? []
    }
    if let activation { result.activation = activation }
    if let dropout { result.dropout = dropout }
    if let inputScale { result.inputScale = inputScale }
    if let epochs { result.epochs = epochs }
    if let batchSize { result.batchSize = batchSize }
    if let learningRate { result.learningRate = learningRate }
    if let schedule { result.schedule = schedule }
    if let warmUp { result.warmUp = warmUp }
    if let clip { result.clipping = clip }
    if let weightDecay { result.weightDecay = weightDecay }
    if let patience { result.patience = patience }
    if let ensemble { result.members = ensemble }
    switch held {
    case .none: break
    case .file: result.validationShare = nil
    case .share(let share): result.validationShare = share
    case .off: result.validationShare = 0
    }
    result.normalizesLayers = base.normalizesLayers || layerNorm
    result.hasSkip = base.hasSkip || skip
    return result
  }

  /// The value of `--validation`.
  enum Held {
    case none
    /// No rows are held out.
    case off
    case file(InputFile)
    /// nil for a number that is not a valid share.
    case share(Double?)
  }

  var held: Held {
    guard let validation else { return .none }
    if validation == "none" { return .off }
    guard let share = Double(validation) else { return .file(InputFile(validation)) }
    return .share(share > 0 && share < 1 ? share : nil)
  }

  /// The file of validation rows, if there is one.
  var validationFile: InputFile? {
    if case .file(let file) = held { file } else { nil }
  }
}

extension InputScale: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
extension LearningRate.Schedule: ExpressibleByArgument {}
