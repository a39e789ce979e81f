/// The entries of a sparse matrix, row by row: for each row the nonzero columns, ascending.
public struct CompressedRows: Sendable, Equatable {
  /// Entries `starts[i]..<starts[i + 1]` belong to row i; one more than there are rows.
  public private(set) var starts: [Int] = [0]
  /// The column of each entry.
  public private(set) var columns: [UInt32] = []
  /// The value of each entry.
  public private(set) var values: [Double] = []

  /// No rows.
  public init() {}

  /// The number of rows.
  public var rowCount: Int { starts.count - 1 }

  /// The number of entries.
  public var entryCount: Int { values.count }

  /// Reserves capacity.
  public mutating func reserve(rows: Int, entries: Int) {
    starts.reserveCapacity(rows + 1)
    columns.reserveCapacity(entries)
    values.reserveCapacity(entries)
  }

  /// Adds a row. `rowColumns` ascends strictly; both have the same length.
  public mutating func append(columns rowColumns: [UInt32], values rowValues: [Double]) {
    precondition(rowColumns.count == rowValues.count)
    precondition(zip(rowColumns, rowColumns.dropFirst()).allSatisfy { $0 < $1 })
    columns.append(contentsOf: rowColumns)
    values.append(contentsOf: rowValues)
    starts.append(values.count)
  }

  /// Adds an entry to the current row, which `endRow` ends; columns of a row ascend strictly.
  public mutating func append(column: UInt32, value: Double) {
    columns.append(column)
    values.append(value)
  }

  /// Ends a row whose entries were added one by one.
  public mutating func endRow() { starts.append(values.count) }

  /// Removes the entries of the current row, which was not ended.
  package mutating func discardRow() {
    let count = starts.last ?? 0
    columns.removeLast(columns.count - count)
    values.removeLast(values.count - count)
  }

  /// Appends the rows of another value.
  public mutating func append(contentsOf other: CompressedRows) {
    let first = values.count
    columns.append(contentsOf: other.columns)
    values.append(contentsOf: other.values)
    starts.append(contentsOf: other.starts.dropFirst().lazy.map { $0 + first })
  }

  /// Shifts every column index down by `count`; all columns must be at least `count`.
  public mutating func moveColumns(left count: UInt32) {
    for index in columns.indices { columns[index] -= count }
  }

  /// The entries of one row.
  public func entries(ofRow row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

  /// One entry, 0 if none is stored. Complexity: O(log of the row's entries).
  func value(row: Int, column: Int) -> Double {
    var low = starts[row]
    var high = starts[row + 1]
    while low < high {
      let middle = low + (high - low) / 2
      if Int(columns[middle]) < column { low = middle + 1 } else { high = middle }
    }
    return low < starts[row + 1] && Int(columns[low]) == column ? values[low] : 0
  }

  /// Multiplies each column by its factor.
  mutating func scaleColumns(by factors: [Double]) {
    for index in values.indices { values[index] *= factors[Int(columns[index])] }
  }

  /// The rows at `indices`, in that order.
  package func selecting(rows indices: [Int]) -> CompressedRows {
    var result = CompressedRows()
    result.reserve(rows: indices.count, entries: 0)
    for row in indices {
      let entries = entries(ofRow: row)
      result.append(columns: Array(columns[entries]), values: Array(values[entries]))
    }
    return result
  }

  /// The columns at `indices`, in that order; a column may be taken twice.
  package func selecting(columns indices: [Int], of columnCount: Int) -> CompressedRows {
    var places = [[UInt32]](repeating: [], count: columnCount)
    for (place, column) in indices.enumerated() { places[column].append(UInt32(place)) }
    var result = CompressedRows()
    for row in 0..<rowCount {
      let taken = entries(ofRow: row).flatMap { entry in
        places[Int(columns[entry])].map { ($0, values[entry]) }
      }.sorted { $0.0 < $1.0 }
      result.append(columns: taken.map(\.0), values: taken.map(\.1))
    }
    return result
  }
}
