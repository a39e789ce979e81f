import SurprisalProbability

/// A partition of the rows of a data set into K parts, each of which is held out once.
///
/// Rows are dealt at random, so that fold sizes differ by one at most. Known classes are dealt
/// class by class (stratified): the rows of each class, too, differ by one at most between folds.
/// Groups stay whole: the largest come first, each to the fold with the fewest rows, in random
/// order where sizes are equal; they are not stratified. The votes of a row, and the repetitions of
/// a row with a frequency, stay together.
///
/// Rows of weight zero count for nothing: they change neither the folds of the others nor the
/// random numbers these take.
public struct Folds: Sendable, Equatable {
  /// What was dealt.
  public enum Dealing: String, Sendable {
    /// Rows, whatever their labels.
    case rows
    /// Rows, class by class.
    case classes
    /// Groups of rows.
    case groups
  }

  /// K.
  public let count: Int
  /// What was dealt.
  public let dealing: Dealing
  /// The fold, from 0, in which each row is held out.
  public let assignments: [Int]

  /// Deals the rows of a data set; `groups` has an identifier for each row.
  ///
  /// The same bits of `generator` give the same folds. Throws `.folds` for fewer than two folds and
  /// for more than there are rows, or groups, of positive weight. Complexity: O(N log N).
  public init(
    of data: Dataset, count: Int, groups: [Int]? = nil,
    using generator: inout some RandomNumberGenerator
  ) throws(DatasetError) {
    precondition(groups?.count ?? data.rowCount == data.rowCount, "one group a row")
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

  /// The rows that are not, ascending.
  public func training(in fold: Int) -> [Int] {
    assignments.indices.filter { assignments[$0] != fold }
  }

  /// Groups in random order, the larger ones first, each to the smallest fold so far.
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
