/// Delimited text (CSV, TSV) read in batches of rows, in memory that does not grow with the file.
///
/// RFC 4180 with LF or CRLF line ends, a byte order mark left out, blank lines skipped (with a
/// single column a blank line is a missing cell). Every error names file, line and column. The same
/// tables come out for any sizes of the pieces in which the bytes arrive.
///
///     var stream = try DelimitedStream(InputFile("-")) { name in
///       features.contains(name) ? .number : .ignore
///     }
///     while let table = try stream.next(maximumRows: 4096) { ... }
public struct DelimitedStream: ~Copyable, Sendable {
  /// The name of the file, or `standard input`.
  public let name: String

  /// The names of all columns of the file, in order, those that are ignored included.
  public let columnNames: [String]

  /// The rows left out so far because `DelimitedOptions.badRows` says so.
  public private(set) var rejectedRowCount = 0

  private var records: RecordReader
  private var readings: [ColumnReading]
  private let options: DelimitedOptions
  private let keepsCells: Bool
  private var isSecondReading = false
  private var rowNumber = 0

  /// Opens a file and reads its header; `columns` says what becomes of each column.
  ///
  /// Throws `io.open`, `format.unsupported`, `encoding.utf16`, `data.empty` and the errors of
  /// headers.
  public init(
    _ file: InputFile, options: DelimitedOptions = DelimitedOptions(),
    columns: (String) -> ColumnReading
  ) throws(InterchangeError) {
    try self.init(
      file.open(), fileExtension: file.fileExtension, options: options, columns: columns)
  }

  /// Reads the header of a byte source.
  public init(
    _ source: consuming ByteSource, fileExtension: String = "csv",
    options: DelimitedOptions = DelimitedOptions(), columns: (String) -> ColumnReading
  ) throws(InterchangeError) {
    try self.init(
      source, fileExtension: fileExtension, options: options, keepsCells: true, columns: columns)
  }

  init(
    _ source: consuming ByteSource, fileExtension: String, options: DelimitedOptions,
    keepsCells: Bool, columns: (String) -> ColumnReading
  ) throws(InterchangeError) {
    name = source.name
    self.options = options
    self.keepsCells = keepsCells || !source.isRewindable
    var records = RecordReader(
      source, delimiter: options.delimiter(forExtension: fileExtension), options: options)
    let header = try records.readHeader(options: options)
    self.records = records
    columnNames = header.names
    readings = header.names.map(columns)
  }

  /// The next rows, at most `maximumRows`; nil after the last.
  ///
  /// Columns read as `.automatic` are decided for each batch: name a reading where batches must
  /// agree. Throws the errors of cells and rows, and `data.norows` when the file has no row at all.
  public mutating func next(maximumRows: Int) throws(InterchangeError) -> Table? {
    guard let (table, _) = try nextBatch(maximumRows: maximumRows) else { return nil }
    return table
  }

  /// The next rows and the indices of the columns that want a second reading.
  mutating func nextBatch(
    maximumRows: Int
  ) throws(InterchangeError) -> (table: Table, deferred: [Int])? {
    precondition(maximumRows > 0)
    var stage = RowStage(makeBuilders(), fieldCount: columnNames.count)
    let tryNumbers = readsNumbersAhead
    var lines = LineIndex()
    var rowCount = 0
    let rejectedBefore = rejectedRowCount
    while rowCount < maximumRows {
      let isPlain = tryNumbers && records.nextNumbers(into: stage, decimal: options.decimal.byte)
      if !isPlain {
        guard try records.next() else { break }
        if records.isBlank, columnNames.count > 1 { continue }
      }
      rowNumber += 1
      if try append(to: &stage, row: rowCount, isPlain: isPlain) {
        lines.append(line: records.line)
        rowCount += 1
        if rowCount & 1023 == 0 { try checkMemory(rows: rowCount, columns: stage.builders.count) }
      }
    }
    if rowNumber == 0 { throw .noRows(file: name) }
    if rowCount == 0 { return nil }
    stage.handOver()
    let deferred = stage.builders.filter(\.isDeferred).map(\.field)
    let columns = stage.builders.map { builder in
      TableColumn(
        name: columnNames[builder.field], position: builder.field + 1, cells: builder.finish())
    }
    let table = Table(
      source: name, rowCount: rowCount, columns: columns,
      rejectedRowCount: rejectedRowCount - rejectedBefore, lines: lines)
    return (table, deferred)
  }

  /// Begins again at the first row, to read the columns `deferred` as text.
  mutating func restart(deferred: [Int]) throws(InterchangeError) {
    isSecondReading = true
    rowNumber = 0
    rejectedRowCount = 0
    // Where rows are left out, the other columns have their say in it again.
    if case .error = options.badRows {
      for index in readings.indices { readings[index] = .ignore }
    }
    for index in deferred { readings[index] = .text }
    try records.rewind()
    _ = try records.readHeader(options: options)
  }

  /// Whether records may be read as numbers before anything else is known of them. Not where rows
  /// are left out: there a row is looked at as a whole first.
  private var readsNumbersAhead: Bool {
    if case .skip = options.badRows { return false }
    return records.separatesNumbers(decimal: options.decimal.byte)
  }

  private func makeBuilders() -> [ColumnBuilder] {
    readings.indices.filter { readings[$0] != .ignore }.map {
      ColumnBuilder(
        field: $0, reading: readings[$0], decimal: options.decimal.byte, keepsCells: keepsCells)
    }
  }

  /// Adds the record found last; false when it was rejected.
  private mutating func append(
    to stage: inout RowStage, row: Int, isPlain: Bool
  ) throws(InterchangeError) -> Bool {
    if isPlain {
      for column in stage.otherColumns { try append(column, to: &stage, row: row) }
      stage.endRow()
      return true
    }
    if let problem = firstProblem(in: stage.builders) {
      guard case .skip(let handler) = options.badRows, records.fault?.isWithinLine != false
      else { throw problem }
      rejectedRowCount += 1
      if !isSecondReading {
        let bytes = Array(records.recordBytes)
        try handler(RejectedRow(row: rowNumber, line: records.line, bytes: bytes, error: problem))
      }
      return false
    }
    for column in stage.builders.indices { try append(column, to: &stage, row: row) }
    stage.endRow()
    return true
  }

  /// Adds the cell of one column.
  private mutating func append(
    _ column: Int, to stage: inout RowStage, row: Int
  ) throws(InterchangeError) {
    let field = stage.builders[column].field
    let cell = records.cell(field)
    if let fault = stage.append(cell, to: column, row: row, decimal: options.decimal.byte) {
      throw error(for: fault, cell: cell, field: field)
    }
  }

  /// What is wrong with the record before any cell is added: its form, and its cells too where bad
  /// rows are skipped, since a row must not be added by halves.
  private mutating func firstProblem(in builders: [ColumnBuilder]) -> InterchangeError? {
    if let fault = records.fault { return records.error(for: fault, row: rowNumber, columnNames) }
    let found = records.fieldCount
    if found != columnNames.count {
      return .ragged(
        file: name, row: rowNumber, line: records.line, found: found, expected: columnNames.count,
        missing: Array(columnNames.dropFirst(found).prefix(20)))
    }
    guard case .skip = options.badRows else { return nil }
    for builder in builders {
      let cell = records.cell(builder.field)
      if let fault = builder.fault(in: cell) {
        return error(for: fault, cell: cell, field: builder.field)
      }
    }
    return nil
  }

  private func error(
    for fault: ColumnBuilder.Fault, cell: UnsafeBufferPointer<UInt8>, field: Int
  ) -> InterchangeError {
    let place = records.place(ofField: field, row: rowNumber, columnNames)
    let found = String(decoding: cell.prefix(400), as: UTF8.self)
    return switch fault {
    case .invalidUTF8: .invalidUTF8(place, byteOffset: records.invalidOffset(inField: field))
    case .notNumber(.word): .notNumber(place, found: found, others: 0)
    case .notNumber(.infinite): .infiniteNumber(place, found: found)
    case .notNumber(.overflow): .numberOverflow(place, found: found)
    }
  }

  /// Eight bytes a cell, twice while an array grows, and the bytes that may have been kept.
  private func checkMemory(rows: Int, columns: Int) throws(InterchangeError) {
    let kept = keepsCells ? records.offset : 0
    let (cells, overflow) = rows.multipliedReportingOverflow(by: columns * 16)
    let needed = overflow ? Int.max : cells.addingReportingOverflow(kept).partialValue
    try options.memoryBudget.require(needed, for: "the rows of \(name) read so far")
  }
}
