import SurprisalDatasets

/// Rows of a file that are not in the data, and the reason.
public struct LeftOutRows: Sendable, Equatable {
  /// Why rows are left out.
  public enum Reason: String, Sendable, CaseIterable {
    /// The record could not be read.
    case unreadable
    /// A cell that is needed is empty.
    case missingCells = "missing_cells"
    /// A cell is not a number, unlike the others of its column.
    case wrongCells = "wrong_cells"
    /// A weight is negative.
    case wrongWeights = "wrong_weights"
    /// A level that the model was not trained on.
    case unseenLevels = "unseen_levels"
    /// The label is empty.
    case missingLabels = "missing_labels"
    /// The label is invalid for its kind.
    case wrongLabels = "wrong_labels"
    /// The label columns are all zero.
    case emptyLabels = "no_label_mass"
    /// The matching row of another file is left out.
    case otherFile = "other_file"
    /// No row of the other file has the same key.
    case noPartner = "no_partner"
    /// The row has no votes.
    case withoutVotes = "without_votes"
  }

  /// The number of rows.
  public let count: Int
  /// The reason.
  public let reason: Reason

  /// A number of rows with a reason.
  package init(_ count: Int, _ reason: Reason) {
    self.count = count
    self.reason = reason
  }
}

/// The rows of a table that are selected for the data set.
package struct RowSelection {
  /// The number of rows of the table.
  let total: Int
  /// The rows that are kept, ascending; nil if all are.
  private(set) var rows: [Int]?
  /// The rows left out, with reasons, in the order in which they were found.
  private(set) var leftOut: [LeftOutRows]

  package init(rowCount: Int) { self.init(rowCount: rowCount, leftOut: []) }

  init(rowCount: Int, leftOut: [LeftOutRows]) {
    total = rowCount
    self.leftOut = leftOut
  }

  /// The number of rows kept.
  var count: Int { rows?.count ?? total }

  /// The rows that are kept, ascending.
  var kept: [Int] { rows ?? Array(0..<total) }

  /// The rows left out, as warnings.
  var warnings: [DataWarning] { leftOut.map { .leftOut($0) } }

  /// Leaves out rows; rows that are left out already keep their reason.
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

  /// The first of the given rows that is kept.
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
