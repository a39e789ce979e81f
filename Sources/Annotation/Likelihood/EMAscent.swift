import RealModule

/// The way from a start to a maximum of the likelihood of votes.
///
/// Far from the maximum plain steps alternate with squared extrapolation; near it the last points
/// are mixed. A trial counts if its value is above that of the plain step before it, or equal up to
/// rounding with a smaller gradient; otherwise a plain step is taken.
struct EMAscent {
  typealias Parameters = VoteLikelihood.Parameters
  typealias Trial = ExpectationMaximization.Trial

  private let method: ExpectationMaximization
  /// The gradient, in votes, that counts as zero.
  private let goal: Double
  /// The point reached, and the step from it.
  private(set) var current: Trial
  /// The value at every accepted point, in order.
  private(set) var values: [Double] = []
  /// The number of computed steps.
  private(set) var iterations = 1
  /// Whether the end is a maximum; nil if there are steps to do.
  private(set) var hasConverged: Bool?
  /// The largest length of an extrapolation.
  private var reach = 4.0
  /// The number of successive steps without progress, and the smallest gradient that was progress.
  private var (idle, least) = (0, Double.infinity)
  /// The rate at which the last plain steps shrank.
  private var rate = 1.0
  private var mixing: AndersonMixing

  init(_ method: ExpectationMaximization, from start: Parameters) {
    self.method = method
    goal = max(
      method.tolerance,
      ExpectationMaximization.rounding * Double(method.likelihood.votes.count))
    current = (start, method.likelihood.step(from: start))
    mixing = AndersonMixing(depth: Self.depth(ofTable: start.table.count))
  }

  /// The number of points that are mixed, of a table of `count` numbers.
  private static func depth(ofTable count: Int) -> Int {
    min(mostDepth, mostNumbers / max(1, count))
  }

  /// The numbers that mixing stores: two tables for each point, and those of a step to the mixture.
  static func mixedNumbers(ofTable count: Int) -> Int {
    count.multipliedSaturating(by: 2 * depth(ofTable: count) + 16)
  }

  /// The rate of plain steps that is assumed at least: single pairs of steps may shrink faster.
  private static let leastRate = 0.99
  /// The largest number of points that are mixed, and of numbers that they consist of.
  private static let (mostDepth, mostNumbers) = (10, 10_000_000)

  /// Goes on to the next point.
  mutating func advance() {
    values.append(current.step.value)
    if current.step.gradient <= goal {
      hasConverged = true
    } else if rate < 1, current.step.decrement < ExpectationMaximization.nearGain, mixing.depth > 1
    {
      mix()
    } else {
      extrapolate()
    }
  }

  private mutating func trial(_ point: Parameters) -> Trial {
    iterations += 1
    return (point, method.likelihood.step(from: point))
  }

  private var noise: Double {
    ExpectationMaximization.rounding * current.step.value.magnitude
  }

  /// Whether a point is better than another, by more than rounding or by its gradient.
  private func isBetter(_ next: Trial, than other: Trial) -> Bool {
    let gain = next.step.value - other.step.value
    return gain > noise || gain >= -noise && next.step.gradient <= other.step.gradient
  }

  /// Ends the ascent at `next` if nothing is left to gain.
  private mutating func finish(at next: Trial) {
    idle = next.step.value > current.step.value + noise ? 0 : idle + 1
    if next.step.gradient < least / 2 { (least, idle) = (next.step.gradient, 0) }
    // A plain step gains half the decrement, and plain steps shrink by the rate.
    let distance =
      rate < 1 ? next.step.decrement / (2 * (1 - max(rate, Self.leastRate))) : .infinity
    if next.step.gradient <= goal || distance <= ExpectationMaximization.nearness * noise
      || idle > ExpectationMaximization.patience
    {
      hasConverged = true
    } else if iterations >= method.maximumIterations {
      hasConverged = false
    } else {
      return
    }
    values.append(next.step.value)
    current = next
  }

  /// Two plain steps and an extrapolation along them.
  private mutating func extrapolate() {
    let plain = trial(current.step.next)
    rate = (plain.step.decrement / current.step.decrement).squareRoot()
    finish(at: plain)
    if hasConverged != nil { return }
    values.append(plain.step.value)
    let length = method.length(current.point, plain.point, plain.step.next)
    let further = trial(
      method.extrapolated(current.point, plain.point, plain.step.next, by: min(length, reach)))
    if isBetter(further, than: plain) {
      if length >= reach { reach *= 4 }
      current = further
    } else {
      reach = max(2, reach / 4)
      current = trial(plain.step.next)
    }
  }

  /// A step to the mixture of the last points, or a plain step.
  private mutating func mix() {
    let change = mixing.change(at: current.point.numbers, image: current.step.next.numbers)
    var next = trial(change.map { method.moved(current.step.next, by: $0) } ?? current.step.next)
    if change != nil, !isBetter(next, than: current) {
      mixing.reset()
      next = trial(current.step.next)
    }
    finish(at: next)
    if hasConverged == nil { current = next }
  }
}

extension VoteLikelihood.Parameters {
  /// All numbers: the prior, then the table.
  fileprivate var numbers: [Double] { prior + table }
}
