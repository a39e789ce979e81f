/// The numbers of some rows before they go to their columns, a column after the other.
///
/// Appending each number to an array of its own costs as much as reading it. Here all columns that
/// are numbers so far share one piece of memory and are handed over many rows at a time.
///
/// `@unchecked`: the memory belongs to this value alone, which cannot be copied.
struct RowStage: ~Copyable, @unchecked Sendable {
  var builders: [ColumnBuilder]
  private let storage: UnsafeMutableBufferPointer<Double>
  private let capacity: Int
  private var filled = 0
  /// For each field of a record, its column while that is staged, otherwise -1.
  private var stagedColumns: [Int]
  /// The columns that want their cells one by one.
  private(set) var otherColumns: [Int]

  init(_ builders: [ColumnBuilder], fieldCount: Int) {
    self.builders = builders
    stagedColumns = [Int](repeating: -1, count: fieldCount)
    for column in builders.indices where builders[column].isStaged {
      stagedColumns[builders[column].field] = column
    }
    otherColumns = builders.indices.filter { !builders[$0].isStaged }
    // A wide table stages few rows: the memory stays within a mebibyte or so.
    capacity = max(1, min(128, (1 << 17) / max(1, builders.count)))
    storage = .allocate(capacity: max(1, capacity * builders.count))
  }

  deinit { storage.deallocate() }

  /// The fields of a record.
  var fieldCount: Int { stagedColumns.count }

  /// The column of a field while its numbers are staged, otherwise -1.
  @inline(__always)
  func stagedColumn(ofField field: Int) -> Int { stagedColumns[field] }

  /// The number of a staged column in the current row, which may be set again until the row ends.
  @inline(__always)
  func set(_ value: Double, column: Int) { storage[column * capacity + filled] = value }

  /// A cell of the current row, for the column of an index.
  @inline(__always)
  mutating func append(
    _ cell: UnsafeBufferPointer<UInt8>, to column: Int, row: Int, decimal: UInt8
  ) -> ColumnBuilder.Fault? {
    guard builders[column].isStaged else { return builders[column].append(cell, row: row) }
    let trimmed = cell.trimmingSpaces()
    if case .number(let value) = DecimalNumber.read(trimmed, decimal: decimal) {
      storage[column * capacity + filled] = value
      return nil
    }
    if MissingTokens.contain(trimmed) {
      storage[column * capacity + filled] = .nan
      builders[column].noteMissing(row: row)
      return nil
    }
    // A column that becomes text must know all rows before this one.
    handOver(column)
    stagedColumns[builders[column].field] = -1
    otherColumns.append(column)
    return builders[column].append(cell, row: row)
  }

  /// Ends the current row.
  @inline(__always)
  mutating func endRow() {
    filled += 1
    if filled == capacity { handOver() }
  }

  /// Hands all numbers to their columns.
  mutating func handOver() {
    for column in builders.indices where builders[column].isStaged { handOver(column) }
    filled = 0
  }

  private mutating func handOver(_ column: Int) {
    let first = column * capacity
    builders[column].append(staged: UnsafeBufferPointer(rebasing: storage[first..<first + filled]))
  }
}
