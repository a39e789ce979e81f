import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

extension Dataset {
  /// The rows that a network is trained on, and their groups.
  ///
  /// Equal rows (of one group) are merged: their weights are added. Rows of weight zero are left
  /// out, and the order of the rows depends on their contents alone, the numbers of groups on the
  /// order of the rows. So a row of weight 2 is equivalent to two equal rows, a row of weight 0 to
  /// none, and the order in which rows are given does not matter, to the last bit: batches,
  /// held-out rows, standardisation and sums follow from the merged rows. Errors name the first of
  /// the given rows. Rows that were arranged already, or are to be kept, are returned.
  ///
  /// Throws `DatasetError.label` for labels that the likelihood rejects, as the row of this data
  /// set that comes first, and `.rowMismatch` unless there is one group per row. Complexity:
  /// O(N (D + C) + N log N).
  package consuming func arrangedForTraining(
    _ likelihood: some Likelihood, groups: [Int]?, threads: any Reducer
  ) throws(DatasetError) -> (rows: Dataset, groups: [Int]?) {
    if arrangement != nil { return (self, groups) }
    if let groups { try DatasetError.require("groups", groups.count, equals: rowCount) }
    try requireResponses(to: likelihood)
    return mergingEqualRows(groups: groups, threads: threads)
  }

  /// The rows as `arrangedForTraining` arranges them, without a check of the labels.
  package consuming func mergingEqualRows(
    groups: [Int]?, threads: any Reducer
  ) -> (rows: Dataset, groups: [Int]?) {
    if arrangement != nil { return (self, groups) }
    var runs = EqualRows(copy self, threads: threads)
    // Without rows of positive weight there is nothing to arrange; training throws.
    guard runs.count > 0 else { return (self, groups) }
    let (labels, weights, offsets) = (labels, weights, offsets)
    if let groups {
      runs = runs.split(by: groups) { rows in weights.sum(ofEqualRows: rows) }
    }
    let areUniform = if case .uniform = weights { true } else { false }
    let merged = MergedRows(
      counts: (0..<runs.count).map { runs[$0].count },
      checksums: (0..<runs.count).map { run in
        runs[run].reduce(UInt64(0)) {
          $0 &+ DataChecksum.hash(ofRow: $1, labels, weights, offsets)
        }
      }, areUniform: areUniform)
    let sums = (0..<runs.count).map { weights.sum(ofEqualRows: runs[$0]) }
    let rows = merging(
      rows: (0..<runs.count).map { runs.order[runs.starts[$0]] }, weights.replacing(values: sums),
      merged)
    return (rows, groups.map { Self.renumbered($0, runs) })
  }

  /// The group of each run, numbered in the order of the runs.
  private static func renumbered(_ groups: [Int], _ runs: EqualRows) -> [Int] {
    var numbers: [Int: Int] = [:]
    return (0..<runs.count).map { run in
      let group = groups[runs.order[runs.starts[run]]]
      if let number = numbers[group] { return number }
      numbers[group] = numbers.count
      return numbers.count - 1
    }
  }
}

extension RowWeights {
  /// The sum of the weights of some rows, in an order that does not depend on that of the rows.
  fileprivate func sum(ofEqualRows rows: ArraySlice<Int>) -> Double {
    guard let values else { return Double(rows.count) }
    if rows.count == 1 { return values[rows[rows.startIndex]] }
    return rows.map { values[$0] }.sorted().reduce(0, +)
  }

  /// Weights of the same kind; numbers of rows without weights are frequencies.
  fileprivate func replacing(values: [Double]) -> RowWeights {
    switch self {
    case .uniform: values.allSatisfy { $0 == 1 } ? .uniform : .frequency(values)
    case .importance: .importance(values)
    case .frequency: .frequency(values)
    }
  }
}
