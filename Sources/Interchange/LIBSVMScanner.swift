import SurprisalLinearAlgebra

/// One pass over the bytes of a LIBSVM file.
struct LIBSVMScanner {
  private(set) var data: LIBSVMData

  private let bytes: UnsafeBufferPointer<UInt8>
  private let name: String
  private let limit: Int
  private var position = 0
  private var line = 1
  private var lineStart = 0
  private var classes: [String: Int32] = [:]
  private var rowColumns: [UInt32] = []
  private var rowValues: [Double] = []

  /// What reading a row came to.
  private enum Outcome { case row, blank, foundZero }

  init(
    _ bytes: UnsafeBufferPointer<UInt8>, name: String, firstIndex: Int, limit: Int, room: Int
  ) {
    self.bytes = bytes
    self.name = name
    self.limit = limit
    data = LIBSVMData(firstIndex: firstIndex)
    data.entries.reserve(rows: 0, entries: room)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Reads all rows; false where index 0 occurs and the features were to count from 1.
  mutating func run() throws(InterchangeError) -> Bool {
    while position < bytes.count {
      lineStart = position
      switch try readLine() {
      case .foundZero: return false
      case .blank: break
      case .row:
        data.entries.append(columns: rowColumns, values: rowValues)
        data.lines.append(line: line)
      }
      line += 1
      position += 1
    }
    return true
  }

  /// Reads up to the line feed, which it leaves.
  private mutating func readLine() throws(InterchangeError) -> Outcome {
    rowColumns.removeAll(keepingCapacity: true)
    rowValues.removeAll(keepingCapacity: true)
    skipSpaces()
    if isAtEnd { return skipComment(.blank) }
    try readLabel()
    var previous = -1
    while true {
      skipSpaces()
      if isAtEnd { return skipComment(.row) }
      if startsQuery {
        data.queryCount += 1
        position = tokenEnd
        continue
      }
      guard let index = try readIndex() else { throw syntax("index:value") }
      if index == 0, data.firstIndex == 1 { return .foundZero }
      guard index > previous else {
        throw .sparse(file: name, line: line, .order(token: token, previous: previous))
      }
      previous = index
      try readValue(of: index)
    }
  }

  /// A number in its shortest form, which is the name of the class.
  private mutating func readLabel() throws(InterchangeError) {
    let end = tokenEnd
    let text = UnsafeBufferPointer(rebasing: bytes[position..<end])
    guard case .number(let value) = DecimalNumber.read(text) else {
      throw syntax("a number that is the label")
    }
    let className = plain(value == 0 ? 0 : value)
    if let known = classes[className] {
      data.labels.append(known)
    } else {
      let code = Int32(clamping: data.classNames.count)
      classes[className] = code
      data.classNames.append(className)
      data.labels.append(code)
    }
    position = end
  }

  /// The index before a colon, which is passed; nil if there is none. The digits of an index beyond
  /// the limit are not multiplied out.
  private func readIndex() throws(InterchangeError) -> Int? {
    var index = 0
    var place = position
    while place < bytes.count, bytes[place] &- 0x30 < 10 {
      index = index * 10 + Int(bytes[place] - 0x30)
      guard index <= limit else { throw .tooManyColumns(file: name, line: line, limit: limit) }
      place += 1
    }
    guard place > position, place < bytes.count, bytes[place] == UInt8(ascii: ":") else {
      return nil
    }
    return index
  }

  private mutating func readValue(of index: Int) throws(InterchangeError) {
    var start = position
    while bytes[start] != UInt8(ascii: ":") { start += 1 }
    start += 1
    var value = 0.0
    if let (found, end) = DecimalNumber.readPrefix(bytes, from: start, decimal: 0x2E),
      end == bytes.count || Self.endsToken(bytes[end])
    {
      value = found
      position = end
    } else {
      value = try readOddValue(from: start, index: index)
    }
    let column = index - data.firstIndex
    data.columnCount = max(data.columnCount, column + 1)
    if value == 0 { return }
    rowColumns.append(UInt32(column))
    rowValues.append(value)
  }

  /// A value that the fast path did not take, most likely a mistake.
  private mutating func readOddValue(
    from start: Int, index: Int
  ) throws(InterchangeError) -> Double {
    let end = max(start, tokenEnd)
    let text = UnsafeBufferPointer(rebasing: bytes[start..<end])
    let place = CellPlace(
      file: name, row: data.rowCount + 1, line: line, column: rowColumns.count + 2,
      columnName: "f\(index)")
    switch DecimalNumber.read(text) {
    case .number(let value):
      position = end
      return value
    case .infinite: throw .infiniteNumber(place, found: Excerpt(bytes: text).text)
    case .overflow: throw .numberOverflow(place, found: Excerpt(bytes: text).text)
    case .word: throw syntax("index:value")
    }
  }

  // MARK: Tokens

  private var isAtEnd: Bool {
    position >= bytes.count || bytes[position] == 0x0A || bytes[position] == UInt8(ascii: "#")
  }

  private var startsQuery: Bool { bytes[position...].starts(with: Array("qid:".utf8)) }

  private static func endsToken(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 || byte == UInt8(ascii: "#")
  }

  private var tokenEnd: Int {
    var end = position
    while end < bytes.count, !Self.endsToken(bytes[end]) { end += 1 }
    return end
  }

  private var token: String { Excerpt(bytes: bytes[position..<tokenEnd]).text }

  /// Spaces, tabs and the carriage return before a line feed.
  private mutating func skipSpaces() {
    while position < bytes.count,
      bytes[position] == 0x20 || bytes[position] == 0x09 || endsLineAfterReturn
    {
      position += 1
    }
  }

  private var endsLineAfterReturn: Bool {
    bytes[position] == 0x0D && (position + 1 == bytes.count || bytes[position + 1] == 0x0A)
  }

  private mutating func skipComment(_ outcome: Outcome) -> Outcome {
    while position < bytes.count, bytes[position] != 0x0A { position += 1 }
    return outcome
  }

  /// The offset counts the bytes of the line from 1, as editors do.
  private func syntax(_ expected: String) -> InterchangeError {
    .sparse(
      file: name, line: line,
      .syntax(
        offset: position - lineStart + 1, expected: expected,
        found: tokenEnd > position ? token : "nothing"))
  }
}
