import SurprisalDatasets
import SurprisalLinearAlgebra

/// The rows of a table that make it into the data set.
package struct RowSelection {
  /// Rows of the table.
  let total: Int
  /// The rows that stay, ascending; nil while all do.
  private(set) var rows: [Int]?
  /// What was left out, and why.
  private(set) var warnings: [DataWarning] = []

  package init(rowCount: Int) { total = rowCount }

  /// How many rows stay.
  var count: Int { rows?.count ?? total }

  /// Leaves out rows with an empty cell, where that is the policy.
  mutating func dropMissing(_ columns: [Column], policy: MissingPolicy) {
    guard policy == .drop else { return }
    let dropped = remove(Set(columns.flatMap(\.missingRows)))
    if dropped > 0 { warnings.append(.droppedMissing(rows: dropped)) }
  }

  /// Leaves out rows without label mass.
  mutating func dropEmptyLabels(_ empty: Set<Int>) {
    let dropped = remove(empty)
    if dropped > 0 { warnings.append(.droppedEmptyLabels(rows: dropped)) }
  }

  private mutating func remove(_ unwanted: Set<Int>) -> Int {
    if unwanted.isEmpty { return 0 }
    let before = count
    rows = (rows ?? Array(0..<total)).filter { !unwanted.contains($0) }
    return before - count
  }

  func apply<Element>(to values: [Element]) -> [Element] {
    guard let rows else { return values }
    return rows.map { values[$0] }
  }

  func apply(to values: Column.Numbers) -> Column.Numbers {
    guard let rows else { return values }
    return Column.Numbers(rows.map { values[$0] })
  }

  func apply(to column: Column) -> Column {
    guard let rows else { return column }
    return column.selecting(rows: rows)
  }
}
