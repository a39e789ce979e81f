import RealModule
import SurprisalLinearAlgebra
import SurprisalOptimization

/// Minus the log density of votes and abilities, with its gradient: classes and difficulties are
/// summed out.
///
/// A vote of annotator a on an item with `b = -log(difficulty)` is right with probability `σ(x)`,
/// `x = α_a exp(b)`; every wrong class has the same share of the rest. `b` is one of the values b_q
/// of a grid, with the probability ω_q. With the weight w of a vote, the objective is
///
///     -Σ_i log Σ_k π_k Σ_q ω_q Π_votes P(vote | k, q)^w + Σ_a (α_a - 1)² / 2
///
/// plus the constant of the normal density. With `r_kq` the posterior of class and value (Fisher's
/// identity), the derivative of the log density by α_a is
///
///     Σ_votes w Σ_q exp(b_q) (r_vq - σ(α_a exp(b_q)) Σ_k r_kq) - (α_a - 1)
///
/// A point has the abilities, then logarithms of the shares of the classes, which have any sum. A
/// pass reads the votes item by item; the terms of annotators are stored and added in the order of
/// the votes. No bit depends on the number of threads.
struct GladLikelihood: DifferentiableObjective {
  let votes: Votes
  /// Classes that are known, -1 for others.
  let gold: [Int32]?
  var reducer: any Reducer
  /// The number of items with votes.
  let votedItems: Double
  /// The votes by annotator: positions in `votes.cells`.
  let annotatorStarts: [Int]
  let annotatorVotes: [UInt32]

  /// The mean of abilities and of `b`, both of standard deviation 1.
  static let priorMean = 1.0
  /// The values of `b`: in steps of a half, within four standard deviations.
  static let logEases = (0..<16).map { priorMean + (Double($0) - 7.5) / 2 }
  /// `exp(b_q)`.
  static let eases = logEases.map { Double.exp($0) }
  /// ω, proportional to the normal density.
  static let shares: [Double] = {
    let densities = logEases.map { Double.exp(-0.5 * ($0 - priorMean) * ($0 - priorMean)) }
    let total = densities.reduce(0, +)
    return densities.map { $0 / total }
  }()

  init(_ votes: Votes, gold: [Int32]?, reducer: any Reducer) {
    self.votes = votes
    self.gold = gold
    self.reducer = reducer
    votedItems = Double(votes.votedItemCount)
    var starts = [Int](repeating: 0, count: votes.annotatorCount + 1)
    for annotator in 0..<votes.annotatorCount {
      starts[annotator + 1] = starts[annotator] + votes.voteCount(ofAnnotator: annotator)
    }
    var (next, sorted) = (starts, [UInt32](repeating: 0, count: votes.count))
    for (vote, cell) in votes.cells.enumerated() {
      let annotator = Int(cell) / votes.classCount
      sorted[next[annotator]] = UInt32(truncatingIfNeeded: vote)
      next[annotator] += 1
    }
    (annotatorStarts, annotatorVotes) = (starts, sorted)
  }

  // MARK: Points

  var dimension: Int { votes.annotatorCount + votes.classCount }
  /// The first index of the logarithms of shares.
  var classStart: Int { votes.annotatorCount }

  /// π at a point.
  func classPrior(at point: [Double]) -> [Double] {
    logPrior(at: point).map { Double.exp($0) }
  }

  /// log π at a point.
  func logPrior(at point: [Double]) -> [Double] {
    let logs = point[classStart...]
    let most = logs.reduce(-Double.infinity, max)
    let total = most + Double.log(logs.reduce(0) { $0 + Double.exp($1 - most) })
    return logs.map { $0 - total }
  }

  /// The point that follows from posteriors if all items are alike: abilities that maximise the
  /// expected log density at the mean of `b`, which is concave in each.
  func start(from posterior: [Double]) -> [Double] {
    let (classCount, ease) = (votes.classCount, Double.exp(Self.priorMean))
    var sums = [(right: Double, all: Double)](repeating: (0, 0), count: votes.annotatorCount)
    var classes = [Double](repeating: 0, count: classCount)
    for item in 0..<votes.itemCount where !votes.range(ofItem: item).isEmpty {
      for vote in votes.range(ofItem: item) {
        let (annotator, label) = Int(votes.cells[vote]).quotientAndRemainder(dividingBy: classCount)
        let weight = votes.weights?[vote] ?? 1
        sums[annotator].right += weight * posterior[item * classCount + label]
        sums[annotator].all += weight
      }
      for k in 0..<classCount { classes[k] += posterior[item * classCount + k] }
    }
    let abilities = sums.map { sum -> Double in
      var ability = Self.priorMean
      for _ in 0..<50 {
        let slope =
          (sum.right - sum.all * Self.logistic(ability * ease)) * ease - (ability - Self.priorMean)
        // The largest curvature: no step is too long.
        ability += slope / (sum.all * ease * ease / 4 + 1)
      }
      return ability
    }
    return abilities + classes.map { Double.log(max($0, 1e-3) / votedItems) }
  }

  // MARK: Value and gradient

  func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
    let pass = pass(at: point, measures: .slopes)
    for index in 0..<classStart {
      gradient[index] = point[index] - Self.priorMean - pass.sums[index]
    }
    for index in classStart..<dimension { gradient[index] = -pass.sums[index] }
    return -(pass.logLikelihood + logDensity(at: point))
  }

  /// The log density of abilities.
  func logDensity(at point: [Double]) -> Double {
    SummationTree.sum(ofRows: classStart) {
      let distance = point[$0] - Self.priorMean
      return -0.5 * distance * distance - 0.5 * Double.log(2 * .pi)
    }
  }

  /// The curvature of minus the expected log density of votes with known classes and difficulties,
  /// in each coordinate: positive, at least 1 for abilities.
  func curvatures(at point: [Double]) -> [Double] {
    var result = pass(at: point, measures: .curvatures).sums
    for index in 0..<classStart { result[index] += 1 }
    return result
  }

  /// The results of `body` for runs of consecutive indices, in their order.
  func mapRuns<Result: Sendable>(
    of count: Int, _ body: @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    let size = 1024
    return reducer.map(count: (count + size - 1) / size) {
      body($0 * size..<min(count, ($0 + 1) * size))
    }
  }

  static func logistic(_ x: Double) -> Double {
    let small = Double.exp(-x.magnitude)
    return x >= 0 ? 1 / (1 + small) : small / (1 + small)
  }
}
