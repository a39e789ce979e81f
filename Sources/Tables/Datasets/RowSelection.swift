import SurprisalDatasets

/// Rows of a file that are not in the data, and why.
public struct LeftOutRows: Sendable, Equatable {
  /// Why rows are left out.
  public enum Reason: String, Sendable, CaseIterable {
    /// The record could not be read.
    case unreadable
    /// A cell that is needed is empty.
    case missingCells = "missing_cells"
    /// A cell is no number, as the others of its column are.
    case wrongCells = "wrong_cells"
    /// A level that the model was not trained on.
    case unseenLevels = "unseen_levels"
    /// The label is empty.
    case missingLabels = "missing_labels"
    /// The label is no label of its kind.
    case wrongLabels = "wrong_labels"
    /// The label columns are all zero.
    case emptyLabels = "no_label_mass"
    /// The row of another file that belongs to it is left out.
    case otherFile = "other_file"
    /// No row of the other file has its key.
    case noPartner = "no_partner"
    /// Nobody voted on the row.
    case withoutVotes = "without_votes"
  }

  /// How many.
  public let count: Int
  /// Why.
  public let reason: Reason

  /// Some rows.
  package init(_ count: Int, _ reason: Reason) {
    self.count = count
    self.reason = reason
  }
}

/// The rows of a table that make it into the data set.
package struct RowSelection {
  /// Rows of the table.
  let total: Int
  /// The rows that stay, ascending; nil while all do.
  private(set) var rows: [Int]?
  /// What was left out, and why, in the order in which it was found.
  private(set) var leftOut: [LeftOutRows]

  package init(rowCount: Int) { self.init(rowCount: rowCount, leftOut: []) }

  init(rowCount: Int, leftOut: [LeftOutRows]) {
    total = rowCount
    self.leftOut = leftOut
  }

  /// How many rows stay.
  var count: Int { rows?.count ?? total }

  /// The rows that stay, ascending.
  var kept: [Int] { rows ?? Array(0..<total) }

  /// What was left out as warnings.
  var warnings: [DataWarning] { leftOut.map { .leftOut($0) } }

  /// Leaves out rows; those that are left out already keep their reason.
  mutating func leaveOut(_ unwanted: some Sequence<Int>, for reason: LeftOutRows.Reason) {
    let unwanted = Set(unwanted)
    if unwanted.isEmpty { return }
    let before = count
    rows = kept.filter { !unwanted.contains($0) }
    guard count < before else { return }
    if let place = leftOut.firstIndex(where: { $0.reason == reason }) {
      leftOut[place] = LeftOutRows(leftOut[place].count + before - count, reason)
    } else {
      leftOut.append(LeftOutRows(before - count, reason))
    }
  }

  /// The first of some rows that stays.
  func first(of some: [Int]) -> Int? {
    guard rows != nil else { return some.first }
    let kept = Set(kept)
    return some.first { kept.contains($0) }
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
