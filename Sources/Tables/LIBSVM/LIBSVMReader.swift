import SurprisalLinearAlgebra

/// Reads LIBSVM and SVMlight text: a label, then `index:value` for each nonzero feature.
///
/// Features are named by their index, `f1`, `f2`, ...; if index 0 occurs the first is `f0`. So an
/// index has the same meaning in every file, whichever of its indices occur. Blank lines and text
/// after `#` are skipped, and `qid:` is ignored.
public struct LIBSVMReader: Sendable {
  /// The largest permitted index; nothing is allocated for a larger one.
  public var indexLimit = 1_000_000

  /// The maximum memory.
  public var memoryBudget = MemoryBudget.ofMachine

  /// The name of the column of labels.
  public static let labelColumn = "label"

  /// What happens to a line with a fault. An index beyond the limit is always an error.
  public var badRows = DelimitedOptions.BadRows.error

  /// A reader.
  public init() {}

  /// The number of threads; the rows do not depend on it.
  public var threads = ThreadCount.one

  /// The fewest bytes that are shared among threads. Tests make it small.
  var leastShared = 1 << 17

  /// The bytes read at a time. Tests make it small.
  var windowCapacity = 1 << 20

  /// Reads a file.
  ///
  /// Throws `libsvm.syntax`, `libsvm.order`, `limit.columns`, `limit.memory`, `number.infinite`,
  /// `number.overflow`, `data.empty` and the errors of files; if rows with a fault are skipped, the
  /// first two and the numbers are not thrown. Complexity: O(bytes).
  public func read(_ file: InputFile) throws(FileError) -> LIBSVMData {
    try read(file.open())
  }

  /// Reads text from memory; `name` is the file name in errors.
  public func read(bytes: [UInt8], name: String) throws(FileError) -> LIBSVMData {
    try read(ByteSource(bytes: bytes, name: name))
  }

  package func read(_ source: consuming ByteSource) throws(FileError) -> LIBSVMData {
    let (name, size) = (source.name, source.size)
    var window = try window(on: source)
    var rows = LIBSVMRows(name: name, limit: min(indexLimit, Int(UInt32.max) - 1))
    while true {
      let bytes = window.bytes
      let feed = bytes[window.start...].lastIndex(of: UInt8(ascii: "\n"))
      let end = window.isAtEnd ? bytes.count : feed.map { $0 + 1 } ?? window.start
      if end > window.start, let base = bytes.baseAddress {
        try read(UnsafeBufferPointer(start: base, count: end), from: window.start, into: &rows)
        window.start = end
        try requireMemory(&rows, read: window.baseOffset + end, of: size)
      } else {
        if window.isAtEnd { break }
        try memoryBudget.require(3 * (bytes.count - window.start), for: "a line of \(name)")
      }
      try window.fill()
    }
    return try rows.finish()
  }

  /// The bytes of the rows with these numbers, from 1, as in the file. Lines with a fault are rows;
  /// blank lines and comments are not. Throws the errors of files.
  public func records(
    _ numbers: Set<Int>, of file: InputFile
  ) throws(FileError) -> [Int: [UInt8]] {
    var window = try window(on: file.open())
    var result: [Int: [UInt8]] = [:]
    var number = 0
    while result.count < numbers.count {
      let bytes = window.bytes
      let feed = bytes[window.start...].firstIndex(of: UInt8(ascii: "\n"))
      guard let end = feed.map({ $0 + 1 }) ?? (window.isAtEnd ? bytes.count : nil) else {
        try window.fill()
        continue
      }
      if end == window.start { break }
      let line = window.start..<end
      window.start = end
      var scanner = LIBSVMScanner(bytes, line, limit: indexLimit)
      scanner.run()
      guard !scanner.part.lines.isEmpty || scanner.part.fault != nil else { continue }
      number += 1
      if numbers.contains(number) { result[number] = Array(bytes[line]) }
    }
    return result
  }

  /// The bytes of a text file, without a byte order mark.
  private func window(on source: consuming ByteSource) throws(FileError) -> ByteWindow {
    let name = source.name
    var window = ByteWindow(source, capacity: windowCapacity, threads: threads)
    try window.fill(atLeast: 16)
    try requireText(window.bytes.prefix(16), name: name)
    if window.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { window.start = 3 }
    return window
  }

  private func requireText(
    _ prefix: Slice<UnsafeBufferPointer<UInt8>>, name: String
  ) throws(FileError) {
    if let format = FileSignature(prefix: Array(prefix)) {
      throw .unsupportedFormat(file: name, format: format)
    }
    if prefix.starts(with: [0xFF, 0xFE]) { throw .wideEncoding(file: name, encoding: "UTF-16LE") }
    if prefix.starts(with: [0xFE, 0xFF]) { throw .wideEncoding(file: name, encoding: "UTF-16BE") }
  }

  /// Reads whole lines: pieces by several threads, joined in order.
  private func read(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, into rows: inout LIBSVMRows
  ) throws(FileError) {
    let isShared = threads.value > 1 && bytes.count - start >= leastShared
    let cuts = FastPieces.cuts(
      of: bytes, from: start, count: isShared ? threads.value * 4 : 1)
    let (limit, shared, skips) = (rows.limit, SharedBytes(bytes), badRows.areSkipped)
    let parts = threads.map(count: cuts.count - 1) { index in
      var scanner = LIBSVMScanner(
        shared.bytes, cuts[index]..<cuts[index + 1], limit: limit, skipsFaults: skips)
      scanner.run()
      return scanner.part
    }
    for part in parts {
      for row in try rows.append(part) {
        if case .skip(let handler) = badRows { try handler(row) }
      }
    }
  }

  /// Once the number of entries in a part of the file is known, reserves memory for all.
  private func requireMemory(
    _ rows: inout LIBSVMRows, read count: Int, of size: Int?
  ) throws(FileError) {
    let share = size.map { Double($0) / Double(max(1, count)) } ?? 2
    guard rows.needsRoom,
      let entries = Int(exactly: (Double(rows.entryCount) * share).rounded(.up)),
      let lines = Int(exactly: (Double(rows.rowCount) * share).rounded(.up))
    else { return }
    let perLine = Int((Double(entries) / Double(max(1, lines))).rounded(.up))
    let size = TableSize(
      rows: lines, features: 0, width: 8,
      others: perLine.multipliedSaturating(by: 12).addingSaturating(12),
      fixed: rows.entryCount * 12, canBeSingle: false)
    try memoryBudget.require(size, for: "the features of \(rows.name)")
    rows.reserve(rows: lines, entries: entries)
  }
}

/// `@unchecked`: the bytes are not written while they are shared.
private struct SharedBytes: @unchecked Sendable {
  let bytes: UnsafeBufferPointer<UInt8>
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }
}

/// The rows of a LIBSVM file.
public struct LIBSVMData: Sendable, Equatable {
  /// The names of the distinct labels, numbers in their shortest form: `+1` is `1`.
  public let classNames: [String]
  /// The index in `classNames` of each row's label.
  public let labels: [Int32]
  /// The nonzero entries; column 0 is the feature `firstIndex`.
  public let entries: CompressedRows
  /// The index of the first feature, 0 or 1.
  public let firstIndex: Int
  /// The number of features, determined by the largest index that occurs.
  public let columnCount: Int
  /// Rows with a `qid:`, which is not used.
  public let queryCount: Int
  /// The number of lines that were left out because of `LIBSVMReader.badRows`.
  public let rejectedRowCount: Int
  let lines: LineIndex

  /// The number of rows, N.
  public var rowCount: Int { entries.rowCount }

  /// The names of the features: `f1`, `f2`, ...
  public var featureNames: [String] { (0..<columnCount).map { "f\($0 + firstIndex)" } }

  /// The line of the file, from 1, of a row counted from 0.
  public func line(ofRow row: Int) -> Int { lines.line(ofRow: row) }

  /// The rows at `rows`, in that order.
  func selecting(rows: [Int]) -> LIBSVMData {
    LIBSVMData(
      classNames: classNames, labels: rows.map { labels[$0] },
      entries: entries.selecting(rows: rows), firstIndex: firstIndex, columnCount: columnCount,
      queryCount: queryCount, rejectedRowCount: rejectedRowCount,
      lines: lines.selecting(rows: rows))
  }
}

/// Rows read from a part of a LIBSVM file. Features count from index 0.
struct LIBSVMPart: Sendable {
  var entries = CompressedRows()
  /// The label of each row, and the distinct labels in the order of appearance.
  var labels: [Int32] = []
  var classNames: [String] = []
  /// The line of each row, counted from 0 at the start of the part.
  var lines: [Int32] = []
  /// The number of lines of the part.
  var lineCount = 0
  /// One more than the largest index.
  var indexEnd = 0
  var hasIndexZero = false
  var queryCount = 0
  /// The fault after these rows, and its line in the part.
  var fault: (line: Int, error: Fault)?
  /// Lines that were left out, with the number of rows before each.
  var rejected: [(before: Int, line: Int, error: Fault, bytes: [UInt8])] = []

  /// A fault of a line.
  enum Fault: Sendable {
    case line(FileError.LIBSVMProblem)
    case tooManyColumns
    case infinite(column: Int, index: Int, found: String)
    case overflow(column: Int, index: Int, found: String)

    /// Whether the fault concerns one line, not the size of the whole.
    var isOfLine: Bool {
      if case .tooManyColumns = self { false } else { true }
    }
  }
}

/// The rows of a LIBSVM file, joined from parts.
struct LIBSVMRows {
  let name: String
  let limit: Int
  private var all = LIBSVMPart()
  private var codes: [String: Int32] = [:]
  private var index = LineIndex()
  private var rejectedCount = 0
  private var room = 0

  init(name: String, limit: Int) {
    self.name = name
    self.limit = limit
  }

  var rowCount: Int { all.entries.rowCount }
  var entryCount: Int { all.entries.entryCount }
  /// Whether the reserved memory for entries is full.
  var needsRoom: Bool { entryCount >= room }

  mutating func reserve(rows: Int, entries: Int) {
    // Growing arrays are copied: reserving more uses address space but no memory.
    room = max(entries, entryCount) + 1
    all.entries.reserve(rows: rows + rows / 8, entries: entries + entries / 8)
    all.labels.reserveCapacity(rows + rows / 8)
  }

  /// Adds the next part, and returns the rows that it leaves out; throws its fault.
  mutating func append(_ part: LIBSVMPart) throws(FileError) -> [RejectedRow] {
    let map = part.classNames.map { className -> Int32 in
      if let code = codes[className] { return code }
      let code = Int32(clamping: all.classNames.count)
      codes[className] = code
      all.classNames.append(className)
      return code
    }
    let firstLine = all.lineCount + 1
    let rowsBefore = rowCount
    all.labels.append(contentsOf: part.labels.lazy.map { map[Int($0)] })
    all.entries.append(contentsOf: part.entries)
    var read = 0
    let rejected = part.rejected.map { found -> RejectedRow in
      for line in part.lines[read..<found.before] { index.append(line: firstLine + Int(line)) }
      read = found.before
      index.appendRejected()
      rejectedCount += 1
      let (line, row) = (firstLine + found.line, rowsBefore + read + rejectedCount)
      return RejectedRow(
        row: row, line: line, bytes: found.bytes, error: error(found.error, line: line, row: row))
    }
    for line in part.lines[read...] { index.append(line: firstLine + Int(line)) }
    all.lineCount += part.lineCount
    all.indexEnd = max(all.indexEnd, part.indexEnd)
    all.hasIndexZero = all.hasIndexZero || part.hasIndexZero
    all.queryCount += part.queryCount
    if let (line, fault) = part.fault {
      throw error(fault, line: firstLine + line, row: rowCount + rejectedCount + 1)
    }
    return rejected
  }

  private func error(_ fault: LIBSVMPart.Fault, line: Int, row: Int) -> FileError {
    func place(_ column: Int, _ index: Int) -> CellPlace {
      CellPlace(file: name, row: row, line: line, column: column, columnName: "f\(index)")
    }
    return switch fault {
    case .line(let problem): .sparse(file: name, line: line, problem)
    case .tooManyColumns: .tooManyColumns(file: name, line: line, limit: limit)
    case .infinite(let column, let index, let found):
      .infiniteNumber(place(column, index), found: found)
    case .overflow(let column, let index, let found):
      .numberOverflow(place(column, index), found: found)
    }
  }

  /// All rows. Features count from 1, unless index 0 occurs; then they count from 0.
  mutating func finish() throws(FileError) -> LIBSVMData {
    guard rowCount + rejectedCount > 0 else { throw .empty(file: name) }
    let first = all.hasIndexZero ? 0 : 1
    if first == 1 { all.entries.moveColumns(left: 1) }
    return LIBSVMData(
      classNames: all.classNames, labels: all.labels, entries: all.entries, firstIndex: first,
      columnCount: max(0, all.indexEnd - first), queryCount: all.queryCount,
      rejectedRowCount: rejectedCount, lines: index)
  }
}
