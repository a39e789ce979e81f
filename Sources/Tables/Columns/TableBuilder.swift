import SurprisalDatasets
import SurprisalLinearAlgebra

/// The rows of a table while they are read.
///
/// Numbers are written directly to two blocked matrices: columns that are `contiguous` to one that
/// can become the feature matrix unchanged, the others to a second one. Everything else about a
/// column is kept by its builder.
struct TableBuilder: ~Copyable {
  private(set) var builders: [ColumnBuilder]
  private(set) var rowCount = 0

  private var first: BlockedMatrixBuilder
  private var second: BlockedMatrixBuilder
  /// The builder of each slot: the columns of the first matrix, then those of the second.
  private var slotBuilders: [Int] = []
  /// The slot of each builder while it is numeric, -1 after.
  private var slots: [Int]
  /// The builders that receive raw cells, in the order of the schema.
  private var cellBuilders: [Int] = []
  private var knownSchema: RecordSchema?

  private let fieldCount: Int
  private let delimiter: UInt8
  private let options: DelimitedOptions

  /// A table without rows. `isContiguous` has an entry for each builder.
  init(
    _ builders: [ColumnBuilder], isContiguous: [Bool], fieldCount: Int, delimiter: UInt8,
    options: DelimitedOptions
  ) {
    self.builders = builders
    self.fieldCount = fieldCount
    self.delimiter = delimiter
    self.options = options
    let numeric = builders.indices.filter { builders[$0].isNumeric }
    let contiguous = numeric.filter { isContiguous[$0] }
    let others = numeric.filter { !isContiguous[$0] }
    first = BlockedMatrixBuilder(
      columnCount: contiguous.count, rowCapacity: 0, storage: options.contiguousStorage)
    second = BlockedMatrixBuilder(columnCount: others.count, rowCapacity: 0)
    slotBuilders = contiguous + others
    slots = [Int](repeating: -1, count: builders.count)
    for (slot, builder) in slotBuilders.enumerated() { slots[builder] = slot }
  }

  /// The number of rows for which memory is reserved.
  var capacity: Int { first.capacity }

  /// The memory to which numbers are written; valid until more rows are reserved.
  var target: RowTarget { RowTarget(first: first.target, second: second.target) }

  /// The bytes that a row takes.
  var rowSize: TableSize {
    TableSize(
      rows: 0, features: first.columnCount, width: first.storageKind == .single ? 4 : 8,
      others: second.columnCount * 8 + builders.count { !$0.isNumeric } * 4)
  }

  /// Reserves memory for `rowCount` rows, and drops columns that are no longer numeric.
  mutating func reserve(_ rows: Int) {
    guard rows > capacity else { return }
    let kept = slotBuilders.indices.filter { builders[slotBuilders[$0]].isNumeric }
    let split = first.columnCount
    first.grow(rowCapacity: rows, filled: rowCount, keeping: kept.filter { $0 < split })
    second.grow(
      rowCapacity: rows, filled: rowCount,
      keeping: kept.filter { $0 >= split }.map { $0 - split })
    slotBuilders = kept.map { slotBuilders[$0] }
    for builder in slots.indices { slots[builder] = -1 }
    for (slot, builder) in slotBuilders.enumerated() { slots[builder] = slot }
    knownSchema = nil
  }

  /// The current treatment of the fields of a simple record.
  mutating func schema() -> RecordSchema {
    if let knownSchema { return knownSchema }
    var targets = [Int32](repeating: RecordSchema.ignored, count: fieldCount)
    cellBuilders = []
    for (index, builder) in builders.enumerated() where !builder.isDeferred {
      if builder.isFast {
        targets[builder.field] = Int32(clamping: slots[index])
      } else {
        targets[builder.field] = RecordSchema.cell(cellBuilders.count)
        cellBuilders.append(index)
      }
    }
    let schema = RecordSchema(
      targets: targets, slotCount: slotBuilders.count, cellCount: cellBuilders.count,
      delimiter: delimiter, format: options.numbers,
      missing: options.missing, comment: options.comment ?? 0,
      recordLimit: max(1, min(options.fieldLimit, options.recordLimit)))
    knownSchema = schema
    return schema
  }

  /// Adds a cell of the next row, for which memory is reserved, to the column with an index.
  mutating func append(
    _ cell: UnsafeBufferPointer<UInt8>, isQuoted: Bool, to column: Int
  ) -> ColumnBuilder.Fault? {
    let wasNumeric = builders[column].isNumeric
    switch builders[column].append(cell, isQuoted: isQuoted, row: rowCount) {
    case .number(let value): target.set(value, row: rowCount, slot: slots[column])
    case .taken: break
    case .fault(let fault): return fault
    }
    if wasNumeric, !builders[column].isNumeric { knownSchema = nil }
    return nil
  }

  /// Ends the next row.
  mutating func endRow() { rowCount += 1 }

  /// Takes over the records of a run, whose numbers were written from row `rowCount` on. Returns
  /// their number, which is smaller than the run's if a raw cell is at fault.
  mutating func take(
    _ run: FastRun, _ bytes: UnsafePointer<UInt8>, checksRows: Bool
  ) -> Int {
    let start = rowCount
    var taken = 0
    if cellBuilders.isEmpty {
      rowCount += run.rowCount
      taken = run.rowCount
    } else {
      while taken < run.rowCount,
        takeCells(run, bytes, from: taken * cellBuilders.count, checksRows: checksRows)
      {
        rowCount += 1
        taken += 1
      }
    }
    for (slot, row) in run.missing where row < taken {
      builders[slotBuilders[Int(slot)]].noteMissing(row: start + Int(row))
    }
    return taken
  }

  private mutating func takeCells(
    _ run: FastRun, _ bytes: UnsafePointer<UInt8>, from place: Int, checksRows: Bool
  ) -> Bool {
    func cell(_ index: Int) -> UnsafeBufferPointer<UInt8> {
      let (start, count) = run.cells[place + index]
      return UnsafeBufferPointer(start: bytes + start, count: Int(count))
    }
    func isQuoted(_ index: Int) -> Bool {
      let start = run.cells[place + index].start
      return start > 0 && bytes[start - 1] == UInt8(ascii: "\"")
    }
    if checksRows {
      // A row that is left out must change nothing, so all cells are checked first.
      for (index, column) in cellBuilders.enumerated()
      where builders[column].fault(in: cell(index)) != nil { return false }
    }
    for (index, column) in cellBuilders.enumerated()
    where append(cell(index), isQuoted: isQuoted(index), to: column) != nil { return false }
    return true
  }

  /// The columns of all rows.
  consuming func finish(names: [String]) -> [Column] {
    let rows = rowCount
    let slots = self.slots
    let builders = self.builders
    let split = first.columnCount
    let isDead = slotBuilders.map { !builders[$0].isNumeric }
    let matrices = [
      first.finish(rowCount: rows).leavingOut(Array(isDead[..<split])),
      second.finish(rowCount: rows).leavingOut(Array(isDead[split...])),
    ]
    let missing = options.missing.numbers(options.numbers)
    return builders.indices.map { index in
      let slot = slots[index]
      var values: Column.Numbers?
      if slot >= 0, builders[index].isNumeric {
        let base = slot < split ? 0 : split
        let place = slot - base - isDead[base..<slot].count { $0 }
        values = Column.Numbers(matrices[slot < split ? 0 : 1], column: place)
      }
      let column = builders[index].finish(name: names[builders[index].field], values)
      return column.withoutNumbers(missing)
    }
  }
}

extension BlockedMatrix {
  /// The matrix without the marked columns; itself if none is marked.
  fileprivate func leavingOut(_ isDead: [Bool]) -> BlockedMatrix {
    guard isDead.contains(true) else { return self }
    return selecting(columns: isDead.indices.filter { !isDead[$0] })
  }
}
