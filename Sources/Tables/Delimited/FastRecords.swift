import SurprisalLinearAlgebra

/// Reads simple records: as many fields as there are columns, none of them with a line feed or a
/// doubled quotation mark, and a number or a missing cell in each numeric field.
///
/// Each number is parsed in place and written to its destination, without a list of fields. At the
/// first other record the run ends, and `DelimitedScanner` reads that record: a run never
/// determines faults, and no result depends on how far it goes.
struct FastRecords: Sendable {
  private let schema: RecordSchema
  private let number: FastNumber

  init(_ schema: RecordSchema) {
    self.schema = schema
    number = FastNumber(decimal: schema.format.decimal)
  }

  /// Reads records from `start` on, at most `rowLimit` of them. The byte before `end` must be a
  /// line feed, and eight bytes after `end` must be readable; rows from `firstRow` on are written.
  func run(
    _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int, rowLimit: Int,
    firstRow: Int, into target: RowTarget
  ) -> FastRun {
    var run = FastRun(end: start)
    schema.targets.withUnsafeBufferPointer { targets in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 8 * schema.slotCount + 1) { stage in
        guard let base = stage.baseAddress else { return }
        var waiting = 0
        while run.end < end, run.rowCount < rowLimit {
          let line = base + waiting * schema.slotCount
          guard readRecord(bytes, targets, line, &run) else { break }
          waiting += 1
          let next = firstRow + run.rowCount
          if next & 7 == 0 {
            target.set(rows: next - waiting, count: waiting, from: base, stride: schema.slotCount)
            waiting = 0
          }
        }
        if waiting > 0 {
          target.set(
            rows: firstRow + run.rowCount - waiting, count: waiting, from: base,
            stride: schema.slotCount)
        }
      }
    }
    return run
  }

  /// Reads one record; if it is not simple, returns false and keeps nothing of it.
  @inline(__always)
  private func readRecord(
    _ bytes: UnsafePointer<UInt8>, _ targets: UnsafeBufferPointer<Int32>,
    _ line: UnsafeMutablePointer<Double>, _ run: inout FastRun
  ) -> Bool {
    let start = bytes + run.end
    // If there are no comments, this is zero, which begins no simple record.
    if start.pointee == schema.comment { return false }
    let (missing, cells) = (run.missing.count, run.cells.count)
    var position = start
    let last = targets.count - 1
    let delimiter = schema.delimiter
    var field = 0
    while field <= last {
      let begin = position
      let slot = targets[field]
      var isRead = slot >= 0 && number.read(&position, &line[Int(slot)])
      if isRead, position.pointee == delimiter, field < last {
        position += 1
        field += 1
        continue
      }
      if !isRead || !endsField(position.pointee) {
        position = begin
        isRead = readOther(bytes, slot, line, &position, &run)
      }
      if field == last, position.pointee == UInt8(ascii: "\r") { position += 1 }
      let stop = field == last ? UInt8(ascii: "\n") : delimiter
      guard isRead, position.pointee == stop else { break }
      position += 1
      field += 1
    }
    guard field > last, position - start <= schema.recordLimit else {
      run.missing.removeLast(run.missing.count - missing)
      run.cells.removeLast(run.cells.count - cells)
      return false
    }
    run.rowCount += 1
    run.end = position - bytes
    return true
  }

  @inline(__always)
  private func endsField(_ byte: UInt8) -> Bool {
    byte == schema.delimiter || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// Reads a field that is not a plain number, up to the byte after it; false if it is not simple.
  @inline(never)
  private func readOther(
    _ bytes: UnsafePointer<UInt8>, _ slot: Int32, _ line: UnsafeMutablePointer<Double>,
    _ position: inout UnsafePointer<UInt8>, _ run: inout FastRun
  ) -> Bool {
    let isQuoted = position.pointee == UInt8(ascii: "\"")
    guard let cell = cell(&position) else { return false }
    if slot == RecordSchema.ignored { return true }
    if slot < 0 {
      guard let start = cell.baseAddress, let count = Int32(exactly: cell.count) else {
        return false
      }
      run.cells.append((start - bytes, count))
      return true
    }
    let trimmed = cell.trimmingSpaces()
    if case .number(let value) = schema.format.read(trimmed) {
      line[Int(slot)] = value
      return true
    }
    guard schema.missing.contain(trimmed), !isQuoted || trimmed.isEmpty,
      let row = Int32(exactly: run.rowCount)
    else { return false }
    line[Int(slot)] = .nan
    run.missing.append((slot, row))
    return true
  }

  /// The bytes of a field without enclosing quotation marks; nil if a mark is doubled or misplaced,
  /// or a line feed is within marks.
  @inline(__always)
  private func cell(_ position: inout UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
    let quote = UInt8(ascii: "\"")
    let isQuoted = position.pointee == quote
    let start = isQuoted ? position + 1 : position
    var cursor = start
    if isQuoted {
      while cursor.pointee != quote {
        if cursor.pointee == UInt8(ascii: "\n") || cursor.pointee == 0 { return nil }
        cursor += 1
      }
      position = cursor + 1
      guard endsField(position.pointee) else { return nil }
      return UnsafeBufferPointer(start: start, count: cursor - start)
    }
    let ceiling = max(schema.delimiter, quote)
    while true {
      let byte = cursor.pointee
      if byte <= ceiling {
        if endsField(byte) { break }
        if byte == quote || byte == 0 { return nil }
      }
      cursor += 1
    }
    position = cursor
    return UnsafeBufferPointer(start: start, count: cursor - start)
  }
}

/// The destination of the numbers of simple records: slots up to the width of the first matrix
/// belong to it, the others to the second.
struct RowTarget: Sendable {
  let first: BlockedMatrixBuilder.Target
  let second: BlockedMatrixBuilder.Target

  /// Writes the rows from `row` on, `count` of them within one group of eight.
  @inline(__always)
  func set(rows row: Int, count: Int, from source: UnsafePointer<Double>, stride: Int) {
    if first.columnCount > 0 { first.set(rows: row, count: count, from: source, stride: stride) }
    if second.columnCount > 0 {
      second.set(rows: row, count: count, from: source + first.columnCount, stride: stride)
    }
  }

  @inline(__always)
  func set(_ value: Double, row: Int, slot: Int) {
    if slot < first.columnCount {
      first.set(value, row: row, column: slot)
    } else {
      second.set(value, row: row, column: slot - first.columnCount)
    }
  }
}

/// The treatment of each field of a simple record.
struct RecordSchema: Sendable {
  /// For each field: the slot of a number from 0 on, `ignored`, or `-2 - k` for the k-th field
  /// whose raw cells are returned.
  let targets: [Int32]
  /// The number of slots.
  let slotCount: Int
  /// The number of fields whose raw cells are returned.
  let cellCount: Int
  let delimiter: UInt8
  /// The format of numbers.
  let format: NumberFormat
  /// Which cells are missing.
  let missing: MissingTokens
  /// The comment character; 0 for none.
  let comment: UInt8
  /// The most bytes of a record.
  let recordLimit: Int

  static let ignored: Int32 = -1

  /// The target of the k-th raw field, and the inverse.
  static func cell(_ index: Int) -> Int32 { -2 - Int32(clamping: index) }
}

/// Consecutive simple records.
struct FastRun: Sendable {
  /// Their number.
  var rowCount = 0
  /// The place after the last.
  var end: Int
  /// Missing numbers, by slot and row from 0; their values are NaN.
  var missing: [(slot: Int32, row: Int32)] = []
  /// The raw cells, row by row: first byte and length.
  var cells: [(start: Int, count: Int32)] = []
}
