/// When the rate of a stochastic solver falls, and when training is over, told by the scores of its
/// passes alone: no horizon has to be known.
///
/// After `patience` passes whose score is not below the best so far by the proportion `tolerance`,
/// the rate is multiplied by `factor` and training goes on from the best point; after `cuts` such
/// falls the next plateau is the end.
public struct Plateau: Sendable, Hashable {
  /// Passes without a better score.
  public var patience: Int
  /// How often the rate falls.
  public var cuts = 3
  /// What the rate is multiplied by.
  public var factor = 0.3
  /// The least proportion by which a better score is better.
  public var tolerance = 1e-3

  /// A plateau of `patience` passes.
  public init(patience: Int) {
    precondition(patience >= 1)
    self.patience = patience
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
    for score in scores {
      result.hasJustFallen = false
      since += 1
      if score < best - tolerance * best.magnitude || best == .infinity {
        (best, since) = (score, 0)
      }
      guard since >= patience else { continue }
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
