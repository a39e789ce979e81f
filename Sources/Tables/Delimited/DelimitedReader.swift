/// Delimited text (CSV, TSV) read as a whole.
///
/// The type of a column is determined by all of its cells. Memory is eight bytes per number; the
/// text itself is not kept, unless it comes through a pipe. A file with a column that turns out to
/// be text after numbers is read a second time.
public struct DelimitedReader: Sendable {
  /// The format of the text and the policies of reading.
  public var options: DelimitedOptions

  /// A reader.
  public init(options: DelimitedOptions = DelimitedOptions()) { self.options = options }

  /// Reads a file; `columns` gives the type of each column. The numbers of columns that are
  /// `contiguous` are columns of one matrix, stored as the options specify.
  ///
  /// Throws every error of `DelimitedStream`, `io.changed` if the file changes meanwhile, and
  /// `limit.memory` before the budget is exceeded. `O(bytes)`.
  public func read(
    _ file: InputFile, contiguous isContiguous: (String) -> Bool = { _ in false },
    columns: (String) -> ColumnType
  ) throws(FileError) -> Table {
    try read(
      file.open(), fileExtension: file.fileExtension, contiguous: isContiguous, columns: columns)
  }

  /// Reads a file: columns that are not `wanted` may hold anything, those in `keepTextOf` are kept
  /// as text even if all cells are numbers, so that the labels `1` and `1.0` differ.
  public func read(
    _ file: InputFile, wanted: (String) -> Bool = { _ in true }, keepTextOf: Set<String> = []
  ) throws(FileError) -> Table {
    try read(file) { name in
      wanted(name) ? (keepTextOf.contains(name) ? .text : .automatic) : .ignore
    }
  }

  /// The bytes of the rows with these numbers, from 1, as in the file.
  public func records(
    _ numbers: Set<Int>, of file: InputFile
  ) throws(FileError) -> [Int: [UInt8]] {
    var options = options
    options.badRows = .skip { _ in }
    let delimiter = options.delimiter(forExtension: options.format?.rawValue ?? file.fileExtension)
    var records = RecordReader(try file.open(), delimiter: delimiter, options: options)
    let header = try records.readHeader(options: options)
    var result: [Int: [UInt8]] = [:]
    var number = 0
    while result.count < numbers.count {
      guard try records.next() else { break }
      if records.isBlank, header.names.count > 1 { continue }
      number += 1
      if numbers.contains(number) { result[number] = Array(records.recordBytes) }
    }
    return result
  }

  /// Reads a byte source; the extension determines the delimiter unless the options do.
  public func read(
    _ source: consuming ByteSource, fileExtension: String = "csv",
    header: ([String]) -> Void = { _ in },
    contiguous isContiguous: (String) -> Bool = { _ in false },
    columns: (String) -> ColumnType
  ) throws(FileError) -> Table {
    var source = source
    // A column that turns out to be text after numbers is read a second time.
    if !source.isRewindable { source.keepBytes(budget: options.memoryBudget) }
    var stream = try DelimitedStream(
      source, fileExtension: fileExtension, options: options, keepsCells: false, header: header,
      contiguous: isContiguous, columns: columns)
    guard let (table, deferred) = try stream.nextBatch(maximumRows: .max) else {
      throw .noRows(file: stream.name)
    }
    if deferred.isEmpty { return table }
    try stream.restart(deferred: deferred)
    guard let (texts, _) = try stream.nextBatch(maximumRows: .max),
      texts.rowCount == table.rowCount
    else { throw .changedWhileReading(file: stream.name) }
    return table.replacing(columnsOf: texts, at: Set(deferred.map { $0 + 1 }))
  }
}
