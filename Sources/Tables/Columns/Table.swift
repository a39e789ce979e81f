import SurprisalDatasets

/// Rows of a file or of a part of it, stored by column.
public struct Table: Sendable, Equatable {
  /// The file's name, or `standard input`.
  public let source: String

  /// The number of rows.
  public let rowCount: Int

  /// The columns that were read, in the order of the file.
  public private(set) var columns: [Column]

  /// The rows left out because of `DelimitedOptions.badRows`.
  public let rejectedRowCount: Int

  /// The features of a LIBSVM file, which are not stored as columns.
  public private(set) var sparse: LIBSVMData?

  /// The number of rows in the file, including those left out.
  public let fileRowCount: Int

  /// Whether the file names its columns; an array does not.
  var hasNames = true

  /// Notes on the header and on missing cells.
  var notes = HeaderNotes()

  let lines: LineIndex

  /// A table; each column has `rowCount` cells.
  init(
    source: String, rowCount: Int, columns: [Column], rejectedRowCount: Int, lines: LineIndex,
    fileRowCount: Int? = nil
  ) {
    self.fileRowCount = fileRowCount ?? rowCount + rejectedRowCount
    self.source = source
    self.rowCount = rowCount
    self.columns = columns
    self.rejectedRowCount = rejectedRowCount
    self.lines = lines
  }

  /// The rows of a LIBSVM file; the labels are a column of texts.
  init(_ data: LIBSVMData, source: String, columns: (String) -> ColumnType) {
    let name = LIBSVMReader.labelColumn
    let label = Column(
      name: name, position: 1,
      cells: .texts(levels: data.classNames, codes: data.labels),
      levelKinds: data.classNames.map { _ in nil })
    self.init(
      source: source, rowCount: data.rowCount, columns: columns(name) == .text ? [label] : [],
      rejectedRowCount: data.rejectedRowCount, lines: data.lines)
    sparse = data
  }

  /// The line of the file, counted from 1, at which a row counted from 0 begins. `O(log rowCount)`;
  /// memory is one number for each place where rows and lines get out of step.
  public func line(ofRow row: Int) -> Int { lines.line(ofRow: row) }

  /// The number in the file, from 1, of a row counted from 0; rows that were left out are counted.
  public func number(ofRow row: Int) -> Int { lines.number(ofRow: row) }

  /// The column with a name; nil if there is none. `O(columns.count)`.
  public func column(named name: String) -> Column? { columns.first { $0.name == name } }

  /// The place of a cell, for messages; the row counts from 0.
  public func place(row: Int, column: Column) -> CellPlace {
    CellPlace(
      file: source, row: lines.number(ofRow: row), line: line(ofRow: row), column: column.position,
      columnName: column.name)
  }

  /// The text of a missing cell; empty if the cell is empty or its text is unknown.
  func missingText(row: Int, column: Column) -> String {
    let token = notes.tokens[column.position]
    return token?.row == number(ofRow: row) ? token?.text ?? "" : ""
  }

  /// The numbers of a column, and the rows, from 0, whose cell is missing (their value is NaN).
  ///
  /// Throws `number.syntax` with the first cell that is not a number and the count of further ones,
  /// or `number.infinite` or `number.overflow` if only such cells are not numbers.
  public func requireNumbers(
    in column: Column
  ) throws(FileError) -> (values: Column.Numbers, missing: [Int]) {
    switch column.cells {
    case .numbers(let values, let missing): return (values, missing)
    case .texts: throw fault(of: column.firstNonNumber, in: column)
    }
  }

  /// Checks that a text column is meant as text: throws `number.infinite` or `number.overflow` if
  /// it would be numeric but for such cells, which is a fault of the data and not a set of
  /// categories.
  public func requireCategories(in column: Column) throws(FileError) {
    guard let first = column.firstNonNumber else { return }
    if first.kind != .word, column.numberCount > 0 { throw fault(of: first, in: column) }
  }

  /// Removes columns.
  mutating func forget(columns isForgotten: (String) -> Bool) {
    columns.removeAll { isForgotten($0.name) }
  }

  /// The rows at `rows`, in that order.
  func selecting(rows: [Int]) -> Table {
    var result = Table(
      source: source, rowCount: rows.count, columns: columns.map { $0.selecting(rows: rows) },
      rejectedRowCount: rejectedRowCount, lines: lines.selecting(rows: rows),
      fileRowCount: fileRowCount)
    result.sparse = sparse?.selecting(rows: rows)
    result.hasNames = hasNames
    result.notes = notes
    return result
  }

  /// The table with other columns of the same names.
  mutating func replaceColumns(_ body: (Column) throws -> Column) rethrows {
    columns = try columns.map(body)
  }

  /// The table with the columns at these positions taken from another of the same rows.
  func replacing(columnsOf other: Table, at positions: Set<Int>) -> Table {
    var found: [Int: Column] = [:]
    for column in other.columns where positions.contains(column.position) {
      found[column.position] = column
    }
    var result = Table(
      source: source, rowCount: rowCount, columns: columns.map { found[$0.position] ?? $0 },
      rejectedRowCount: rejectedRowCount, lines: lines)
    result.notes = notes
    result.notes.tokens.merge(other.notes.tokens) { $1 }
    return result
  }

  private func fault(of first: NonNumber?, in column: Column) -> FileError {
    // A column read as text on request may hold numbers only; then that request is the mistake.
    guard let cell = first else {
      return .notNumber(place(row: 0, column: column), found: "", others: 0)
    }
    let place = place(row: cell.row, column: column)
    return switch cell.kind {
    case .word: .notNumber(place, found: cell.text, others: max(0, column.nonNumberCount - 1))
    case .infinite: .infiniteNumber(place, found: cell.text)
    case .overflow: .numberOverflow(place, found: cell.text)
    }
  }
}

/// The table with the features and the one with the labels, which may be the same.
public struct TableSet: Sendable {
  /// Features, weights and offsets, and the labels unless they are elsewhere.
  public private(set) var data: Table
  /// The labels.
  public private(set) var labels: Table
  /// The names of all columns of the data file, read or not.
  public let names: [String]
  /// The same of the label file.
  public let labelNames: [String]
  /// Rows of the data file that are in neither table, with the reasons.
  var leftOut: [LeftOutRows] = []

  /// Two tables of the same rows; the names default to those of the columns that were read.
  public init(
    data: Table, labels: Table, names: [String]? = nil, labelNames: [String]? = nil
  ) {
    self.data = data
    self.labels = labels
    self.names = names ?? data.columns.map(\.name)
    self.labelNames = labelNames ?? labels.columns.map(\.name)
    if data.rejectedRowCount > 0 {
      leftOut = [LeftOutRows(data.rejectedRowCount, .unreadable)]
    }
  }

  /// Changes columns of the data, and of the labels if they are elsewhere.
  mutating func replaceColumns(_ body: (Table, Column) throws -> Column) rethrows {
    let (first, second) = (data, labels)
    try data.replaceColumns { try body(first, $0) }
    try labels.replaceColumns { try body(second, $0) }
  }

  /// Removes columns that are not read again, so that data derived from them are held only once.
  mutating func forget(columns isForgotten: (String) -> Bool) {
    data.forget(columns: isForgotten)
    labels.forget(columns: isForgotten)
  }
}
