import SurprisalLinearAlgebra

/// Rows of a LIBSVM file that were read from a part of it. Features count from index 0.
struct LIBSVMPart: Sendable {
  var entries = CompressedRows()
  /// The label of each row, and the different labels in the order of appearance.
  var labels: [Int32] = []
  var classNames: [String] = []
  /// The line of each row, the first of the part being 0.
  var lines: [Int32] = []
  /// The lines of the part.
  var lineCount = 0
  /// One more than the largest index.
  var indexEnd = 0
  var hasIndexZero = false
  var queryCount = 0
  /// What is wrong behind these rows, at which line of the part.
  var fault: (line: Int, error: Fault)?

  /// What is wrong with a line.
  enum Fault: Sendable {
    case line(FileError.LIBSVMProblem)
    case tooManyColumns
    case infinite(column: Int, index: Int, found: String)
    case overflow(column: Int, index: Int, found: String)
  }
}

/// The rows of a LIBSVM file, put together from parts.
struct LIBSVMRows {
  let name: String
  let limit: Int
  private var all = LIBSVMPart()
  private var codes: [String: Int32] = [:]
  private var index = LineIndex()
  private var room = 0

  init(name: String, limit: Int) {
    self.name = name
    self.limit = limit
  }

  var rowCount: Int { all.entries.rowCount }
  var entryCount: Int { all.entries.entryCount }
  /// Whether there is no more room for many entries.
  var needsRoom: Bool { entryCount >= room }

  mutating func reserve(rows: Int, entries: Int) {
    // Arrays that grow are copied: the margin is of addresses and costs no memory.
    room = max(entries, entryCount) + 1
    all.entries.reserve(rows: rows + rows / 8, entries: entries + entries / 8)
    all.labels.reserveCapacity(rows + rows / 8)
  }

  /// Adds the next part; throws what is wrong with it.
  mutating func append(_ part: LIBSVMPart) throws(FileError) {
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
    for line in part.lines { index.append(line: firstLine + Int(line)) }
    all.lineCount += part.lineCount
    all.indexEnd = max(all.indexEnd, part.indexEnd)
    all.hasIndexZero = all.hasIndexZero || part.hasIndexZero
    all.queryCount += part.queryCount
    if let (line, fault) = part.fault {
      throw error(fault, line: firstLine + line, row: rowsBefore + part.entries.rowCount + 1)
    }
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

  /// All rows. Features count from 1, unless index 0 occurs: that shows that they count from 0.
  mutating func finish() throws(FileError) -> LIBSVMData {
    guard rowCount > 0 else { throw .empty(file: name) }
    let first = all.hasIndexZero ? 0 : 1
    if first == 1 { all.entries.moveColumns(left: 1) }
    return LIBSVMData(
      classNames: all.classNames, labels: all.labels, entries: all.entries, firstIndex: first,
      columnCount: max(0, all.indexEnd - first), queryCount: all.queryCount, lines: index)
  }
}
