/// Everything a stochastic solver carries from pass to pass: a run that goes on from a saved state
/// ends with the same bits as one that was never interrupted.
public struct StochasticState: Sendable, Equatable {
  /// Where it is.
  public var point: [Double]
  /// What its rule remembers.
  public var memory: [[Double]]
  /// Steps taken.
  public var stepCount: Int
  /// The objective over the first batch.
  public var firstValue: Double?
  /// The passes done, in order.
  public var history: [EpochRecord]
  /// The point with the lowest score, where passes are scored.
  public var best: [Double]?
  /// The pass after which it was reached, counted from 1; 0 for the start.
  public var bestEpoch: Int?
  /// The score of the start, where it was taken: a candidate like the point after any pass.
  public var startScore: Double?

  /// The state before the first step.
  public init(start: [Double], rule: some StepRule) {
    self.init(
      point: start,
      memory: (0..<rule.memoryCount).map { _ in [Double](repeating: 0, count: start.count) })
  }

  /// A state of its parts.
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

  /// Makes the point the best one if nothing was done and scored yet: no run is worse than its
  /// start. A score that is not finite is none.
  mutating func offerStart(score: Double?) {
    guard history.isEmpty, bestEpoch == nil, let score, score.isFinite else { return }
    (best, bestEpoch, startScore) = (point, 0, score)
  }
}

/// What one pass over the data came to.
public struct EpochRecord: Sendable, Equatable, Codable {
  /// The number of the pass, counted from 1.
  public var epoch: Int
  /// The mean of the objective over its batches, each at the point where it was met.
  public var value: Double
  /// What the pass itself reports of the data, the penalty left out.
  public var loss: Double
  /// What is to be made small on data held out; nil where none are.
  public var score: Double?
  /// The rate of its last step.
  public var rate: Double

  /// A record of its parts.
  public init(epoch: Int, value: Double, loss: Double, score: Double?, rate: Double) {
    self.epoch = epoch
    self.value = value
    self.loss = loss
    self.score = score
    self.rate = rate
  }
}
