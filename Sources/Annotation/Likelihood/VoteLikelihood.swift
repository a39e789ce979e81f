import RealModule
import SurprisalKernels
import SurprisalLinearAlgebra
import SurprisalProbability

/// The marginal log-likelihood of votes whose classes are not known, and the step of expectation
/// maximisation.
///
///     l = Σ_i log Σ_k π_k Π_votes T[annotator][k, vote]
///
/// with the log density `Σ α_kv log T[k, v]` of pseudo-counts added. The prior of the classes
/// enters once per item. All products are sums of logarithms: an item may have any number of votes.
///
/// A pass reads the votes item by item, four bytes each, and keeps no posteriors: those of a block
/// of items are a tile that is added to the expected votes at once. Blocks are added along a
/// `SummationTree`, so that no bit depends on the number of threads.
package struct VoteLikelihood: Sendable {
  /// Prior of the classes and probabilities of votes.
  package struct Parameters: Sendable {
    /// π, one entry per class; empty if each item has its own prior over the classes.
    var prior: [Double]
    /// `P(vote of the cell | class)`, cell by cell, `classCount` entries each.
    package var table: [Double]

    /// Creates parameters; without `prior` only a table.
    package init(prior: [Double] = [], table: [Double]) {
      self.prior = prior
      self.table = table
    }
  }

  /// The results of a step.
  struct Step {
    /// The log-likelihood at the start of the step.
    var logLikelihood: Double
    /// The same plus the log density of the pseudo-counts: the maximised value.
    var value: Double
    /// The largest gradient in log odds at that point, in votes.
    var gradient: Double
    /// The gradient in the metric of votes with known classes, `gᵀ I⁻¹ g = Σ (c - n T)² / n T`:
    /// twice the predicted gain of Newton's step with that information.
    var decrement: Double
    /// The end of the step.
    var next: Parameters
  }

  package let votes: Votes
  /// Whether each annotator has one accuracy instead of a matrix.
  let isOneCoin: Bool
  package let pseudoCounts: PseudoCounts
  /// Classes that are known, -1 for others.
  var gold: [Int32]?
  var reducer: any Reducer
  private let votedItems: Double
  /// Runs of blocks of items. Each leaf of their tree has its own table of expected votes, so there
  /// are few leaves if the tables are large compared with the votes.
  private let runs: SummationTree

  package init(
    _ votes: Votes, isOneCoin: Bool, pseudoCounts: PseudoCounts, gold: [Int32]? = nil,
    reducer: any Reducer
  ) {
    self.votes = votes
    self.isOneCoin = isOneCoin
    self.pseudoCounts = pseudoCounts
    self.gold = gold
    self.reducer = reducer
    votedItems = Double(votes.votedItemCount)
    runs = SummationTree(
      blockCount: min(
        BlockedMatrix.blockCount(ofRows: votes.itemCount),
        max(2, votes.count / (votes.annotatorCount * votes.classCount))))
  }

  package var classCount: Int { votes.classCount }

  /// The number of free parameters.
  var parameterCount: Int {
    classCount - 1
      + votes.annotatorCount * (isOneCoin ? 1 : classCount * (classCount - 1))
  }

  /// The value and gradient at `point`, and the end of the step.
  func step(from point: Parameters) -> Step {
    let logs = logarithms(of: point)
    let sums = sum { items, tile, entries, sums in
      tile.fill(0..<classCount) { logs.prior[$0] }
      addVotes(entries, logs.table, to: &tile)
      sums.logLikelihood += normalize(&tile, items)
      for k in 0..<classCount { sums.classes[k] += tile.sum(ofUnit: k, examples: items.count) }
    }
    var result = maximization(sums.votes, at: point.table)
    for (mass, share) in zip(sums.classes, point.prior) {
      let slope = mass - votedItems * share
      result.gradient = max(result.gradient, slope.magnitude)
      if slope != 0 { result.decrement += slope * slope / (votedItems * share) }
    }
    return Step(
      logLikelihood: sums.logLikelihood, value: sums.logLikelihood + logDensity(logs.table),
      gradient: result.gradient, decrement: result.decrement,
      next: Parameters(prior: sums.classes.map { $0 / votedItems }, table: result.table))
  }

  /// The parameters for given posteriors, each optionally multiplied by a weight of its item.
  package func parameters(of posterior: [Double]) -> Parameters {
    let sums = sums(of: posterior, squaresWeights: false)
    let compact = sums.votes.compact(classCount)
    return Parameters(
      prior: sums.classes.map { $0 / votedItems },
      table: maximization(sums.votes, at: compact).table)
  }

  /// `Σ_votes of the cell weight · posterior`, cell by cell; or with the squares of the weights.
  package func expectedCounts(_ posterior: [Double], squaresWeights: Bool = false) -> [Double] {
    sums(of: posterior, squaresWeights: squaresWeights).votes.compact(classCount)
  }

  /// The posterior of each item, `classCount` numbers each.
  func posterior(at point: Parameters) -> [Double] {
    let logs = logarithms(of: point)
    return rows { items, tile, entries in
      tile.fill(0..<classCount) { logs.prior[$0] }
      addVotes(entries, logs.table, to: &tile)
      _ = normalize(&tile, items, keepsSilent: true)
    }
  }

  /// The logarithms of the evidence of each item, the largest of each 0: the likelihood of its
  /// votes for each class.
  func logEvidence(at point: Parameters) -> [Double] {
    var result = logLikelihoods(under: point.table)
    for start in stride(from: 0, to: result.count, by: classCount) {
      let most = result[start..<start + classCount].reduce(-Double.infinity, max)
      for place in start..<start + classCount {
        result[place] = most > -.infinity ? result[place] - most : 0
      }
    }
    return result
  }

  /// The log-likelihood of the votes on each item for each class, `classCount` numbers per item.
  package func logLikelihoods(under table: [Double]) -> [Double] {
    let logs = logarithms(of: Parameters(table: table))
    return rows { _, tile, entries in
      tile.fill(0..<classCount) { _ in 0 }
      addVotes(entries, logs.table, to: &tile)
    }
  }

  // MARK: Passes

  /// The sums over items.
  private struct Sums: PartialSum {
    /// Expected votes of each cell: one unit per cell, one column per class.
    var votes: Tile
    /// Posteriors of items with votes, by class.
    var classes: [Double]
    var logLikelihood = 0.0

    mutating func add(_ other: Sums) {
      votes.add(other.votes)
      classes.add(other.classes)
      logLikelihood += other.logLikelihood
    }

    func appendNumbers(to numbers: inout [Double]) {
      votes.withUnsafeUnits {
        numbers.append(contentsOf: UnsafeBufferPointer(start: $0, count: votes.count))
      }
      classes.appendNumbers(to: &numbers)
      numbers.append(logLikelihood)
    }

    mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
      let count = votes.count
      votes.withUnsafeMutableUnits { $0.update(from: Array(numbers.prefix(count)), count: count) }
      numbers.removeFirst(count)
      classes.takeNumbers(from: &numbers)
      logLikelihood = numbers.removeFirst()
    }
  }

  private typealias Entries = UnsafePointer<surprisal_sparse_rows>

  private var emptyTable: Tile {
    Tile(unitCount: votes.annotatorCount * classCount, capacity: classCount)
  }

  /// The sums over all items; `fill` computes the tile of a block's posteriors.
  private func sum(
    weights: [Double]?? = .none,
    _ fill: @Sendable (Range<Int>, inout Tile, Entries, inout Sums) -> Void
  ) -> Sums {
    let itemCount = votes.itemCount
    let blockCount = BlockedMatrix.blockCount(ofRows: itemCount)
    let weights = weights ?? votes.weights
    return reducer.reduce(
      runs, from: Sums(votes: emptyTable, classes: [Double](repeating: 0, count: classCount))
    ) { sums, runs in
      var tile = Tile(unitCount: classCount, capacity: BlockedMatrix.blockSize)
      let count = self.runs.blockCount
      for block in runs.lowerBound * blockCount / count..<runs.upperBound * blockCount / count {
        let items = BlockedMatrix.rows(ofBlock: block, rowCount: itemCount)
        withEntries(of: items, weights) { entries in
          fill(items, &tile, entries, &sums)
          let (stride, classCount) = (sums.votes.stride, classCount)
          sums.votes.withUnsafeMutableUnits { votes in
            tile.withUnsafeUnits {
              surprisal_add_sparse_outer_product(
                entries, classCount, $0, tile.stride, votes, 1, stride)
            }
          }
        }
      }
    }
  }

  private func sums(of posterior: [Double], squaresWeights: Bool) -> Sums {
    let weights = squaresWeights ? votes.weights.map { $0.map { $0 * $0 } } : votes.weights
    return sum(weights: weights) { items, tile, _, sums in
      let stride = tile.stride
      tile.withUnsafeMutableUnits { target in
        for (example, item) in items.enumerated() {
          let isVoted = !votes.range(ofItem: item).isEmpty
          for k in 0..<classCount {
            let share = posterior[item * classCount + k]
            target[k * stride + example] = share
            if isVoted { sums.classes[k] += share }
          }
        }
      }
    }
  }

  /// One row per item of the tiles that `fill` computes for blocks.
  private func rows(_ fill: @Sendable (Range<Int>, inout Tile, Entries) -> Void) -> [Double] {
    let (itemCount, classCount) = (votes.itemCount, classCount)
    var result = [Double](repeating: 0, count: itemCount * classCount)
    result.withUnsafeMutableBufferPointer { buffer in
      let target = Storage(buffer)
      _ = reducer.map(count: BlockedMatrix.blockCount(ofRows: itemCount)) { block in
        let items = BlockedMatrix.rows(ofBlock: block, rowCount: itemCount)
        var tile = Tile(unitCount: classCount, capacity: items.count)
        withEntries(of: items, votes.weights) { fill(items, &tile, $0) }
        tile.withUnsafeUnits { source in
          for (example, item) in items.enumerated() {
            let row = target.row(item, classCount)
            for k in 0..<classCount { row[k] = source[k * tile.stride + example] }
          }
        }
        return 0
      }
    }
    return result
  }

  /// The votes of items as compressed rows, one column per cell.
  private func withEntries(of items: Range<Int>, _ weights: [Double]?, _ body: (Entries) -> Void) {
    votes.itemStarts.withUnsafeBufferPointer { starts in
      votes.cells.withUnsafeBufferPointer { cells in
        func run(_ weights: UnsafePointer<Double>?) {
          var rows = surprisal_sparse_rows(
            rows: items.count, starts: starts.baseAddress.map { $0 + items.lowerBound },
            columns: cells.baseAddress, values: weights)
          body(&rows)
        }
        guard let weights else { return run(nil) }
        weights.withUnsafeBufferPointer { run($0.baseAddress) }
      }
    }
  }

  /// Adds `Σ_votes log T[k, vote]` to the column of each item.
  private func addVotes(_ entries: Entries, _ logs: Tile, to tile: inout Tile) {
    let (stride, classCount) = (tile.stride, classCount)
    tile.withUnsafeMutableUnits { target in
      logs.withUnsafeUnits {
        surprisal_add_sparse_product(entries, classCount, $0, 1, logs.stride, target, stride)
      }
    }
  }

  /// Turns logarithms into probabilities; returns the sum of the logarithms of their sums. Items
  /// without votes are not counted and become zero, unless they are kept.
  private func normalize(_ tile: inout Tile, _ items: Range<Int>, keepsSilent: Bool = false)
    -> Double
  {
    let (stride, classCount) = (tile.stride, classCount)
    let known = gold.map { gold in
      items.map { item in gold[item] < 0 ? 0 : tile[Int(gold[item]), item - items.lowerBound] }
    }
    var values = [Double](repeating: 0, count: stride)
    tile.softmax(units: classCount, examples: items.count, logSumExp: &values)
    return tile.withUnsafeMutableUnits { target in
      func set(_ example: Int, _ share: (Int) -> Double) {
        for k in 0..<classCount { target[k * stride + example] = share(k) }
      }
      var total = 0.0
      for (example, item) in items.enumerated() {
        let isSilent = votes.range(ofItem: item).isEmpty
        if let gold, let known, gold[item] >= 0 {
          values[example] = known[example]
          set(example) { $0 == Int(gold[item]) ? 1 : 0 }
        } else if values[example] == -.infinity {
          set(example) { _ in 1 / Double(classCount) }
        }
        if isSilent, !keepsSilent { set(example) { _ in 0 } }
        // No probability is above 1, whatever rounding makes of the sum.
        if !isSilent { total += min(values[example], 0) }
      }
      for example in items.count..<Tile.padded(items.count) { set(example) { _ in 0 } }
      return total
    }
  }

  /// Memory shared by threads; each row is written by one of them.
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
