import SurprisalModels
import SurprisalOptimization

/// The record of a network's training, for reports and model files.
public struct TrainingRecord: Sendable, Equatable {
  /// The scores of the kept parameters on the validation rows.
  public struct Held: Sendable, Equatable {
    /// The number of rows.
    public var rowCount: Int
    /// Mean cross entropy of labels and predictions, in nats.
    public var crossEntropy: Double
    /// Mean entropy of the labels.
    public var labelEntropy: Double
    /// The difference, which training minimised. For evidence and candidate sets
    /// (`HeldMeasure.evidence`) it is minus the mean log evidence, as is the cross entropy, and the
    /// entropy is 0.
    public var divergence: Double

    /// Creates the scores of validation rows.
    public init(rowCount: Int, crossEntropy: Double, labelEntropy: Double, divergence: Double) {
      self.rowCount = rowCount
      self.crossEntropy = crossEntropy
      self.labelEntropy = labelEntropy
      self.divergence = divergence
    }

    init(rowCount: Int, loss: Double) {
      self.init(rowCount: rowCount, crossEntropy: loss, labelEntropy: 0, divergence: loss)
    }

    init(_ sums: PredictionSummary, rowCount: Int) {
      self.init(
        rowCount: rowCount, crossEntropy: sums.crossEntropy / sums.weight,
        labelEntropy: sums.entropy / sums.weight, divergence: sums.divergence / sums.weight)
    }
  }

  /// Layers and activation.
  public var network: MultilayerPerceptron
  /// The seed of random numbers: weights, order of rows, dropout, validation rows.
  public var seed: UInt64
  /// The options of training.
  public var options: TrainingOptions
  /// The passes over the rows, in order. `loss` is the mean negative log-likelihood of the training
  /// rows in their batches, with dropout; `score` the mean divergence of the validation rows after
  /// the pass.
  public var history: [EpochRecord]
  /// The pass whose parameters were kept, from 1, or 0 if no pass improved on the start; nil for
  /// the last.
  public var bestEpoch: Int?
  /// The number of steps of the final training on all rows, including validation rows, whose
  /// parameters were kept; nil if there was none.
  public var refitSteps: Int?
  /// The validation scores; nil if there are no validation rows.
  public var validation: Held?

  /// Creates a record.
  public init(
    network: MultilayerPerceptron, seed: UInt64, options: TrainingOptions,
    history: [EpochRecord], bestEpoch: Int?, validation: Held?, refitSteps: Int? = nil
  ) {
    self.network = network
    self.seed = seed
    self.options = options
    self.history = history
    self.bestEpoch = bestEpoch
    self.validation = validation
    self.refitSteps = refitSteps
  }
}

/// The state that an observer receives before the first pass, after each pass, and at a divergence.
public struct TrainingProgress: Sendable {
  /// The passes so far, in order.
  public let history: [EpochRecord]
  /// The maximum number of passes.
  public let epochs: Int
  /// The mean entropy of the labels of the validation rows: the cross entropy is this plus `score`.
  /// nil if the score is minus the mean log evidence (`HeldMeasure.evidence`).
  public let validationEntropy: Double?
  /// The index of the member of an ensemble that is trained, from 0, and the number of members.
  public let member: (index: Int, count: Int)
  /// The state to store in a checkpoint; nil for methods that cannot be resumed.
  public let state: StochasticState?
  /// The place of a divergence, in the last call only.
  public let divergence: Divergence?
}

/// Receives the progress of training; returns whether it should continue. Training always ends
/// after a divergence.
public typealias TrainingObserver = @Sendable (TrainingProgress) -> Bool

extension TrainingRecord: Codable {
  /// The names of the properties in files.
  private enum CodingKeys: String, CodingKey {
    case network, seed, options, history, validation
    case bestEpoch = "best_epoch"
    case refitSteps = "refit_steps"
  }
}

extension TrainingRecord.Held: Codable {
  /// The names of the properties in files.
  private enum CodingKeys: String, CodingKey {
    case rowCount = "rows"
    case crossEntropy = "cross_entropy"
    case labelEntropy = "label_entropy"
    case divergence = "kl_divergence"
  }
}
