/// The complete state of a stochastic solver between passes: a run continued from a saved state
/// ends with the same bits as an uninterrupted one.
public struct StochasticState: Sendable, Equatable {
  /// The current point.
  public var point: [Double]
  /// The vectors of the step rule.
  public var memory: [[Double]]
  /// The number of steps taken.
  public var stepCount: Int
  /// The objective over the first batch.
  public var firstValue: Double?
  /// The completed passes, in order.
  public var history: [EpochRecord]
  /// The point with the lowest score, if passes are scored.
  public var best: [Double]?
  /// The pass after which that point was reached, counted from 1; 0 for the start.
  public var bestEpoch: Int?
  /// The score of the start, if it was computed: the start is a candidate for the best point.
  public var startScore: Double?

  /// The state before the first step.
  public init(start: [Double], rule: some StepRule) {
    self.init(
      point: start,
      memory: (0..<rule.memoryCount).map { _ in [Double](repeating: 0, count: start.count) })
  }

  /// Creates a state.
  public init(
    point: [Double], memory: [[Double]], stepCount: Int = 0, firstValue: Double? = nil,
    history: [EpochRecord] = [], best: [Double]? = nil, bestEpoch: Int? = nil,
    startScore: Double? = nil
  ) {
    self.point = point
    self.memory = memory
    self.stepCount = stepCount
    self.firstValue = firstValue
    self.history = history
    self.best = best
    self.bestEpoch = bestEpoch
    self.startScore = startScore
  }

  /// The lowest score so far.
  public var bestScore: Double? {
    bestEpoch.flatMap { epoch in
      epoch == 0 ? startScore : history.first { $0.epoch == epoch }?.score
    }
  }

  /// Makes the point the best one if no pass has been scored yet, so that no run ends worse than
  /// its start. A score that is not finite is ignored.
  mutating func offerStart(score: Double?) {
    guard history.isEmpty, bestEpoch == nil, let score, score.isFinite else { return }
    (best, bestEpoch, startScore) = (point, 0, score)
  }
}

/// The results of one pass over the data.
public struct EpochRecord: Sendable, Equatable, Codable {
  /// The number of the pass, counted from 1.
  public var epoch: Int
  /// The mean of the objective over the batches, each at the point current at that batch.
  public var value: Double
  /// The loss that the pass reports, without the penalty.
  public var loss: Double
  /// The score on held-out data, lower is better; nil if none are held out.
  public var score: Double?
  /// The rate of the last step.
  public var rate: Double

  /// Creates a record.
  public init(epoch: Int, value: Double, loss: Double, score: Double?, rate: Double) {
    self.epoch = epoch
    self.value = value
    self.loss = loss
    self.score = score
    self.rate = rate
  }
}
