import ArgumentParser
import Surprisal

/// The layers and the training of a network: the options of `--model mlp` common to `fit` and `cv`.
struct TrainingFlags: ParsableArguments {
  // A value such as -3 must be parsed, so that the error can list the allowed values.
  @Option(
    "n,n,...|auto",
    """
    Units of each hidden layer, with commas; none for no hidden layer; auto for the best of a \
    few and none, on rows held out. Default: 256.
    """, parsing: .unconditional)
  var hidden: HiddenLayers?

  @Option("relu|gelu|tanh", "What hidden units do with their sums. Default: relu.")
  var activation: Activation?

  @Flag(help: "Normalise the sums of each hidden layer over its units.") var layerNorm = false

  @Option("share", "The share of hidden units that a step leaves out. Default: 0.")
  var dropout: Double?

  @Flag(help: "Let the features enter the logits directly too: a linear model within.")
  var skip = false

  @Option(
    "columns|common",
    """
    One unit of a feature: each column's standard deviation, or one for all columns, for \
    pixels and other features of one unit. Default: what the ranges of columns suggest.
    """)
  var inputScale: InputScale?

  @Option(
    "n",
    "The most passes over the rows. Default: training finds its own end, "
      + "within 20000 steps; 30 with --schedule constant or cosine.")
  var epochs: Int?

  @Option(
    "n",
    "Rows of a batch. Default: about a sixteenth of the rows, 8 to 128; "
      + "128 with --epochs or --schedule constant or cosine.")
  var batchSize: Int?

  @Option(
    "rate",
    "The largest step. Default: 0.003 for adamw, 0.001 with --epochs or "
      + "--schedule constant or cosine; 0.1 for sgd.")
  var learningRate: Double?

  @Option(
    "constant|cosine|plateau",
    "How the rate goes on after the warm-up; plateau: it falls when the score does not. "
      + "Default: plateau; cosine, down to 0, with --epochs.")
  var schedule: LearningRate.Schedule?

  @Option(
    "epochs",
    "Passes over which the rate rises. Default: 100 steps; 1 with --epochs or "
      + "--schedule constant or cosine.")
  var warmUp: Double?

  @Option("length", "Shorten gradients to this length. Default: never.") var clip: Double?

  @Option(
    "d",
    """
    What weights lose beside the gradient, times the rate. With adamw this is not the prior \
    --l2, but one whose precision follows the size of each weight's gradients. Default: 0.
    """)
  var weightDecay: Double?

  @Option(
    "share|file|none",
    """
    Rows held out from training, a share of the file or another file: the parameters with the \
    smallest divergence on them are kept. Default: a fifth of the rows, a tenth of 10000 and \
    more, to find the number of steps before all are trained on; none, the default with \
    --epochs or --schedule constant or cosine, holds out nothing.
    """)
  var validation: String?

  @Option(
    "epochs",
    """
    Stop after this many passes without a smaller divergence on the validation rows; with a \
    plateau, lower the rate. Default: never; 10 with a plateau.
    """)
  var patience: Int?

  @Option("n", "Train this many networks from seeds of their own and average what they predict.")
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
