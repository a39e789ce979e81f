import ArgumentParser
import Surprisal

/// The layers of a network and how it is trained: options of `--model mlp`.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Units of each hidden layer, with commas; none for no hidden layer. Default: 256.",
      valueName: "n,n,..."))
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
      "One unit of a feature: each column's standard deviation, or one for all columns, for pixels and other features of one unit. Default: columns.",
      valueName: "columns|common"))
  var inputScale: InputScale?

  @Option(help: ArgumentHelp("The most passes over the rows. Default: 30.", valueName: "n"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Rows of a batch. Default: 128.", valueName: "n"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "The largest step. Default: 0.001 for adamw, 0.1 for sgd.", valueName: "rate"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "How the rate goes on after the warm-up. Default: cosine, down to 0.",
      valueName: "constant|cosine"))
  var schedule: LearningRate.Schedule?

  @Option(
    help: ArgumentHelp("Passes over which the rate rises. Default: 1.", valueName: "epochs"))
  var warmUp: Double?

  @Option(
    help: ArgumentHelp("Shorten gradients to this length. Default: never.", valueName: "length"))
  var clip: Double?

  @Option(
    help: ArgumentHelp(
      "What weights lose beside the gradient, times the rate. With adamw this is not the prior --l2, but one whose precision follows the size of each weight's gradients. Default: 0.",
      valueName: "d"))
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp(
      "Rows held out from training, a share of the file or another file: the parameters with the smallest divergence on them are kept.",
      valueName: "share|file"))
  var validation: String?

  @Option(
    help: ArgumentHelp(
      "Stop after this many passes without a smaller divergence on the validation rows. Default: never.",
      valueName: "epochs"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "Train this many networks from seeds of their own and average what they predict.",
      valueName: "n"))
  var ensemble: Int?

  @Option(
    help: ArgumentHelp(
      "Keep the state of training in this file, written after each pass.", valueName: "file"))
  var checkpoint: String?

  @Flag(
    help: "Go on from the state in --checkpoint, if there is such a file: same bytes at the end.")
  var resume = false

  @Option(
    help: ArgumentHelp("Write one JSON object a pass to this file.", valueName: "file"))
  var log: String?

  func validate() throws {
    try require(dropout, "--dropout", "a share from 0 to below 1") { $0 >= 0 && $0 < 1 }
    try require(learningRate, "--learning-rate", "a positive number") { $0 > 0 }
    try require(clip, "--clip", "a positive number") { $0 > 0 }
    try require(weightDecay, "--weight-decay", "a number from 0 on") { $0 >= 0 }
    try require(warmUp, "--warm-up", "a number from 0 to 10000") { $0 >= 0 && $0 <= 10_000 }
    for (value, name, least) in [
      (epochs, "--epochs", 0), (batchSize, "--batch-size", 1), (patience, "--patience", 1),
      (ensemble, "--ensemble", 1),
    ] {
      guard let value, value < least || value > 1_000_000 else { continue }
      throw ValidationError("\(name) takes a whole number from \(least) to 1000000")
    }
    if resume, checkpoint == nil { throw ValidationError("--resume needs --checkpoint FILE") }
    if checkpoint != nil, ensemble ?? 1 > 1 {
      throw ValidationError("--checkpoint goes with one network, not with --ensemble")
    }
    if patience != nil, validation == nil {
      throw ValidationError("--patience needs --validation")
    }
  }

  private func require(
    _ value: Double?, _ name: String, _ domain: String, _ isRight: (Double) -> Bool
  ) throws {
    guard let value, !(value.isFinite && isRight(value)) else { return }
    throw ValidationError("\(name) takes \(domain)")
  }

  /// The first option that was given; they have no meaning for other models.
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
      ("--checkpoint", checkpoint != nil), ("--resume", resume), ("--log", log != nil),
    ]
    return options.first { $0.1 }?.0
  }

  /// The network.
  var network: MultilayerPerceptron {
    MultilayerPerceptron(
      hidden: hidden?.units ?? [256], activation: activation ?? .relu,
      normalizesLayers: layerNorm, dropout: dropout ?? 0, hasSkip: skip)
  }

  /// How it is trained.
  func training(_ method: TrainingOptions.Method) -> TrainingOptions {
    TrainingOptions(
      method: method, epochs: epochs ?? 30, batchSize: batchSize ?? 128,
      learningRate: learningRate, schedule: schedule ?? .cosine, warmUp: warmUp ?? 1,
      clipping: clip, decay: weightDecay ?? 0, patience: patience,
      inputScale: inputScale ?? .columns)
  }
}

/// Units of hidden layers: `256,128`, or `none`.
struct HiddenLayers: ExpressibleByArgument {
  let units: [Int]

  init?(argument: String) {
    if argument == "none" {
      units = []
      return
    }
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }.filter { $0 >= 1 && $0 <= 1_000_000 }
    guard numbers.count == parts.count, numbers.count <= 64 else { return nil }
    units = numbers
  }
}

extension InputScale: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
extension LearningRate.Schedule: ExpressibleByArgument {}

/// The methods of minimisation, by name; which of them a model has is its own matter.
enum SolverName: String, ExpressibleByArgument, CaseIterable {
  case auto
  case newton
  case newtonCG = "newton-cg"
  case lbfgs
  case adamw
  case sgd

  /// For models whose logits are affine functions; nil where it is not one of theirs.
  var choice: SolverChoice? { SolverChoice(rawValue: rawValue) }

  /// For networks; nil where it is not one of theirs.
  var method: TrainingOptions.Method? {
    self == .auto ? .adamW : TrainingOptions.Method(rawValue: rawValue)
  }
}
