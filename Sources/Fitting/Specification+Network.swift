import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization

extension Specification {
  /// The architecture of a network and the options of its training.
  public struct Network: Sendable, Equatable {
    /// The number of units of each hidden layer; empty for no hidden layer.
    public var hidden: [Int] = [256]
    /// Whether the layers are chosen on held-out rows (`LayerChoice.standard`) instead of `hidden`.
    public var choosesHidden = false
    /// The activation function of hidden units.
    public var activation = Activation.relu
    /// Whether the sums of each hidden layer are normalised over its units.
    public var normalizesLayers = false
    /// The proportion of hidden units that a training step drops.
    public var dropout = 0.0
    /// Whether the features also enter the logits directly.
    public var hasSkip = false
    /// The number of networks that are trained from different seeds; their predictions are
    /// averaged.
    public var members = 1
    /// The unit of a standardised feature; nil to choose by the columns.
    public var inputScale: InputScale?
    /// The largest number of passes over the rows; nil for automatic stopping, and for 30 passes
    /// with a schedule other than a plateau.
    public var epochs: Int?
    /// The number of rows per batch; nil to choose by the number of rows, or for 128 if passes or a
    /// schedule are given.
    public var batchSize: Int?
    /// The largest learning rate; nil for 0.003 with AdamW, 0.001 if passes or a schedule are
    /// given, and 0.1 with SGD.
    public var learningRate: Double?
    /// The schedule of the rate after the warm-up; nil for a plateau, or a cosine if passes are
    /// given.
    public var schedule: LearningRate.Schedule?
    /// The number of passes over which the rate rises; nil for 100 steps, or one pass if passes or
    /// a schedule are given.
    public var warmUp: Double?
    /// The norm to which longer gradients are clipped; nil for no clipping.
    public var clipping: Double?
    /// The weight decay of AdamW and SGD: each step subtracts this times the rate times the weight.
    public var weightDecay = 0.0
    /// The proportion of rows that is held out to choose the parameters; 0 for none. Nil for none
    /// if passes or a schedule are given; otherwise for a fifth or a tenth, on which the number of
    /// steps is determined before training on all rows.
    public var validationShare: Double?
    /// The number of passes without a smaller validation divergence after which training stops; nil
    /// for no early stopping.
    public var patience: Int?

    /// A network with one hidden layer of 256 units; set the properties that should differ.
    public init() {}

    /// The architecture as a model family. The values must be valid.
    public var layers: MultilayerPerceptron {
      MultilayerPerceptron(
        hidden: hidden, activation: activation, normalizesLayers: normalizesLayers,
        dropout: dropout, hasSkip: hasSkip)
    }

    /// The training options for a method. The values must be valid.
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
  /// The method for softmax regression; nil if it is not available for that model.
  public var affine: SolverChoice? { SolverChoice(rawValue: rawValue) }

  /// The method for networks; nil if it is not available for them.
  public var training: TrainingOptions.Method? {
    self == .automatic ? .adamW : TrainingOptions.Method(rawValue: rawValue)
  }
}

extension Specification.Prior {
  /// The prior of a specification that names none: flat, except for a network that stops by itself
  /// and has no weight decay.
  ///
  /// For such a network the strength is chosen (`.automatic`).
  public static func standard(
    for model: Specification.Model, _ solver: Specification.Solver
  ) -> Specification.Prior {
    guard let network = model.network, network.findsItsEnd, network.weightDecay == 0,
      solver == .automatic
    else { return Specification.Prior() }
    return Specification.Prior(.automatic)
  }
}
