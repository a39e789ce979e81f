import SurprisalProbability

/// A partition of the rows of a data set into K parts, each of which is held out once.
///
/// Rows are assigned at random; fold sizes differ by at most one. With known classes assignment is
/// stratified: within each class, too, fold sizes differ by at most one. Groups stay whole and are
/// not stratified: they are assigned in order of decreasing size, each to the fold with the fewest
/// rows, equal sizes in random order. The votes of a row, and the repetitions of a row with a
/// frequency, stay together.
///
/// Rows of weight zero affect neither the folds of the other rows nor the random numbers they use.
public struct Folds: Sendable, Equatable {
  /// The unit of assignment to folds: rows regardless of their labels, rows stratified by class, or
  /// groups of rows.
  public enum Dealing: String, Sendable { case rows, classes, groups }

  /// The number of folds, K.
  public let count: Int
  /// The unit of assignment to folds.
  public let dealing: Dealing
  /// For each row, the fold, counted from 0, in which it is held out.
  public let assignments: [Int]

  /// Assigns the rows of a data set to folds; `groups` has an identifier for each row.
  ///
  /// The same state of `generator` gives the same folds. Throws `.folds` for fewer than two folds
  /// and for more than there are rows, or groups, of positive weight, and `.rowMismatch` unless
  /// there is one group per row. Complexity: O(N log N).
  public init(
    of data: Dataset, count: Int, groups: [Int]? = nil,
    using generator: inout some RandomNumberGenerator
  ) throws(DatasetError) {
    if let groups { try DatasetError.require("groups", groups.count, equals: data.rowCount) }
    let rows = (0..<data.rowCount).filter { data.weights[$0] > 0 }
    let units = groups.map { groups in Set(rows.map { groups[$0] }).count } ?? rows.count
    guard count >= 2, count <= units else {
      throw .folds(count: count, units: units, areGroups: groups != nil)
    }
    self.count = count
    var result = (0..<data.rowCount).map { $0 % count }
    if let groups {
      dealing = .groups
      Self.deal(groups, of: rows, to: count, into: &result, using: &generator)
    } else {
      var order = generator.shuffle(rows)
      if case .classes(let labels) = data.labels {
        dealing = .classes
        order = (0..<labels.classCount).flatMap { unit in order.filter { labels[$0] == unit } }
      } else {
        dealing = .rows
      }
      for (place, row) in order.enumerated() { result[row] = place % count }
    }
    assignments = result
  }

  /// The rows that are held out in a fold, ascending.
  public func held(in fold: Int) -> [Int] {
    assignments.indices.filter { assignments[$0] == fold }
  }

  /// The rows that are not held out in a fold, ascending.
  public func training(in fold: Int) -> [Int] {
    assignments.indices.filter { assignments[$0] != fold }
  }

  /// Assigns groups in random order, larger ones first, each to the smallest fold so far.
  private static func deal(
    _ groups: [Int], of rows: [Int], to count: Int, into result: inout [Int],
    using generator: inout some RandomNumberGenerator
  ) {
    var sizes: [Int: Int] = [:]
    var names: [Int] = []
    for row in rows {
      if sizes[groups[row]] == nil { names.append(groups[row]) }
      sizes[groups[row], default: 0] += 1
    }
    let order = generator.shuffle(names).enumerated().sorted {
      let (left, right) = (sizes[$0.element] ?? 0, sizes[$1.element] ?? 0)
      return left == right ? $0.offset < $1.offset : left > right
    }
    var filled = [Int](repeating: 0, count: count)
    var folds: [Int: Int] = [:]
    for (_, name) in order {
      let smallest = filled.indices.reduce(0) { filled[$1] < filled[$0] ? $1 : $0 }
      filled[smallest] += sizes[name] ?? 0
      folds[name] = smallest
    }
    for row in result.indices { result[row] = folds[groups[row]] ?? result[row] }
  }
}
