/// Determines from the scores of the passes when the rate of a stochastic solver falls and when
/// training ends, so that the number of passes need not be known in advance.
///
/// If the scores of `patience` successive passes are not below the best so far by the relative
/// amount `tolerance`, but not within the first `least` passes, the rate is multiplied by `factor`
/// and training continues from the best point; after `cuts` such reductions the next plateau ends
/// it.
public struct Plateau: Sendable, Hashable {
  /// The number of passes without a better score.
  public var patience: Int
  /// The number of passes before the first reduction of the rate.
  public var least: Int
  /// The number of reductions of the rate.
  public var cuts = 3
  /// The factor of each reduction.
  public var factor = 0.3
  /// The smallest relative improvement that counts as a better score.
  public var tolerance = 1e-3

  /// A plateau of `patience` passes; the rate does not fall within the first `least`. Precondition:
  /// `patience` is positive.
  public init(patience: Int, least: Int = 0) {
    precondition(patience >= 1)
    self.patience = patience
    self.least = least
  }

  /// The state of a run.
  public struct Standing: Sendable, Equatable {
    /// The number of reductions so far.
    public var cuts = 0
    /// Whether the rate was reduced after the last pass.
    public var hasJustFallen = false
    /// Whether training ends.
    public var isOver = false
  }

  /// The state of a run whose passes had these scores, from a start with one or no score.
  public func standing(scores: [Double], start: Double?) -> Standing {
    var result = Standing()
    var (best, since) = (start ?? .infinity, 0)
    for (pass, score) in scores.enumerated() {
      result.hasJustFallen = false
      since += 1
      if score < best - tolerance * best.magnitude || best == .infinity {
        (best, since) = (score, 0)
      }
      guard since >= patience, pass + 1 >= least else { continue }
      since = 0
      if result.cuts == cuts {
        result.isOver = true
        break
      }
      result.cuts += 1
      result.hasJustFallen = true
    }
    return result
  }

  /// The passes, from 0, whose steps lead from the start to the point after pass `best`, counted
  /// from 1. Passes that were discarded when the rate fell and training returned to the best point
  /// are omitted.
  public func path(to best: Int, scores: [Double], start: Double?) -> [Int] {
    var (path, bestPath, bestScore): ([Int], [Int], Double) = ([], [], start ?? .infinity)
    for pass in 0..<best {
      if standing(scores: Array(scores[..<pass]), start: start).hasJustFallen { path = bestPath }
      path.append(pass)
      if scores[pass] < bestScore { (bestPath, bestScore) = (path, scores[pass]) }
    }
    return path
  }

  /// The factor of the peak rate after a number of reductions.
  public func share(cuts: Int) -> Double { (0..<cuts).reduce(1) { share, _ in share * factor } }
}

/// The rates of an earlier run, step by step, for a run on other rows.
public struct RateReplay: Sendable, Hashable {
  /// The rate of each pass of the earlier run.
  public var rates: [Double]
  /// Steps of a pass of the earlier run.
  public var stepsPerPass: Int

  /// The rates of passes. Precondition: there is a pass, and it has a step.
  public init(rates: [Double], stepsPerPass: Int) {
    precondition(!rates.isEmpty && stepsPerPass >= 1)
    self.rates = rates
    self.stepsPerPass = stepsPerPass
  }

  /// The number of steps.
  public var stepCount: Int { rates.count * stepsPerPass }

  /// The same with each of the last `passes` passes, or of all if there are fewer, replaced by two,
  /// whose rates fall linearly to zero; the sum of constant rates is unchanged.
  public func cooled(passes: Int) -> RateReplay {
    let count = min(passes, rates.count)
    var result = self
    result.rates.removeLast(count)
    for index in 0..<2 * count {
      let share = 1 - (Double(index) + 0.5) / Double(2 * count)
      result.rates.append(share * rates[rates.count - count + index / 2])
    }
    return result
  }

  /// The rate of a step, counted from 0.
  func rate(step: Int) -> Double { rates[min(step / stepsPerPass, rates.count - 1)] }
}
