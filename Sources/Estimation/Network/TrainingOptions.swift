import SurprisalDatasets
import SurprisalOptimization

/// Options for the training of a network.
public struct TrainingOptions: Sendable, Hashable {
  /// The method of minimisation.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// Adam with decoupled decay; see `AdamW`.
    case adamW = "adamw"
    /// Stochastic gradient descent with Nesterov's momentum.
    case sgd
    /// L-BFGS over all rows at once: no batches, no dropout.
    case lbfgs
  }

  public var method: Method
  /// The maximum number of passes over the rows.
  public var epochs: Int
  /// The number of rows of a batch.
  public var batchSize: Int
  /// The peak learning rate; nil for 1e-3 with `adamW` and 0.1 with `sgd`.
  public var learningRate: Double?
  /// The schedule of the rate. With `.plateau`, `epochs` is a bound, and the rate falls after
  /// `patience` passes, 10 by default, without a better score.
  public var schedule: LearningRate.Schedule
  /// The number of passes over which the rate rises; may be a fraction.
  public var warmUp: Double
  /// The maximum length of gradients; longer ones are scaled to it.
  public var clipping: Double?
  /// The decoupled decay of weights. With `adamW` this is not equivalent to a prior: see `AdamW`.
  public var decay: Double
  /// The number of passes without a better validation divergence after which training ends; nil for
  /// never.
  public var patience: Int?
  /// Whether L-BFGS over all rows is tried too if rows and parameters are few; the result with the
  /// smaller divergence on the held-out rows is used. Not stored in files, where `method` is the
  /// method used.
  public var triesAllRows = false
  /// The standardisation of features; the prior is on the weights of standardised features.
  public var inputScale: InputScale

  /// Options; all have defaults. Precondition: `batchSize` is positive; `epochs`, `warmUp` and
  /// `decay` are not negative.
  public init(
    method: Method = .adamW, epochs: Int = 30, batchSize: Int = 128, learningRate: Double? = nil,
    schedule: LearningRate.Schedule = .cosine, warmUp: Double = 1, clipping: Double? = nil,
    decay: Double = 0, patience: Int? = nil, inputScale: InputScale = .columns
  ) {
    precondition(epochs >= 0 && batchSize >= 1 && warmUp >= 0 && decay >= 0)
    self.method = method
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.schedule = schedule
    self.warmUp = warmUp
    self.clipping = clipping
    self.decay = decay
    self.patience = patience
    self.inputScale = inputScale
  }

  /// The peak learning rate; nil is replaced by the default of the method.
  public var peakRate: Double { learningRate ?? (method == .sgd ? 0.1 : 1e-3) }

  /// The rate in steps, for passes of `batchCount` batches.
  func rate(batchCount: Int) -> LearningRate {
    LearningRate(
      peakRate, schedule: schedule,
      warmUp: Int((warmUp * Double(batchCount)).rounded(.up)))
  }
}

/// The rows by which a network is judged while it is trained; they are not trained on.
public enum Validation: Sendable {
  /// None: the last parameters are kept.
  case none
  /// This share of the rows, drawn by the seed.
  case share(Double)
  /// One of a number of folds, stratified by known classes and drawn by the seed. It determines the
  /// number of steps; the network is then trained on all rows with the same steps and rates, unless
  /// there are more rows than `Validation.mostRefitRows`.
  case fold(of: Int)
  /// Other rows with the same columns and classes.
  case data(Dataset)
}

extension Validation {
  /// The most rows with which a network is trained again on all rows: for more, the additional
  /// fifth or tenth of the rows changes little.
  public static let mostRefitRows = 20_000
  /// The most rows with which all folds are held out in turn to determine the iterations of L-BFGS:
  /// with so few rows a single fold is too imprecise.
  package static let mostRowsOfAllFolds = 200
}

extension TrainingOptions {
  /// The number of steps before which the rate of a plateau does not fall: the objective of some
  /// problems starts with a plateau.
  private static let leastSteps = 1000

  /// The plateau, if the schedule is `.plateau`.
  func plateau(batchCount: Int) -> Plateau? {
    guard schedule == .plateau else { return nil }
    let least = (Self.leastSteps + batchCount - 1) / batchCount
    return Plateau(patience: patience ?? 10, least: least)
  }
}

extension TrainingOptions: Codable {
  /// The names of the properties in files.
  private enum CodingKeys: String, CodingKey {
    case method, epochs, schedule, decay, patience
    case batchSize = "batch_size"
    case learningRate = "learning_rate"
    case warmUp = "warm_up"
    case clipping = "clip"
    case inputScale = "input_scale"
  }
}
