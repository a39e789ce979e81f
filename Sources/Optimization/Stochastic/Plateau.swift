/// When the rate of a stochastic solver falls, and when training is over, told by the scores of its
/// passes alone: no horizon has to be known.
///
/// After `patience` passes, and not before the first `least` of all, whose score is not below the
/// best so far by the proportion `tolerance`, the rate is multiplied by `factor` and training goes
/// on from the best point; after `cuts` such falls the next plateau is the end.
public struct Plateau: Sendable, Hashable {
  /// Passes without a better score.
  public var patience: Int
  /// Passes before which the rate does not fall for the first time.
  public var least: Int
  /// How often the rate falls.
  public var cuts = 3
  /// What the rate is multiplied by.
  public var factor = 0.3
  /// The least proportion by which a better score is better.
  public var tolerance = 1e-3

  /// A plateau of `patience` passes; the rate does not fall within the first `least`.
  public init(patience: Int, least: Int = 0) {
    precondition(patience >= 1)
    self.patience = patience
    self.least = least
  }

  /// Where a run is.
  public struct Standing: Sendable, Equatable {
    /// How often the rate has fallen.
    public var cuts = 0
    /// Whether it fell after the last pass.
    public var hasJustFallen = false
    /// Whether there is nothing left to try.
    public var isOver = false
  }

  /// Where a run is whose passes had these scores, from a start that had one or none.
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
  /// from 1: those without the passes that were given up when the rate fell and training went back
  /// to the best point.
  public func path(to best: Int, scores: [Double], start: Double?) -> [Int] {
    var (path, bestPath, bestScore): ([Int], [Int], Double) = ([], [], start ?? .infinity)
    for pass in 0..<best {
      if standing(scores: Array(scores[..<pass]), start: start).hasJustFallen { path = bestPath }
      path.append(pass)
      if scores[pass] < bestScore { (bestPath, bestScore) = (path, scores[pass]) }
    }
    return path
  }

  /// What the peak rate is multiplied by after so many falls.
  public func share(cuts: Int) -> Double { (0..<cuts).reduce(1) { share, _ in share * factor } }
}

/// The rates of an earlier run, step by step, for a run on other rows.
public struct RateReplay: Sendable, Hashable {
  /// The rate of each pass of the earlier run.
  public var rates: [Double]
  /// Steps of a pass of the earlier run.
  public var stepsPerPass: Int

  /// The rates of passes; at least one.
  public init(rates: [Double], stepsPerPass: Int) {
    precondition(!rates.isEmpty && stepsPerPass >= 1)
    self.rates = rates
    self.stepsPerPass = stepsPerPass
  }

  /// How many steps there are.
  public var stepCount: Int { rates.count * stepsPerPass }

  /// The rate of a step, counted from 0.
  func rate(step: Int) -> Double { rates[min(step / stepsPerPass, rates.count - 1)] }
}
