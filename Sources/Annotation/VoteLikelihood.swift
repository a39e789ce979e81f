import RealModule
import SurprisalLinearAlgebra

/// The marginal log-likelihood of votes whose classes are not known, and the step of expectation
/// maximisation.
///
///     l = Σ_i log Σ_k π_k Π_votes T[annotator][k, vote]
///
/// with the log density `Σ α_kv log T[k, v]` of pseudo-counts added. The prior of the classes
/// enters once an item. All products are sums of logarithms: an item may have any number of votes.
/// Sums run over blocks of items and over cells, so that no bit depends on the number of threads.
struct VoteLikelihood: Sendable {
  /// Prior of the classes and probabilities of votes.
  struct Parameters: Sendable {
    /// π, one a class.
    var prior: [Double]
    /// `P(vote of the cell | class)`, cell after cell, `classCount` each.
    var table: [Double]
  }

  /// What a step computes.
  struct Step {
    /// The log-likelihood at the point where the step begins.
    var logLikelihood: Double
    /// The same plus the log density of the pseudo-counts: what is maximised.
    var value: Double
    /// The largest gradient in log odds at that point, in votes.
    var gradient: Double
    /// The point where the step ends.
    var next: Parameters
  }

  let votes: Votes
  /// One accuracy an annotator instead of a matrix.
  let isOneCoin: Bool
  let pseudoCounts: PseudoCounts
  /// Classes that are known, -1 for others.
  var gold: [Int32]?
  var reducer: any Reducer
  let segments: VoteSegments
  private let votedItems: Double
  /// The sum of the weights of all votes.
  let totalWeight: Double

  init(
    _ votes: Votes, isOneCoin: Bool, pseudoCounts: PseudoCounts, gold: [Int32]? = nil,
    reducer: any Reducer
  ) {
    self.votes = votes
    self.isOneCoin = isOneCoin
    self.pseudoCounts = pseudoCounts
    self.gold = gold
    self.reducer = reducer
    segments = VoteSegments(votes)
    votedItems = Double(votes.votedItemCount)
    totalWeight = votes.weights?.reduce(0, +) ?? Double(votes.count)
  }

  var classCount: Int { votes.classCount }

  /// The number of free parameters.
  var parameterCount: Int {
    classCount - 1
      + votes.annotatorCount * (isOneCoin ? 1 : classCount * (classCount - 1))
  }

  /// Value and gradient at `point`, the posteriors there, and where the step leads.
  func step(from point: Parameters, posterior: inout [Double]) -> Step {
    let logs = logarithms(of: point)
    let (logLikelihood, classSums) = expectation(logs, &posterior)
    let ofPrior = zip(classSums, point.prior).reduce(0) {
      max($0, ($1.0 - votedItems * $1.1).magnitude)
    }
    let (table, gradient) = maximization(
      expectedCounts(posterior), at: point.table, gradient: ofPrior)
    return Step(
      logLikelihood: logLikelihood, value: logLikelihood + logDensity(logs.table),
      gradient: gradient, next: Parameters(prior: classSums.map { $0 / votedItems }, table: table))
  }

  /// The parameters that posteriors lead to.
  func parameters(of posterior: [Double]) -> Parameters {
    var sums = [Double](repeating: 0, count: classCount)
    for item in 0..<votes.itemCount where !votes.range(ofItem: item).isEmpty {
      for k in 0..<classCount { sums[k] += posterior[item * classCount + k] }
    }
    let counts = expectedCounts(posterior)
    return Parameters(
      prior: sums.map { $0 / votedItems },
      table: maximization(counts, at: counts, gradient: 0).table)
  }

  /// The logarithms of the evidence of each item, the largest of each 0: the likelihood of its
  /// votes for each class.
  func logEvidence(at point: Parameters) -> [Double] {
    var result = [Double](repeating: 0, count: votes.itemCount * classCount)
    let logs = Parameters(
      prior: [Double](repeating: 0, count: classCount), table: logarithms(of: point).table)
    result.withUnsafeMutableBufferPointer { buffer in
      let target = Storage(buffer)
      forEachItemBlock { rows in
        self.logJoint(rows, logs, target)
        for item in rows {
          let row = target.row(item, classCount)
          let most = (0..<classCount).reduce(-Double.infinity) { max($0, row[$1]) }
          for k in 0..<classCount { row[k] = most > -.infinity ? row[k] - most : 0 }
        }
        return 0
      }
    }
    return result
  }

  // MARK: Expectation

  private func logarithms(of point: Parameters) -> Parameters {
    var table = point.table
    let width = 1 << 14
    table.withUnsafeMutableBufferPointer { buffer in
      let (target, count) = (Storage(buffer), buffer.count)
      _ = reducer.map(count: (count + width - 1) / width) { chunk in
        for index in chunk * width..<min(count, (chunk + 1) * width) {
          target.base[index] = Double.log(target.base[index])
        }
        return 0
      }
    }
    return Parameters(prior: point.prior.map { Double.log($0) }, table: table)
  }

  /// `log π_k + Σ_votes log T[k, vote]` of the items of a block, item after item in `rows`.
  private func logJoint(_ items: Range<Int>, _ logs: Parameters, _ rows: Storage) {
    let classCount = classCount
    logs.table.withUnsafeBufferPointer { table in
      votes.cells.withUnsafeBufferPointer { cells in
        guard let table = table.baseAddress else { return }
        for item in items {
          let row = rows.row(item, classCount)
          for k in 0..<classCount { row[k] = logs.prior[k] }
          let range = votes.range(ofItem: item)
          if let weights = votes.weights {
            for vote in range {
              Self.add(weights[vote], table + Int(cells[vote]) * classCount, to: row, classCount)
            }
          } else {
            for vote in range {
              Self.add(table + Int(cells[vote]) * classCount, to: row, classCount)
            }
          }
        }
      }
    }
  }

  /// Adds a short row to another that it does not overlap.
  @inline(__always)
  static func add(
    _ source: UnsafePointer<Double>, to row: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    var k = 0
    while k &+ 2 <= count {
      let sum =
        UnsafeRawPointer(row + k).loadUnaligned(as: SIMD2<Double>.self)
        + UnsafeRawPointer(source + k).loadUnaligned(as: SIMD2<Double>.self)
      UnsafeMutableRawPointer(row + k).storeBytes(of: sum, as: SIMD2<Double>.self)
      k &+= 2
    }
    if k < count { row[k] += source[k] }
  }

  /// The same with a factor.
  @inline(__always)
  static func add(
    _ factor: Double, _ source: UnsafePointer<Double>, to row: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    for k in 0..<count { row[k] += factor * source[k] }
  }

  /// Writes the posteriors; the log-likelihood, and the sums of the posteriors of voted items.
  private func expectation(
    _ logs: Parameters, _ posterior: inout [Double]
  ) -> (Double, [Double]) {
    let classCount = classCount
    let sums = posterior.withUnsafeMutableBufferPointer { buffer -> [[Double]] in
      let target = Storage(buffer)
      return forEachItemBlock { rows -> [Double] in
        var sums = [Double](repeating: 0, count: classCount + 1)
        self.logJoint(rows, logs, target)
        for item in rows {
          let row = target.row(item, classCount)
          let value = self.normalize(row, gold: self.gold?[item] ?? -1)
          if self.votes.range(ofItem: item).isEmpty { continue }
          sums[classCount] += value
          for k in 0..<classCount { sums[k] += row[k] }
        }
        return sums
      }
    }
    let zero = [Double](repeating: 0, count: classCount + 1)
    var total = SummationTree(blockCount: sums.count).sum(from: zero) { sum, blocks in
      for block in blocks { sum.add(sums[block]) }
    }
    return (total.removeLast(), total)
  }

  /// Turns logarithms into probabilities; the logarithm of their sum.
  @inline(__always)
  private func normalize(_ row: UnsafeMutablePointer<Double>, gold: Int32) -> Double {
    if gold >= 0 {
      let value = row[Int(gold)]
      for k in 0..<classCount { row[k] = k == Int(gold) ? 1 : 0 }
      return value
    }
    var most = -Double.infinity
    for k in 0..<classCount { most = max(most, row[k]) }
    guard most > -.infinity else {
      for k in 0..<classCount { row[k] = 1 / Double(classCount) }
      return -.infinity
    }
    var sum = 0.0
    for k in 0..<classCount {
      row[k] = Double.exp(row[k] - most)
      sum += row[k]
    }
    for k in 0..<classCount { row[k] /= sum }
    return most + Double.log(sum)
  }

  @discardableResult
  private func forEachItemBlock<Result: Sendable>(
    _ body: @Sendable (Range<Int>) -> Result
  ) -> [Result] {
    let count = votes.itemCount
    return reducer.map(count: BlockedMatrix.blockCount(ofRows: count)) {
      body(BlockedMatrix.rows(ofBlock: $0, rowCount: count))
    }
  }

  /// Memory that threads share; each row is written by one of them.
  struct Storage: @unchecked Sendable {
    let base: UnsafeMutablePointer<Double>

    init(_ buffer: UnsafeMutableBufferPointer<Double>) {
      // An empty buffer is never written to.
      base = buffer.baseAddress ?? UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped
    }

    @inline(__always)
    func row(_ index: Int, _ width: Int) -> UnsafeMutablePointer<Double> { base + index * width }
  }
}
