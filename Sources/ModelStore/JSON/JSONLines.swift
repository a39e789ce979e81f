import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalTables

/// Rows to be predicted, one JSON object per line (NDJSON, JSON Lines); each is available as soon
/// as its line has arrived.
///
/// The members of an object are matched by the names of the model's columns, in any order; others
/// are ignored. `null` is a missing cell. Empty lines are skipped.
public struct JSONLines: ~Copyable {
  /// A line: its object, and the same values as a table of one row.
  public struct Row {
    /// The members as read.
    public let object: JSONObject
    /// The columns that the model reads.
    public let rows: PredictionRows
  }

  /// The result of reading a line.
  public enum Line {
    /// A row to be predicted.
    case row(Row)
    /// The line is not an object, or lacks a column; with the number of the row.
    case fault(any LocatedError, row: Int)
  }

  private static let chunkSize = 1 << 16

  private let inputs: ModelInputs
  private let limit: Int
  private let takesUnseenAsBase: Bool
  private var unseen: (cells: Int, columns: [String]) = (0, [])
  private var source: ByteSource
  private var buffer: [UInt8] = []
  /// The first byte that was not consumed, and the first byte not yet searched for a line end.
  private var start = 0
  private var seen = 0
  private var isAtEnd = false
  private var (line, row) = (0, 0)

  /// Opens a file. On request, unknown levels are replaced by the base level; `recordLimit` is the
  /// longest line in bytes. Throws `io.open`.
  public init(
    _ file: InputFile, inputs: ModelInputs, takingUnseenAsBase: Bool = false,
    recordLimit: Int = 1 << 24
  ) throws(FileError) {
    takesUnseenAsBase = takingUnseenAsBase
    source = try file.open()
    self.inputs = inputs
    limit = recordLimit
  }

  /// The warnings so far.
  public var warnings: [DataWarning] {
    unseen.cells > 0 ? [.unseenLevels(cells: unseen.cells, columns: unseen.columns)] : []
  }

  /// The next line; nil after the last. Throws `io.read`, and `limit.record` for a line that is too
  /// long.
  public mutating func next() throws(FileError) -> Line? {
    while let bytes = try nextLine() {
      line += 1
      if bytes.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
      row += 1
      return read(bytes)
    }
    return nil
  }

  private mutating func read(_ bytes: [UInt8]) -> Line {
    let name = "\(source.name), line \(line)"
    let value: JSONValue
    do throws(FileError) {
      value = try JSONParser().parse(bytes, source: name)
    } catch {
      return .fault(error, row: row)
    }
    guard let object = value.objectValue else {
      let problem = FileError.JSONProblem.syntax(expected: "an object", found: value.kindName)
      return .fault(FileError.json(source: name, byteOffset: 0, problem), row: row)
    }
    var columns: [Column] = []
    for input in inputs.columns {
      guard let cell = object[input.name] else {
        let problem = LabelColumnError.missingColumn(
          input.name, role: .modelInput, file: name, among: object.keys)
        return .fault(problem, row: row)
      }
      columns.append(column(cell, input))
    }
    let (line, row) = (line, row)
    var source = DataSource(
      file: source.name, labelFile: source.name, labelRole: nil, labelColumns: [], classNames: [],
      rows: nil, line: { _ in line }, labelLine: { _ in line })
    source.usesModel = true
    source.number = { _ in row }
    let rows = PredictionRows(
      columns: Columns(trusting: columns, rowCount: 1), offsets: nil, source: source, numbers: [row]
    )
    return .row(Row(object: object, rows: rows))
  }

  /// A cell as a column; a wrong kind of cell throws later, when the column is encoded.
  private mutating func column(_ cell: JSONValue, _ input: ModelInputs.Input) -> Column {
    if cell.isNull {
      return input.isText
        ? Column(name: input.name, words: [], codes: [-1])
        : Column(name: input.name, numbers: [.nan])
    }
    if !input.isText, let number = cell.doubleValue {
      return Column(name: input.name, numbers: [number])
    }
    let text = cell.stringValue ?? JSONWriter.compact.text(of: cell)
    if takesUnseenAsBase, input.isText, !input.levels.contains(text),
      let base = input.levels.first
    {
      unseen.cells += 1
      if !unseen.columns.contains(input.name) { unseen.columns.append(input.name) }
      return Column(name: input.name, words: [base], codes: [0])
    }
    return Column(name: input.name, words: [text], codes: [0])
  }

  /// The bytes of the next line without its end.
  private mutating func nextLine() throws(FileError) -> [UInt8]? {
    while true {
      if let feed = buffer[seen...].firstIndex(of: UInt8(ascii: "\n")) {
        let bytes = Array(buffer[start..<feed])
        start = feed + 1
        seen = start
        return bytes
      }
      seen = buffer.count
      if isAtEnd {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return Array(buffer[start...])
      }
      guard buffer.count - start <= limit else {
        throw .recordTooLong(file: source.name, line: line + 1, limit: limit)
      }
      buffer.removeFirst(start)
      (start, seen) = (0, buffer.count)
      try fill()
    }
  }

  private mutating func fill() throws(FileError) {
    var chunk = [UInt8](repeating: 0, count: Self.chunkSize)
    let count = try chunk.withUnsafeMutableBufferPointer {
      (bytes: inout UnsafeMutableBufferPointer<UInt8>) throws(FileError) -> Int in
      try source.read(into: UnsafeMutableRawBufferPointer(bytes))
    }
    buffer += chunk[..<count]
    isAtEnd = count == 0
  }
}
