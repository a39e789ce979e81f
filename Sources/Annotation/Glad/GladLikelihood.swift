import RealModule
import SurprisalLinearAlgebra
import SurprisalOptimization

/// Minus the log density of votes, abilities and difficulties, with its gradient.
///
/// A vote of annotator a on item i is right with probability `σ(x)`, `x = α_a exp(b_i)`; every wrong
/// class has the same share of the rest. With the weight w of a vote, the log-likelihood of an item
/// for class k is
///
///     Σ_votes for k w (x + log(C - 1)) - Σ_votes w (log(1 + exp(x)) + log(C - 1))
///
/// and the objective is `-Σ_i log Σ_k π_k exp(...) + Σ_a (α_a - 1)² / 2 + Σ_i (b_i - 1)² / 2` plus
/// the constant of both normal densities. With r the posterior of the class voted for (Fisher's
/// identity), the derivatives of the log density are
///
///     α_a: Σ w (r - σ(x)) exp(b_i) - (α_a - 1)      b_i: Σ w (r - σ(x)) x - (b_i - 1)
///
/// A point has the abilities, then `b` of all items, then logarithms of the shares of the classes,
/// which have any sum. A pass reads the votes item by item; the terms of annotators are stored and
/// added in the order of the votes. No bit depends on the number of threads.
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
  private let logWrongClasses: Double

  /// The mean of the densities of abilities and of `b`, both of standard deviation 1.
  static let priorMean = 1.0

  init(_ votes: Votes, gold: [Int32]?, reducer: any Reducer) {
    self.votes = votes
    self.gold = gold
    self.reducer = reducer
    logWrongClasses = Double.log(Double(votes.classCount - 1))
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

  var dimension: Int { votes.annotatorCount + votes.itemCount + votes.classCount }
  /// The first index of `b`, and of the logarithms of shares.
  var itemStart: Int { votes.annotatorCount }
  var classStart: Int { votes.annotatorCount + votes.itemCount }

  /// π at a point.
  func classPrior(at point: [Double]) -> [Double] {
    let logs = logPrior(at: point)
    return logs.map { Double.exp($0) }
  }

  private func logPrior(at point: [Double]) -> [Double] {
    let logs = point[classStart...]
    let most = logs.reduce(-Double.infinity, max)
    let total = most + Double.log(logs.reduce(0) { $0 + Double.exp($1 - most) })
    return logs.map { $0 - total }
  }

  /// The point that follows from posteriors if all items are alike: `b` at its mean, and abilities
  /// that maximise the expected log density, which is concave in each.
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
        let right = Self.logistic(ability * ease)
        let slope = (sum.right - sum.all * right) * ease - (ability - Self.priorMean)
        // The largest curvature: no step is too long.
        ability += slope / (sum.all * ease * ease / 4 + 1)
      }
      return ability
    }
    return abilities + [Double](repeating: Self.priorMean, count: votes.itemCount)
      + classes.map { Double.log(max($0, 1e-3) / votedItems) }
  }

  // MARK: Value and gradient

  func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
    let pass = pass(at: point, measures: .slopes)
    for (index, mean) in point[..<classStart].enumerated() {
      gradient[index] = mean - Self.priorMean - pass.slopes[index]
    }
    for k in 0..<votes.classCount { gradient[classStart + k] = -pass.slopes[classStart + k] }
    return -(pass.logLikelihood + logDensity(at: point))
  }

  /// The log density of abilities and of `b`.
  func logDensity(at point: [Double]) -> Double {
    SummationTree.sum(ofRows: classStart) {
      let distance = point[$0] - Self.priorMean
      return -0.5 * distance * distance - 0.5 * Double.log(2 * .pi)
    }
  }

  /// The curvature of minus the expected log density of votes with classes, in each coordinate:
  /// at least 1 for abilities and `b`, whose part that may be negative is left out.
  func curvatures(at point: [Double]) -> [Double] {
    var result = pass(at: point, measures: .curvatures).slopes
    for index in 0..<classStart { result[index] += 1 }
    return result
  }

  /// The posterior of each item, `classCount` numbers each.
  func posterior(at point: [Double]) -> [Double] {
    rows(at: point) { row, item, target in
      for k in row.indices { target[k] = row[k] }
      if let known = gold?[item], known >= 0 {
        for k in row.indices { target[k] = k == Int(known) ? 1 : 0 }
      } else {
        _ = Self.normalize(target, row.count)
      }
    }
  }

  /// The log evidence of each item and class, the largest of an item 0.
  func logEvidence(at point: [Double]) -> [Double] {
    let logs = logPrior(at: point)
    return rows(at: point) { row, _, target in
      for k in row.indices { target[k] = row[k] - logs[k] }
      let most = (0..<row.count).reduce(-Double.infinity) { max($0, target[$1]) }
      for k in row.indices { target[k] -= most }
    }
  }

  private func rows(
    at point: [Double],
    _ write: @Sendable (UnsafeMutableBufferPointer<Double>, Int, UnsafeMutablePointer<Double>) ->
      Void
  ) -> [Double] {
    let classCount = votes.classCount
    let logs = logPrior(at: point)
    return [Double](unsafeUninitializedCapacity: votes.itemCount * classCount) {
      buffer, initialized in
      let target = VoteLikelihood.Storage(buffer)
      _ = mapRuns(of: votes.itemCount) { items in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: classCount) { row in
          for item in items {
            for k in 0..<classCount { row[k] = logs[k] }
            _ = add(votesOf: item, at: point, to: row, remembering: nil)
            write(row, item, target.row(item, classCount))
          }
        }
        return 0
      }
      initialized = votes.itemCount * classCount
    }
  }

  // MARK: Parts

  /// Adds the log-likelihood of the votes of an item for each class; remembers `x` and `σ(x)` of
  /// every vote, and returns `exp(b)`.
  @inline(__always)
  func add(
    votesOf item: Int, at point: [Double], to row: UnsafeMutableBufferPointer<Double>,
    remembering memory: UnsafeMutableBufferPointer<(x: Double, right: Double)>?
  ) -> Double {
    let ease = Double.exp(point[itemStart + item])
    var (common, product) = (0.0, 1.0)
    let range = votes.range(ofItem: item)
    for vote in range {
      let (annotator, label) = Int(votes.cells[vote]).quotientAndRemainder(
        dividingBy: votes.classCount)
      let x = point[annotator] * ease
      let small = Double.exp(-x.magnitude)
      memory?[vote - range.lowerBound] = (x, x >= 0 ? 1 / (1 + small) : small / (1 + small))
      if let weights = votes.weights {
        let weight = weights[vote]
        row[label] += weight * (x + logWrongClasses)
        common -= weight * (max(x, 0) + Double.log(onePlus: small) + logWrongClasses)
      } else {
        row[label] += x + logWrongClasses
        common -= max(x, 0) + logWrongClasses
        // One logarithm for many votes.
        product *= 1 + small
        if product > 1e300 {
          common -= Double.log(product)
          product = 1
        }
      }
    }
    common -= Double.log(product)
    for k in row.indices { row[k] += common }
    return ease
  }

  /// Turns logarithms into probabilities; returns the logarithm of the sum of exponentials.
  static func normalize(_ row: UnsafeMutablePointer<Double>, _ count: Int) -> Double {
    var (most, total) = (-Double.infinity, 0.0)
    for k in 0..<count { most = max(most, row[k]) }
    for k in 0..<count {
      row[k] = Double.exp(row[k] - most)
      total += row[k]
    }
    for k in 0..<count { row[k] /= total }
    return most + Double.log(total)
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
