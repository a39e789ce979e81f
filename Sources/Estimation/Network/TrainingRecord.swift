import SurprisalModels
import SurprisalOptimization

/// How a network was trained, as it is reported and kept in a model file.
public struct TrainingRecord: Sendable, Equatable {
  /// What the validation rows came to at the parameters that were kept.
  public struct Held: Sendable, Equatable {
    /// How many rows.
    public var rowCount: Int
    /// Mean cross entropy of labels and predictions, in nats.
    public var crossEntropy: Double
    /// Mean entropy of the labels.
    public var labelEntropy: Double
    /// The difference: what training kept the smallest.
    public var divergence: Double

    /// Validation rows.
    public init(rowCount: Int, crossEntropy: Double, labelEntropy: Double, divergence: Double) {
      self.rowCount = rowCount
      self.crossEntropy = crossEntropy
      self.labelEntropy = labelEntropy
      self.divergence = divergence
    }

    init(_ sums: PredictionSummary, rowCount: Int) {
      self.init(
        rowCount: rowCount, crossEntropy: sums.crossEntropy / sums.weight,
        labelEntropy: sums.entropy / sums.weight, divergence: sums.divergence / sums.weight)
    }
  }

  /// Layers and activation.
  public var network: MultilayerPerceptron
  /// Where random numbers start: weights, order of rows, dropout, validation rows.
  public var seed: UInt64
  /// How it was trained.
  public var options: TrainingOptions
  /// The passes over the rows, in order. `loss` is the mean negative log-likelihood of the training
  /// rows as their batches met it, dropout included; `score` the mean divergence of the validation
  /// rows after the pass.
  public var history: [EpochRecord]
  /// The pass whose parameters were kept, from 1, or 0 for the start, which no pass bettered; nil
  /// for the last.
  public var bestEpoch: Int?
  /// The steps of the training on all rows, validation rows included, that followed and whose
  /// parameters were kept; nil if there was none.
  public var refitSteps: Int?
  /// The validation rows; nil where there were none.
  public var validation: Held?

  /// A record of its parts.
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

/// What an observer sees before the first pass, after each, and where training diverged.
public struct TrainingProgress: Sendable {
  /// The passes so far, in order.
  public let history: [EpochRecord]
  /// How many passes there will be at most.
  public let epochs: Int
  /// Mean entropy of the labels of the validation rows: cross entropy is this plus `score`.
  public let validationEntropy: Double?
  /// Which member of an ensemble is trained, from 0, and how many there are.
  public let member: (index: Int, count: Int)
  /// What a checkpoint keeps; nil for methods that cannot be resumed.
  public let state: StochasticState?
  /// Where training diverged: the last thing that is seen of it.
  public let divergence: Divergence?
}

/// Sees the progress of training and says whether it should go on. Nothing goes on after a
/// divergence.
public typealias TrainingObserver = @Sendable (TrainingProgress) -> Bool

extension TrainingRecord: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case network, seed, options, history, validation
    case bestEpoch = "best_epoch"
    case refitSteps = "refit_steps"
  }
}

extension TrainingRecord.Held: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case rowCount = "rows"
    case crossEntropy = "cross_entropy"
    case labelEntropy = "label_entropy"
    case divergence = "kl_divergence"
  }
}
