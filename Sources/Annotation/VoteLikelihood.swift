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
  private let segments: VoteSegments
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

  private var classCount: Int { votes.classCount }

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
        for item in rows {
          let row = target.row(item, classCount)
          self.logJoint(item, logs, row)
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

  /// `log π_k + Σ_votes log T[k, vote]` of an item.
  @inline(__always)
  private func logJoint(_ item: Int, _ logs: Parameters, _ row: UnsafeMutablePointer<Double>) {
    let classCount = classCount
    for k in 0..<classCount { row[k] = logs.prior[k] }
    logs.table.withUnsafeBufferPointer { table in
      votes.cells.withUnsafeBufferPointer { cells in
        guard let table = table.baseAddress else { return }
        for vote in votes.range(ofItem: item) {
          let source = table + Int(cells[vote]) * classCount
          if let weight = votes.weights?[vote] {
            for k in 0..<classCount { row[k] += weight * source[k] }
          } else {
            for k in 0..<classCount { row[k] += source[k] }
          }
        }
      }
    }
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
        for item in rows {
          let row = target.row(item, classCount)
          self.logJoint(item, logs, row)
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

  // MARK: Maximisation

  /// `Σ_votes of the cell weight · posterior`, cell after cell.
  func expectedCounts(_ posterior: [Double]) -> [Double] {
    let classCount = classCount
    var parts = [Double](repeating: 0, count: segments.count * classCount)
    parts.withUnsafeMutableBufferPointer { buffer in
      let target = Storage(buffer)
      _ = reducer.map(count: segments.taskCount) { task in
        posterior.withUnsafeBufferPointer { posterior in
          guard let source = posterior.baseAddress else { return 0 }
          for segment in self.segments.segments(ofTask: task) {
            let row = target.row(segment, classCount)
            for vote in self.segments.votes(ofSegment: segment) {
              let item = source + Int(self.votes.items[vote]) * classCount
              if let weight = self.votes.cellWeights?[vote] {
                for k in 0..<classCount { row[k] += weight * item[k] }
              } else {
                for k in 0..<classCount { row[k] += item[k] }
              }
            }
          }
          return 0
        }
      }
    }
    return segments.merged(parts, width: classCount)
  }

  /// The table that expected votes lead to, and the largest gradient at `table`.
  private func maximization(
    _ counts: [Double], at table: [Double], gradient: Double
  ) -> (table: [Double], gradient: Double) {
    var result = counts
    let size = classCount * classCount
    let width = max(1, 16_384 / size)
    let annotatorCount = votes.annotatorCount
    let gradients = result.withUnsafeMutableBufferPointer { buffer -> [Double] in
      let target = Storage(buffer)
      return reducer.map(count: (annotatorCount + width - 1) / width) { chunk in
        table.withUnsafeBufferPointer { table in
          var largest = 0.0
          for annotator in chunk * width..<min(annotatorCount, (chunk + 1) * width) {
            let matrix = target.row(annotator, size)
            let old = UnsafeBufferPointer(
              rebasing: table[annotator * size..<(annotator + 1) * size])
            largest = max(
              largest,
              self.isOneCoin ? self.fitCoin(matrix, old) : self.fitMatrix(matrix, old))
          }
          return largest
        }
      }
    }
    return (result, gradients.reduce(gradient, max))
  }

  /// Rows of a confusion matrix from expected votes. A row without votes is uniform.
  private func fitMatrix(
    _ matrix: UnsafeMutablePointer<Double>, _ old: UnsafeBufferPointer<Double>
  ) -> Double {
    var largest = 0.0
    for k in 0..<classCount {
      var total = 0.0
      for label in 0..<classCount {
        matrix[label * classCount + k] +=
          label == k ? pseudoCounts.diagonal : pseudoCounts.offDiagonal
        total += matrix[label * classCount + k]
      }
      for label in 0..<classCount {
        let index = label * classCount + k
        largest = max(largest, (matrix[index] - total * old[index]).magnitude)
        matrix[index] = total > 0 ? matrix[index] / total : 1 / Double(classCount)
      }
    }
    return largest
  }

  /// One accuracy from expected votes.
  private func fitCoin(
    _ matrix: UnsafeMutablePointer<Double>, _ old: UnsafeBufferPointer<Double>
  ) -> Double {
    let wrongClasses = Double(classCount - 1)
    var (right, wrong) = (pseudoCounts.diagonal, pseudoCounts.offDiagonal * wrongClasses)
    for label in 0..<classCount {
      for k in 0..<classCount {
        if label == k {
          right += matrix[label * classCount + k]
        } else {
          wrong += matrix[label * classCount + k]
        }
      }
    }
    let total = right + wrong
    let accuracy = total > 0 ? right / total : 1 / Double(classCount)
    let gradient = (right - total * old[0]).magnitude
    for label in 0..<classCount {
      for k in 0..<classCount {
        matrix[label * classCount + k] =
          label == k ? accuracy : (total > 0 ? wrong / total : 1 - accuracy) / wrongClasses
      }
    }
    return gradient
  }

  /// `Σ α log T` over the table of logarithms.
  private func logDensity(_ logs: [Double]) -> Double {
    if pseudoCounts.areZero { return 0 }
    let size = classCount * classCount
    func times(_ count: Double, _ log: Double) -> Double { count == 0 ? 0 : count * log }
    var total = 0.0
    for annotator in 0..<votes.annotatorCount {
      if isOneCoin {
        // With one class right, each of the others is one of the wrong votes.
        total += times(pseudoCounts.diagonal, logs[annotator * size])
        total += times(
          pseudoCounts.offDiagonal * Double(classCount - 1), logs[annotator * size + 1])
        continue
      }
      var part = 0.0
      for index in 0..<size {
        part += times(
          index / classCount == index % classCount
            ? pseudoCounts.diagonal : pseudoCounts.offDiagonal, logs[annotator * size + index])
      }
      total += part
    }
    return total
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
