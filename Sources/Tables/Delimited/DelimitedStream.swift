/// Delimited text (CSV, TSV) read in batches of rows, in memory that does not grow with the file.
///
/// RFC 4180 with LF or CRLF line ends, a byte order mark skipped, blank lines skipped (with a
/// single column a blank line is a missing cell). Every error names file, line and column. The
/// tables do not depend on the sizes of the pieces in which the bytes arrive.
///
///     var stream = try DelimitedStream(InputFile("-")) { name in
///       features.contains(name) ? .number : .ignore
///     }
///     while let table = try stream.next(maximumRows: 4096) { ... }
public struct DelimitedStream: ~Copyable, Sendable {
  /// The name of the file, or `standard input`.
  public let name: String

  /// The names of all columns of the file, in order, including ignored ones.
  public let columnNames: [String]

  /// The rows left out so far because of `DelimitedOptions.badRows`.
  public private(set) var rejectedRowCount = 0

  var records: RecordReader
  /// The bytes of simple records since the last record that was not simple: see `readAhead`.
  var plainBytes = 0
  let options: DelimitedOptions

  private var readings: [ColumnType]
  let notes: HeaderNotes
  private let isContiguous: [Bool]
  let keepsCells: Bool
  private var isSecondReading = false
  var rowNumber = 0
  /// The bytes of the source before the current batch.
  private(set) var batchStart = 0

  /// Opens a file and reads its header; `columns` gives the type of each column, after `named` has
  /// received all names. The numbers of columns that are `contiguous` are columns of one matrix.
  ///
  /// Throws `io.open`, `format.unsupported`, `encoding.utf16`, `data.empty` and the errors of
  /// headers.
  public init(
    _ file: InputFile, fileExtension: String? = nil,
    options: DelimitedOptions = DelimitedOptions(), header named: ([String]) -> Void = { _ in },
    contiguous isContiguous: (String) -> Bool = { _ in false },
    columns: (String) -> ColumnType
  ) throws(FileError) {
    try self.init(
      file.open(), fileExtension: fileExtension ?? file.fileExtension, options: options,
      keepsCells: true, header: named, contiguous: isContiguous, columns: columns)
  }

  /// Reads the header of a byte source.
  public init(
    _ source: consuming ByteSource, fileExtension: String = "csv",
    options: DelimitedOptions = DelimitedOptions(), columns: (String) -> ColumnType
  ) throws(FileError) {
    try self.init(
      source, fileExtension: fileExtension, options: options, keepsCells: true,
      contiguous: { _ in false }, columns: columns)
  }

  init(
    _ source: consuming ByteSource, fileExtension: String, options: DelimitedOptions,
    keepsCells: Bool, header named: ([String]) -> Void = { _ in },
    contiguous isContiguous: (String) -> Bool, columns: (String) -> ColumnType
  ) throws(FileError) {
    name = source.name
    self.options = options
    self.keepsCells = keepsCells
    var records = RecordReader(
      source, delimiter: options.delimiter(forExtension: fileExtension), options: options)
    let header = try records.readHeader(options: options)
    self.records = records
    columnNames = header.names
    notes = header.notes
    named(header.names)
    readings = header.names.indices.map { header.reading(of: $0, columns) }
    self.isContiguous = header.names.map(isContiguous)
  }

  /// The next rows, at most `maximumRows`; nil after the last. Precondition: `maximumRows` is
  /// positive.
  ///
  /// The type of an `.automatic` column is determined for each batch: name a type if batches must
  /// agree. Throws the errors of cells and rows, and `data.norows` if the file has no row at all.
  public mutating func next(maximumRows: Int) throws(FileError) -> Table? {
    guard let (table, _) = try nextBatch(maximumRows: maximumRows) else { return nil }
    return table
  }

  /// The next rows and the indices of the columns that must be read again, as text.
  mutating func nextBatch(
    maximumRows: Int
  ) throws(FileError) -> (table: Table, deferred: [Int])? {
    precondition(maximumRows > 0, "at least one row")
    batchStart = records.consumedBytes
    do throws(FileError) {
      return try readBatch(maximumRows: maximumRows)
    } catch {
      // If the file has changed, a fault of its content is not meaningful.
      throw records.hasChanged ? .changedWhileReading(file: name) : error
    }
  }

  private mutating func readBatch(
    maximumRows: Int
  ) throws(FileError) -> (table: Table, deferred: [Int])? {
    var builder = makeBuilder()
    let readsAhead = self.readsAhead
    var lines = LineIndex()
    let rejectedBefore = rejectedRowCount
    while builder.rowCount < maximumRows {
      if readsAhead {
        try readAhead(into: &builder, &lines, maximumRows: maximumRows)
        if builder.rowCount == maximumRows { break }
      }
      guard try records.next() else { break }
      if records.isBlank, columnNames.count > 1 { continue }
      rowNumber += 1
      try makeRoom(in: &builder, rows: builder.rowCount + 1, maximumRows: maximumRows)
      if try append(to: &builder) {
        lines.append(line: records.line)
      } else {
        lines.appendRejected()
        if options.answersAtOnce { break }
      }
    }
    let rowCount = builder.rowCount
    if rowNumber == 0 { throw .noRows(file: name) }
    if rowCount == 0, !options.answersAtOnce || rejectedRowCount == rejectedBefore { return nil }
    let deferred = builder.builders.filter(\.isDeferred).map(\.field)
    let tokens = builder.builders.map { ($0.field + 1, $0.firstToken) }
    let columns = builder.finish(names: columnNames)
    var table = Table(
      source: name, rowCount: rowCount, columns: columns,
      rejectedRowCount: rejectedRowCount - rejectedBefore, lines: lines)
    table.notes = notes
    for (position, token) in tokens {
      if let token {
        table.notes.tokens[position] = .init(row: lines.number(ofRow: token.row), text: token.text)
      }
    }
    return (table, deferred)
  }

  /// Starts again at the first row, to read the columns `deferred` as text.
  mutating func restart(deferred: [Int]) throws(FileError) {
    isSecondReading = true
    rowNumber = 0
    rejectedRowCount = 0
    // If rows are left out, the other columns must be read again too, since they can reject rows.
    if case .error = options.badRows {
      for index in readings.indices { readings[index] = .ignore }
    }
    for index in deferred { readings[index] = .text }
    try records.rewind()
    _ = try records.readHeader(options: options)
  }

  /// Whether simple records may be read before the scanner sees them.
  private var readsAhead: Bool {
    options.readsAhead && records.separatesNumbers(decimal: options.decimal.byte)
  }

  /// Whether rows that cannot be read are left out.
  var skipsRows: Bool {
    if case .skip = options.badRows { true } else { false }
  }

  private func makeBuilder() -> TableBuilder {
    let fields = readings.indices.filter { readings[$0] != .ignore }
    let builders = fields.map {
      ColumnBuilder(
        field: $0, reading: readings[$0], options: options, keepsCells: keepsCells)
    }
    return TableBuilder(
      builders, isContiguous: fields.map { isContiguous[$0] }, fieldCount: columnNames.count,
      delimiter: records.delimiter, options: options)
  }

  /// Adds the current record; false if it was rejected.
  private mutating func append(to builder: inout TableBuilder) throws(FileError) -> Bool {
    if let problem = firstProblem(in: builder.builders) {
      guard case .skip(let handler) = options.badRows, records.fault?.isWithinLine != false
      else { throw problem }
      rejectedRowCount += 1
      if !isSecondReading {
        let bytes = Array(records.recordBytes)
        try handler(RejectedRow(row: rowNumber, line: records.line, bytes: bytes, error: problem))
      }
      return false
    }
    for column in builder.builders.indices {
      let field = builder.builders[column].field
      let isQuoted = records.isQuoted(field)
      let cell = records.cell(field)
      if let fault = builder.append(cell, isQuoted: isQuoted, to: column) {
        throw error(for: fault, cell: cell, field: field)
      }
    }
    builder.endRow()
    return true
  }

  /// The fault of the record before any cell is added: of its form, and also of its cells if bad
  /// rows are skipped, since a row must not be added partly.
  private mutating func firstProblem(in builders: [ColumnBuilder]) -> FileError? {
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
  ) -> FileError {
    let place = records.place(ofField: field, row: rowNumber, columnNames)
    let found = String(decoding: cell.prefix(400), as: UTF8.self)
    return switch fault {
    case .invalidUTF8: .invalidUTF8(place, byteOffset: records.invalidOffset(inField: field))
    case .notNumber(.word): .notNumber(place, found: found, others: 0)
    case .notNumber(.infinite): .infiniteNumber(place, found: found)
    case .notNumber(.overflow): .numberOverflow(place, found: found)
    }
  }
}
