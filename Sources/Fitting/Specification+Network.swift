import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization

extension Specification {
  /// The layers of a network and how it is trained.
  public struct Network: Sendable, Equatable {
    /// Units of each hidden layer; empty for no hidden layer.
    public var hidden: [Int] = [256]
    /// Whether the layers are chosen on rows held out, `LayerChoice.standard`, in place of
    /// `hidden`.
    public var choosesHidden = false
    /// What hidden units do with their sums.
    public var activation = Activation.relu
    /// Whether the sums of each hidden layer are normalised over its units.
    public var normalizesLayers = false
    /// The proportion of hidden units that a step leaves out.
    public var dropout = 0.0
    /// Whether the features enter the logits directly too.
    public var hasSkip = false
    /// How many networks are trained, from seeds of their own; what they predict is averaged.
    public var members = 1
    /// One unit of a feature; nil for what suits the columns.
    public var inputScale: InputScale?
    /// The most passes over the rows; nil for training that finds its own end, and for 30 with a
    /// schedule of another kind.
    public var epochs: Int?
    /// Rows of a batch; nil for what suits the rows, 128 if passes or a schedule are given.
    public var batchSize: Int?
    /// The largest step; nil for 0.003 with AdamW, 0.001 if passes or a schedule are given, and 0.1
    /// with SGD.
    public var learningRate: Double?
    /// How the rate goes on after the warm-up; nil for a plateau, or a cosine if passes are given.
    public var schedule: LearningRate.Schedule?
    /// Passes over which the rate rises; nil for 100 steps, one pass if passes or a schedule are
    /// given.
    public var warmUp: Double?
    /// The length that gradients are shortened to; nil for never.
    public var clipping: Double?
    /// What weights lose beside the gradient, times the rate.
    public var weightDecay = 0.0
    /// The proportion of the rows that is held out to choose the parameters by; 0
    /// for none; nil for none if passes or a schedule are given, else for a fifth or a tenth, on
    /// which the number of steps is found before all rows are trained on.
    public var validationShare: Double?
    /// Passes without a smaller divergence on the validation rows after which training ends; nil
    /// for never.
    public var patience: Int?

    /// A network of one hidden layer with 256 units; set what is to differ.
    public init() {}

    /// The layers, as the model that is fitted. The values have to be valid.
    public var layers: MultilayerPerceptron {
      MultilayerPerceptron(
        hidden: hidden, activation: activation, normalizesLayers: normalizesLayers,
        dropout: dropout, hasSkip: hasSkip)
    }

    /// How it is trained by a method. The values have to be valid.
    func training(_ method: TrainingOptions.Method) -> TrainingOptions {
      TrainingOptions(
        method: method, epochs: epochs ?? 30, batchSize: batchSize ?? 128,
        learningRate: learningRate, schedule: schedule ?? .cosine, warmUp: warmUp ?? 1,
        clipping: clipping, decay: weightDecay,
        patience: patience, inputScale: inputScale ?? .columns)
    }
  }
}

extension Specification.Solver {
  /// The method for softmax regression; nil if it is not one of that model's.
  public var affine: SolverChoice? { SolverChoice(rawValue: rawValue) }

  /// The method for networks; nil if it is not one of theirs.
  public var training: TrainingOptions.Method? {
    self == .automatic ? .adamW : TrainingOptions.Method(rawValue: rawValue)
  }
}

extension Specification.Prior {
  /// A prior so weak that it only keeps the logits of rows that are told apart for certain from
  /// growing without an end: λ = 1e-5.
  public static let weakForNetworks = Specification.Prior.l2(1e-5)
}
