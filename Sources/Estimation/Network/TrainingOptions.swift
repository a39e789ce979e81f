import SurprisalDatasets
import SurprisalOptimization

/// How a network is trained.
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
  /// The most passes over the rows.
  public var epochs: Int
  /// Rows of a batch.
  public var batchSize: Int
  /// The largest step; nil for 1e-3 with `adamW` and 0.1 with `sgd`.
  public var learningRate: Double?
  /// With `.plateau` `epochs` is a bound and `patience`, 10 by default, the passes after which the
  /// rate falls.
  public var schedule: LearningRate.Schedule
  /// Passes over which the rate rises; may be part of one.
  public var warmUp: Double
  /// Gradients longer than this are shortened to it.
  public var clipping: Double?
  /// Decay of weights beside the gradient. With `adamW` this is not the prior: see `AdamW`.
  public var decay: Double
  /// Passes without a better validation divergence after which training ends; nil for never.
  public var patience: Int?
  /// Whether L-BFGS over all rows is tried too if they and the parameters are few: what does better
  /// on the rows held out is taken. Not kept in files, where `method` is what was taken.
  public var triesAllRows = false
  /// What one unit of a standardised feature is; the prior is about the weights of these.
  public var inputScale: InputScale

  /// Options; all have defaults.
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

  /// The largest step, the default of the method in place of nil.
  public var peakRate: Double { learningRate ?? (method == .sgd ? 0.1 : 1e-3) }

  /// The rate in steps of a pass of `batchCount` batches.
  func rate(batchCount: Int) -> LearningRate {
    LearningRate(
      peakRate, schedule: schedule,
      warmUp: Int((warmUp * Double(batchCount)).rounded(.up)))
  }
}

/// The rows a network is judged by while it is trained; they are not trained on.
public enum Validation: Sendable {
  /// None: the last parameters are kept.
  case none
  /// This share of the rows, drawn by the seed.
  case share(Double)
  /// One of so many folds, stratified by known classes and drawn by the seed. It finds the number
  /// of steps; the network is then trained on all rows for as many, at the same rates, unless there
  /// are more rows than `Validation.mostRefitRows`.
  case fold(of: Int)
  /// Other rows with the same columns and classes.
  case data(Dataset)
}

extension Validation {
  /// With more rows nothing is trained twice: a fifth or a tenth more of them changes little.
  public static let mostRefitRows = 20_000
  /// With so many rows or fewer all folds are held out in turn to find the iterations of L-BFGS:
  /// one of them alone tells too little.
  static let mostRowsOfAllFolds = 200
}

extension TrainingOptions {
  /// The steps before which the rate of a plateau does not fall: some problems begin with one.
  private static let leastSteps = 1000

  /// The plateau of the schedule of that name.
  func plateau(batchCount: Int) -> Plateau? {
    guard schedule == .plateau else { return nil }
    let least = (Self.leastSteps + batchCount - 1) / batchCount
    return Plateau(patience: patience ?? 10, least: least)
  }
}

extension TrainingOptions: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case method, epochs, schedule, decay, patience
    case batchSize = "batch_size"
    case learningRate = "learning_rate"
    case warmUp = "warm_up"
    case clipping = "clip"
    case inputScale = "input_scale"
  }
}
