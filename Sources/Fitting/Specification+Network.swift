import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization

extension Specification {
  /// The layers of a network and how it is trained.
  public struct Network: Sendable, Equatable {
    /// Units of each hidden layer; empty for no hidden layer.
    public var hidden: [Int] = [256]
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
    /// One unit of a feature.
    public var inputScale = InputScale.columns
    /// The most passes over the rows.
    public var epochs = 30
    /// Rows of a batch.
    public var batchSize = 128
    /// The largest step; nil for 0.001 with AdamW and 0.1 with SGD.
    public var learningRate: Double?
    /// How the rate goes on after the warm-up.
    public var schedule = LearningRate.Schedule.cosine
    /// Passes over which the rate rises.
    public var warmUp = 1.0
    /// The length that gradients are shortened to; nil for never.
    public var clipping: Double?
    /// What weights lose beside the gradient, times the rate.
    public var weightDecay = 0.0
    /// The proportion of the rows that is held out to choose the parameters by; nil for none.
    public var validationShare: Double?
    /// Passes without a smaller divergence on the validation rows after which training ends; nil
    /// for never.
    public var patience: Int?

    /// A network of one hidden layer with 256 units; set what is to differ.
    public init() {}

    /// The layers, as the model that is fitted. The values have to be valid.
    var layers: MultilayerPerceptron {
      MultilayerPerceptron(
        hidden: hidden, activation: activation, normalizesLayers: normalizesLayers,
        dropout: dropout, hasSkip: hasSkip)
    }

    /// How it is trained by a method. The values have to be valid.
    func training(_ method: TrainingOptions.Method) -> TrainingOptions {
      TrainingOptions(
        method: method, epochs: epochs, batchSize: batchSize, learningRate: learningRate,
        schedule: schedule, warmUp: warmUp, clipping: clipping, decay: weightDecay,
        patience: patience, inputScale: inputScale)
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
