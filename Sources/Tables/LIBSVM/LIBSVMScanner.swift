import SurprisalLinearAlgebra

/// Scans lines of a LIBSVM file, up to the first with a fault.
struct LIBSVMScanner {
  private(set) var part = LIBSVMPart()

  private let bytes: UnsafeBufferPointer<UInt8>
  private let limit: Int
  private let skipsFaults: Bool
  /// nil if the last line has no line feed: then every read must check for the end.
  private let plain: FastNumber?
  private var position: Int
  private var lineStart = 0
  private var codes: [UInt64: Int32] = [:]

  /// The result of reading a line.
  private enum Outcome { case row, blank }

  /// Whole lines: those of `range`. If the last of them ends in a line feed, `ByteWindow.padding`
  /// bytes after it must be readable.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, limit: Int, skipsFaults: Bool = false
  ) {
    self.skipsFaults = skipsFaults
    self.bytes = UnsafeBufferPointer(rebasing: bytes[..<range.upperBound])
    self.limit = limit
    position = range.lowerBound
    let isClosed = !range.isEmpty && bytes[range.upperBound - 1] == 0x0A
    plain = isClosed ? FastNumber(decimal: UInt8(ascii: ".")) : nil
  }

  /// Reads all rows, or those before the first fault that is not skipped.
  mutating func run() {
    while position < bytes.count {
      lineStart = position
      let before = (part.classNames.count, part.indexEnd, part.hasIndexZero, part.queryCount)
      do throws(LIBSVMPart.Failure) {
        if case .row = try readLine() {
          part.entries.endRow()
          part.lines.append(Int32(clamping: part.lineCount))
        }
      } catch {
        guard skipsFaults, error.fault.isOfLine else {
          part.fault = (part.lineCount, error.fault)
          return
        }
        reject(error.fault, before)
      }
      part.lineCount += 1
      position += 1
    }
  }

  /// Leaves out the current line: the part is as before it.
  private mutating func reject(
    _ fault: LIBSVMPart.Fault,
    _ before: (classes: Int, indexEnd: Int, hasIndexZero: Bool, queries: Int)
  ) {
    part.entries.discardRow()
    part.labels.removeLast(part.labels.count - part.lines.count)
    part.classNames.removeLast(part.classNames.count - before.classes)
    codes = codes.filter { $0.value < before.classes }
    (part.indexEnd, part.hasIndexZero) = (before.indexEnd, before.hasIndexZero)
    part.queryCount = before.queries
    while position < bytes.count, bytes[position] != 0x0A { position += 1 }
    let line = bytes[lineStart..<min(position + 1, bytes.count)]
    part.rejected.append((part.lines.count, part.lineCount, fault, Array(line)))
  }

  /// Reads up to the line feed, without consuming it.
  private mutating func readLine() throws(LIBSVMPart.Failure) -> Outcome {
    skipSpaces()
    if isAtEnd { return skipComment(.blank) }
    try readLabel()
    var previous = -1
    var column = 2
    while true {
      skipSpaces()
      if isAtEnd { return skipComment(.row) }
      guard let index = try readIndex() else {
        guard startsQuery else { throw syntax("index:value") }
        part.queryCount += 1
        position = tokenEnd
        continue
      }
      guard index > previous else {
        throw .init(.line(.order(token: token, previous: previous)))
      }
      previous = index
      try readValue(of: index, column: &column)
    }
  }

  /// Reads a label; a number is converted to its shortest form, which is the name of the class.
  private mutating func readLabel() throws(LIBSVMPart.Failure) {
    let end = tokenEnd
    let text = UnsafeBufferPointer(rebasing: bytes[position..<end])
    guard case .number(let read) = DecimalNumber.read(text) else {
      throw syntax("a number that is the label")
    }
    let value = read == 0 ? 0 : read
    if let known = codes[value.bitPattern] {
      part.labels.append(known)
    } else {
      let code = Int32(clamping: part.classNames.count)
      codes[value.bitPattern] = code
      part.classNames.append(shortest(value))
      part.labels.append(code)
    }
    position = end
  }

  /// The index before a colon; nil if there is none. Stops multiplying when an index exceeds the
  /// limit.
  @inline(__always)
  private func readIndex() throws(LIBSVMPart.Failure) -> Int? {
    var index = 0
    var place = position
    while place < bytes.count, bytes[place] &- 0x30 < 10 {
      index = index * 10 + Int(bytes[place] - 0x30)
      guard index <= limit else { throw .init(.tooManyColumns) }
      place += 1
    }
    guard place > position, place < bytes.count, bytes[place] == UInt8(ascii: ":") else {
      return nil
    }
    return index
  }

  @inline(__always)
  private mutating func readValue(
    of index: Int, column: inout Int
  ) throws(LIBSVMPart.Failure) {
    var start = position
    while bytes[start] != UInt8(ascii: ":") { start += 1 }
    start += 1
    let value: Double
    if let found = plainValue(from: start) {
      value = found
    } else if let (found, end) = DecimalNumber.readPrefix(bytes, from: start, decimal: 0x2E),
      end == bytes.count || Self.endsToken(bytes[end])
    {
      value = found
      position = end
    } else {
      value = try readOddValue(from: start, index: index, column: column)
    }
    part.indexEnd = max(part.indexEnd, index + 1)
    if index == 0 { part.hasIndexZero = true }
    if value == 0 { return }
    column += 1
    part.entries.append(column: UInt32(truncatingIfNeeded: index), value: value)
  }

  /// Reads and consumes a value in the plain form.
  @inline(__always)
  private mutating func plainValue(from start: Int) -> Double? {
    guard let plain, let base = bytes.baseAddress else { return nil }
    var cursor = base + start
    var value = 0.0
    guard plain.read(&cursor, &value), Self.endsToken(cursor.pointee) else { return nil }
    position = cursor - base
    return value
  }

  /// Reads a value that the fast path rejected, most likely a mistake.
  private mutating func readOddValue(
    from start: Int, index: Int, column: Int
  ) throws(LIBSVMPart.Failure) -> Double {
    let end = max(start, tokenEnd)
    let text = UnsafeBufferPointer(rebasing: bytes[start..<end])
    switch DecimalNumber.read(text) {
    case .number(let value):
      position = end
      return value
    case .infinite:
      throw .init(.infinite(column: column, index: index, found: EscapedText(bytes: text).text))
    case .overflow:
      throw .init(.overflow(column: column, index: index, found: EscapedText(bytes: text).text))
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

  private var token: String { EscapedText(bytes: bytes[position..<tokenEnd]).text }

  /// Skips spaces, tabs and the carriage return before a line feed.
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
  private func syntax(_ expected: String) -> LIBSVMPart.Failure {
    .init(
      .line(
        .syntax(
          offset: position - lineStart + 1, expected: expected,
          found: tokenEnd > position ? token : "nothing")))
  }
}

/// A number in its shortest form: `1`, not `1.0`.
private func shortest(_ value: Double) -> String { plain(value) }

extension LIBSVMPart {
  /// A fault as an error.
  struct Failure: Error {
    let fault: Fault
    init(_ fault: Fault) { self.fault = fault }
  }
}
