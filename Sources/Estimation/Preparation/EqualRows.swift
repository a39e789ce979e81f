import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The rows of positive weight of a data set in runs of equal rows: equal features, labels and
/// offsets.
///
/// The order of the runs depends on the contents of the rows alone: by a hash, which is as good as
/// a random order that is drawn once for all, and for equal hashes by the numbers themselves.
struct EqualRows {
  /// The rows, run after run; those of a run ascend.
  private(set) var order: [Int] = []
  /// The first place of each run in `order`, and behind them the number of rows.
  private(set) var starts = [0]
  /// The hash of the rows of each run.
  private(set) var hashes: [UInt64] = []

  private init() {}

  /// Finds equal rows. Complexity: O(N (D + C) + N log N).
  init(_ data: Dataset, threads: any Reducer) {
    let contents = RowContents(data, threads: threads)
    let weights = data.weights
    var sorted: [(hash: UInt64, row: Int)] = []
    sorted.reserveCapacity(data.rowCount)
    for row in 0..<data.rowCount where weights[row] > 0 {
      sorted.append((contents.hashes[row], row))
    }
    // Tuples compare by the hash, then by the row.
    sorted.sort { $0 < $1 }
    order.reserveCapacity(sorted.count)
    var first = 0
    while first < sorted.count {
      let hash = sorted[first].hash
      var end = first + 1
      while end < sorted.count, sorted[end].hash == hash { end += 1 }
      for rows in contents.classes(of: (first..<end).map { sorted[$0].row }) {
        append(rows, hash: hash)
      }
      first = end
    }
  }

  /// The number of runs.
  var count: Int { hashes.count }

  /// The rows of a run.
  subscript(run: Int) -> ArraySlice<Int> { order[starts[run]..<starts[run + 1]] }

  private mutating func append(_ rows: some Sequence<Int>, hash: UInt64) {
    order.append(contentsOf: rows)
    starts.append(order.count)
    hashes.append(hash)
  }

  /// The same rows in runs that are also of one group.
  ///
  /// Equal rows of several groups are ordered by what the groups consist of, `weight` being that of
  /// a run, not by the numbers of the groups.
  func split(by groups: [Int], weight: (ArraySlice<Int>) -> Double) -> EqualRows {
    var parts = EqualRows()
    for run in 0..<count {
      let rows = self[run].sorted { (groups[$0], $0) < (groups[$1], $1) }
      for part in rows.split(whenever: { groups[$0] != groups[$1] }) {
        parts.append(part, hash: hashes[run])
      }
    }
    var signatures: [Int: UInt64] = [:]
    for part in 0..<parts.count {
      let rows = parts[part]
      signatures[groups[rows[rows.startIndex]], default: 0] &+= NumberHash.mix(
        parts.hashes[part], weight(rows))
    }
    return parts.reordered(inRunsOf: self) { part in
      let rows = parts[part]
      return signatures[groups[rows[rows.startIndex]]] ?? 0
    }
  }

  /// The same runs, those that are parts of one run of `whole` ordered by `key`.
  private func reordered(inRunsOf whole: EqualRows, by key: (Int) -> UInt64) -> EqualRows {
    var result = EqualRows()
    var part = 0
    for run in 0..<whole.count {
      let first = part
      while part < count, starts[part] < whole.starts[run + 1] { part += 1 }
      var sorted: [(key: UInt64, part: Int)] = (first..<part).map { (key($0), $0) }
      sorted.sort { $0 < $1 }
      for (_, place) in sorted { result.append(self[place], hash: hashes[place]) }
    }
    return result
  }
}

/// The contents of the rows of a data set, for comparisons.
private struct RowContents {
  let data: Dataset
  /// The hash of each row.
  let hashes: [UInt64]

  init(_ data: Dataset, threads: any Reducer) {
    self.data = data
    var hashes = data.features.matrix.rowHashes(threads: threads)
    for row in hashes.indices {
      for number in data.labels.numbers(ofRow: row) {
        hashes[row] = NumberHash.mix(hashes[row], number)
      }
      guard let offsets = data.offsets else { continue }
      for column in 0..<offsets.columnCount {
        hashes[row] = NumberHash.mix(hashes[row], offsets[row, column])
      }
    }
    self.hashes = hashes
  }

  /// The rows of one hash, ascending, in classes of equal rows, which are ordered by content.
  func classes(of rows: [Int]) -> [[Int]] {
    if rows.count == 1 { return [rows] }
    var (rest, classes) = (rows, [[Int]]())
    while let first = rest.first {
      classes.append(rest.filter { order(ofRow: first, and: $0) == 0 })
      rest.removeAll { order(ofRow: first, and: $0) == 0 }
    }
    return classes.count == 1
      ? classes : classes.sorted { order(ofRow: $0[0], and: $1[0]) < 0 }
  }

  private func order(ofRow first: Int, and second: Int) -> Int {
    let features = data.features.matrix.order(ofRow: first, and: second)
    if features != 0 { return features }
    let labels = zip(data.labels.numbers(ofRow: first), data.labels.numbers(ofRow: second))
    for (left, right) in labels where left != right { return left < right ? -1 : 1 }
    return data.offsets?.order(ofRow: first, and: second) ?? 0
  }
}

extension Array {
  /// The array in parts, which end where `isEnd` of an element and the next is true.
  fileprivate func split(whenever isEnd: (Element, Element) -> Bool) -> [ArraySlice<Element>] {
    var (parts, first) = ([ArraySlice<Element>](), startIndex)
    for index in indices.dropFirst() where isEnd(self[index - 1], self[index]) {
      parts.append(self[first..<index])
      first = index
    }
    if first < endIndex { parts.append(self[first...]) }
    return parts
  }
}
