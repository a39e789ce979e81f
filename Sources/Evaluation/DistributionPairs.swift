import RealModule
import SurprisalLinearAlgebra
import SurprisalProbability

/// Labels and predictions of the same N rows, provided block by block.
///
/// Class indices, candidate sets and counts are converted to distributions over C classes for one
/// block at a time. A one-hot distribution and a class index therefore have bit-identical scores.
struct DistributionPairs: Sendable {
  let labels: Labels
  let predictions: Predictions
  /// What computes several blocks or classes at a time.
  let threads: any Reducer

  var rowCount: Int { labels.rowCount }
  var classCount: Int { labels.classCount }
  var blockCount: Int { BlockedMatrix.blockCount(ofRows: rowCount) }

  init(labels: Labels, predictions: Predictions, threads: any Reducer = .one) {
    precondition(
      predictions.classCount == labels.classCount, "predictions and labels have the same classes")
    precondition(
      predictions.rowCount ?? labels.rowCount == labels.rowCount,
      "predictions and labels have the same rows")
    self.labels = labels
    self.predictions = predictions
    self.threads = threads
  }

  /// The rows of block `index`.
  func block(_ index: Int) -> DistributionBlock {
    let rows = BlockedMatrix.rows(ofBlock: index, rowCount: rowCount)
    let labels = labels.distributions(ofBlock: index, rows: rows)
    switch predictions {
    case .probabilities(let values):
      return DistributionBlock(
        rows: rows, classCount: classCount, labels: labels,
        probabilities: values.rowMajor(block: index), logProbabilities: nil)
    case .logProbabilities(let values):
      let logs = values.rowMajor(block: index)
      return DistributionBlock(
        rows: rows, classCount: classCount, labels: labels,
        probabilities: Softmax.exponentials(logs), logProbabilities: logs)
    case .constant(let values):
      return DistributionBlock(
        rows: rows, classCount: classCount, labels: labels,
        probabilities: rows.flatMap { _ in values }, logProbabilities: nil)
    case .computed(let source):
      let logs = source.logProbabilities(ofBlock: index)
      return DistributionBlock(
        rows: rows, classCount: classCount, labels: labels,
        probabilities: Softmax.exponentials(logs), logProbabilities: logs)
    }
  }

  /// The results of `body` for every block, in the order of the blocks for any number of threads.
  func mapBlocks<Result: Sendable>(
    _ body: @Sendable (DistributionBlock) -> Result
  ) -> [Result] {
    threads.map(count: blockCount) { body(block($0)) }
  }

  /// `count` sums over all rows, reduced along the tree of the blocks; `add` adds those of one
  /// block.
  func sums(
    count: Int, _ add: (DistributionBlock, inout [Double]) -> Void
  ) -> [Double] {
    let zeros = [Double](repeating: 0, count: count)
    return SummationTree(blockCount: blockCount).sum(from: zeros) { sum, blocks in
      for index in blocks { add(block(index), &sum) }
    }
  }
}

/// One block of labels p and predictions q, row-major: entry k of row r at `r * classCount + k`.
struct DistributionBlock: Sendable {
  let rows: Range<Int>
  let classCount: Int
  let labels: [Double]
  let probabilities: [Double]
  /// log q, if logarithms were given.
  let logProbabilities: [Double]?

  /// The entries of the row at `offset` rows into the block.
  func entries(ofRowAt offset: Int) -> Range<Int> {
    offset * classCount..<(offset + 1) * classCount
  }

  /// log q of an entry; -infinity if q is zero.
  func logProbability(_ entry: Int) -> Double {
    logProbabilities?[entry] ?? Double.log(probabilities[entry])
  }

  /// log(p / q) of an entry with p > 0, computed directly: exactly zero if p equals q.
  func logRatio(_ entry: Int) -> Double {
    if let logs = logProbabilities { return Double.log(labels[entry]) - logs[entry] }
    guard probabilities[entry] > 0 else { return .infinity }
    return Distribution.logRatio(labels[entry], probabilities[entry])
  }

  /// The values by which predictions are ranked: logarithms if given, which have fewer ties.
  var ordering: [Double] { logProbabilities ?? probabilities }
}

extension Labels {
  /// The labels of the rows of a block as distributions, row-major.
  func distributions(ofBlock index: Int, rows: Range<Int>) -> [Double] {
    switch self {
    case .classes(let labels):
      var result = [Double](repeating: 0, count: rows.count * classCount)
      for (offset, row) in rows.enumerated() { result[offset * classCount + labels[row]] = 1 }
      return result
    case .probabilities(let labels):
      return labels.values.rowMajor(block: index)
    case .counts(let labels):
      var result = labels.values.rowMajor(block: index)
      for (offset, row) in rows.enumerated() {
        for entry in offset * classCount..<(offset + 1) * classCount {
          result[entry] /= labels.totals[row]
        }
      }
      return result
    case .candidates(let labels):
      return rows.flatMap { row in
        let members = labels.members(ofRow: row)
        let share = 1 / Double(members.count)
        return (0..<classCount).map { labels.membership[row, $0] == 1 ? share : 0 }
      }
    case .evidence(let labels):
      return rows.flatMap { labels.distribution(ofRow: $0) }
    }
  }
}

extension BlockedMatrix {
  /// The entries of a block row by row: entry d of row r at `r * columnCount + d`.
  func rowMajor(block index: Int) -> [Double] {
    let block = block(index)
    var result = [Double](repeating: 0, count: block.rows.count * columnCount)
    block.withColumns { columns, stride in
      for column in 0..<columnCount {
        for row in 0..<block.rows.count {
          result[row * columnCount + column] = columns[column * stride + row]
        }
      }
    }
    return result
  }
}
