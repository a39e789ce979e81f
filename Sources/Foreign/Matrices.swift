import SurprisalForeignHeader
import SurprisalLinearAlgebra
import SurprisalTables

extension surprisal_matrix {
  /// Throws for invalid sizes, missing addresses and matrices that do not fit in memory.
  func validate(_ what: String) throws {
    guard rows >= 0, columns >= 0 else {
      throw CallError.argument("\(what): the number of rows or columns is negative")
    }
    guard values != nil || rows == 0 || columns == 0 else {
      throw CallError.argument("\(what): the values are NULL")
    }
    guard (0...Int32(SURPRISAL_UINT8)).contains(type) else {
      throw CallError.argument("\(what): there is no type \(type) of numbers")
    }
    try requireMemory(rows: Int(rows), columns: Int(columns), what)
    let reach = max(1, Int(rows)).multipliedSaturating(by: row(stride: row_stride))
      .addingSaturating(max(1, Int(columns)).multipliedSaturating(by: row(stride: column_stride)))
    guard reach < Int.max / 16 else {
      throw CallError.argument("\(what): a stride is beyond every memory")
    }
  }

  private func row(stride: Int64) -> Int { Int(clamping: stride.magnitude) }

  /// One entry.
  func value(_ row: Int, _ column: Int) -> Double {
    number(values, type, row * Int(row_stride) + column * Int(column_stride))
  }

  /// The matrix in blocks of rows; a matrix of floats stays in single precision if `keepsSingle`.
  func blocked(
    _ what: String, keepsSingle: Bool = false, threads: ThreadCount = .one
  ) throws -> BlockedMatrix {
    try validate(what)
    let (rows, columns) = (Int(rows), Int(columns))
    let isSingle = type == Int32(SURPRISAL_FLOAT32)
    let builder = BlockedMatrixBuilder(
      columnCount: columns, rowCapacity: rows,
      storage: keepsSingle && isSingle ? .single : .double)
    let source = Source(matrix: self)
    let target = builder.target
    _ = threads.map(count: BlockedMatrix.blockCount(ofRows: rows)) { index in
      source.copy(BlockedMatrix.rows(ofBlock: index, rowCount: rows), to: target)
    }
    return builder.finish(rowCount: rows)
  }

  /// The entries of the only column.
  func column(_ what: String, rows expected: Int) throws -> [Double] {
    try validate(what)
    guard columns == 1 else {
      throw CallError.argument("\(what): there is one column, not \(columns)")
    }
    guard rows == expected else {
      throw CallError.argument("\(what): \(rows) rows, expected \(expected)")
    }
    return (0..<expected).map { value($0, 0) }
  }
}

/// The caller's matrix, read by several threads. `@unchecked`: it is not modified meanwhile.
private struct Source: @unchecked Sendable {
  let matrix: surprisal_matrix

  /// Copies rows that lie in one block.
  func copy(_ rows: Range<Int>, to target: BlockedMatrixBuilder.Target) {
    let columns = Int(matrix.columns)
    guard columns > 0, let values = matrix.values else { return }
    let (rowStride, columnStride) = (Int(matrix.row_stride), Int(matrix.column_stride))
    let isAdjacent = columnStride == 1 && rowStride >= columns
    if isAdjacent, matrix.type == Int32(SURPRISAL_FLOAT64) {
      let start = values.assumingMemoryBound(to: Double.self)
      for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 8) {
        target.set(
          rows: row, count: min(8, rows.upperBound - row), from: start + row * rowStride,
          stride: rowStride)
      }
    } else if isAdjacent, matrix.type == Int32(SURPRISAL_FLOAT32) {
      let start = values.assumingMemoryBound(to: Float.self)
      for row in stride(from: rows.lowerBound, to: rows.upperBound, by: 8) {
        target.set(
          rows: row, count: min(8, rows.upperBound - row), from: start + row * rowStride,
          stride: rowStride)
      }
    } else {
      for column in 0..<columns {
        for row in rows { target.set(matrix.value(row, column), row: row, column: column) }
      }
    }
  }
}

/// Columns of the caller, side by side. `@unchecked`: they are not modified meanwhile.
struct Matrices: @unchecked Sendable {
  private let columns: [surprisal_matrix]

  /// Checked matrices of one column each, with the same number of rows.
  init(_ columns: [surprisal_matrix]) { self.columns = columns }

  /// One matrix of the columns, in single precision if all of them are.
  func blocked(rows: Int, threads: ThreadCount) -> BlockedMatrix {
    let isSingle = columns.allSatisfy { $0.type == Int32(SURPRISAL_FLOAT32) }
    let builder = BlockedMatrixBuilder(
      columnCount: columns.count, rowCapacity: rows, storage: isSingle ? .single : .double)
    let target = builder.target
    _ = threads.map(count: BlockedMatrix.blockCount(ofRows: rows)) { block in
      for (column, matrix) in columns.enumerated() {
        for row in BlockedMatrix.rows(ofBlock: block, rowCount: rows) {
          target.set(matrix.value(row, 0), row: row, column: column)
        }
      }
    }
    return builder.finish(rowCount: rows)
  }
}

extension surprisal_sparse {
  /// The matrix without zeros. Every row start and column index is checked.
  func blocked(_ what: String) throws -> BlockedMatrix {
    guard rows >= 0, columns >= 0, columns < Int64(UInt32.max) else {
      throw CallError.argument("\(what): the number of rows or columns cannot be")
    }
    guard let starts else { throw CallError.argument("\(what): the starts are NULL") }
    let isWide = index_type == Int32(SURPRISAL_INT64)
    guard isWide || index_type == Int32(SURPRISAL_INT32) else {
      throw CallError.argument("\(what): indices are of 32 or 64 bits")
    }
    guard type == Int32(SURPRISAL_FLOAT64) || type == Int32(SURPRISAL_FLOAT32) else {
      throw CallError.argument("\(what): values are of 32 or 64 bits")
    }
    func start(_ row: Int) -> Int { Int(number(starts, index_type, row)) }
    let count = start(Int(rows))
    guard start(0) == 0, count >= 0, count == 0 || (values != nil && indices != nil) else {
      throw CallError.argument("\(what): the starts do not begin at 0, or there are no values")
    }
    try requireMemory(rows: count.addingSaturating(Int(rows)), columns: 3, what)
    var entries = CompressedRows()
    entries.reserve(rows: Int(rows), entries: count)
    for row in 0..<Int(rows) {
      let (first, last) = (start(row), start(row + 1))
      guard first <= last, last <= count else {
        throw CallError.argument("\(what): the starts do not ascend at row \(row)")
      }
      var previous = -1
      for entry in first..<last {
        let column = Int(number(indices, index_type, entry))
        guard column > previous, column < Int(columns) else {
          throw CallError.argument(
            "\(what): the columns of row \(row) do not ascend, or one is \(columns) or more")
        }
        previous = column
        let value = number(values, type, entry)
        if value != 0 { entries.append(column: UInt32(column), value: value) }
      }
      entries.endRow()
    }
    return BlockedMatrix(entries, columnCount: Int(columns))
  }
}

/// A number in an array of the caller.
func number(_ values: UnsafeRawPointer?, _ type: Int32, _ index: Int) -> Double {
  guard let values else { return .nan }
  return switch type {
  case Int32(SURPRISAL_FLOAT32): Double(values.assumingMemoryBound(to: Float.self)[index])
  case Int32(SURPRISAL_INT64): Double(values.assumingMemoryBound(to: Int64.self)[index])
  case Int32(SURPRISAL_INT32): Double(values.assumingMemoryBound(to: Int32.self)[index])
  case Int32(SURPRISAL_UINT8): Double(values.assumingMemoryBound(to: UInt8.self)[index])
  default: values.assumingMemoryBound(to: Double.self)[index]
  }
}

/// Throws `limit.memory` if so many numbers do not fit in memory.
func requireMemory(rows: Int, columns: Int, _ what: String) throws {
  let bytes = rows.addingSaturating(BlockedMatrix.blockSize).multipliedSaturating(by: columns)
    .multipliedSaturating(by: 8)
  try MemoryBudget.ofMachine.require(bytes, for: "the copy of the \(what)")
}
