/// Finds the fields of one record: RFC 4180 with LF or CRLF line ends.
///
/// The scanner holds no state between records and starts a record anew if its end was not in the
/// buffer yet; so the bytes may arrive in pieces of any size. Faults do not depend on the pieces:
/// limits are checked first at each place where a field can end.
struct DelimitedScanner: ~Copyable, Sendable {
  var delimiter: UInt8
  let lazyQuotes: Bool
  let fieldLimit: Int
  let recordLimit: Int
  let columnLimit: Int

  /// The fields of the record found last.
  var fields = FieldList()
  /// The line feeds within its quoted fields.
  var innerLines = 0

  /// The result of scanning at a position of the buffer; ends are offsets after the line end.
  enum Outcome: Equatable {
    case record(end: Int)
    case blank(end: Int)
    case needsMore
    case end
  }

  /// A fault within a record: the offset of the byte at fault, its field, and the line at which the
  /// field begins, counted from the record's first line, 0.
  struct Fault: Error, Equatable {
    let kind: Kind
    let offset: Int
    let field: Int
    let line: Int

    /// Whether the record can be taken to end with its line, so that reading can continue after it.
    var isWithinLine: Bool {
      switch kind {
      case .quote(.insideField), .quote(.afterClosing), .nul: true
      default: false
      }
    }

    /// The same fault after the bytes were moved within the window.
    func moved(to offset: Int) -> Fault {
      Fault(kind: kind, offset: offset, field: field, line: line)
    }

    enum Kind: Equatable {
      case quote(FileError.QuoteProblem)
      case nul
      case carriageReturn
      case fieldLimit
      case recordLimit
      case columnLimit
    }
  }

  init(delimiter: UInt8, options: DelimitedOptions) {
    self.delimiter = delimiter
    lazyQuotes = options.lazyQuotes
    fieldLimit = max(1, options.fieldLimit)
    recordLimit = max(1, options.recordLimit)
    columnLimit = max(1, options.columnLimit)
  }

  /// Whether the delimiter cannot be part of a number.
  func separatesNumbers(decimal: UInt8) -> Bool {
    delimiter != decimal && ",;\t|: ".utf8.contains(delimiter)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The reason why a field ended.
  private enum Stop {
    case delimiter
    case lineEnd(next: Int)
    case needsMore
  }

  /// Finds the record that begins at `start`; `isLast` is true if nothing follows the buffer.
  mutating func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isLast: Bool
  ) throws(Fault) -> Outcome {
    fields.removeAll()
    innerLines = 0
    if start >= bytes.count { return isLast ? .end : .needsMore }
    var position = start
    while true {
      let isQuoted = position < bytes.count && bytes[position] == Self.quote
      let stop =
        isQuoted
        ? try scanQuoted(bytes, from: &position, record: start, isLast: isLast)
        : try scanPlain(bytes, from: &position, record: start, isLast: isLast)
      switch stop {
      case .needsMore: return .needsMore
      case .lineEnd(let next):
        let isBlank = fields.count == 1 && !isQuoted && fields[0].start == fields[0].end
        return isBlank ? .blank(end: next) : .record(end: next)
      case .delimiter:
        position += 1
        if fields.count >= columnLimit { throw fault(.columnLimit, at: position) }
      }
    }
  }

  /// Scans from the first byte of an unquoted field to the byte that ends it.
  @inline(__always)
  private mutating func scanPlain(
    _ bytes: UnsafeBufferPointer<UInt8>, from position: inout Int, record: Int, isLast: Bool
  ) throws(Fault) -> Stop {
    let start = position
    let delimiter = delimiter
    // Every special byte is at most this: one comparison skips digits and letters.
    let ceiling = max(delimiter, Self.quote)
    var cursor = start
    while cursor < bytes.count {
      let byte = bytes[cursor]
      if byte > ceiling {
        cursor += 1
        continue
      }
      if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
      if byte == 0 || (byte == Self.quote && !lazyQuotes) {
        try checkLimits(at: cursor, field: start, record: record)
        throw fault(byte == 0 ? .nul : .quote(.insideField), at: cursor)
      }
      cursor += 1
    }
    position = cursor
    try checkLimits(at: cursor, field: start, record: record)
    if cursor == bytes.count, !isLast { return .needsMore }
    let stop = try stop(bytes, at: cursor, isLast: isLast)
    if case .needsMore = stop { return stop }
    fields.append(FieldList.Field(start: start, end: cursor, isEscaped: false))
    return stop
  }

  /// Scans from the opening quotation mark to the byte after the closing one.
  private mutating func scanQuoted(
    _ bytes: UnsafeBufferPointer<UInt8>, from position: inout Int, record: Int, isLast: Bool
  ) throws(Fault) -> Stop {
    let start = position
    let firstLine = innerLines
    var isEscaped = false
    var cursor = start + 1
    while cursor < bytes.count {
      let byte = bytes[cursor]
      if byte == Self.lineFeed { innerLines += 1 }
      if byte == 0 {
        try checkLimits(at: cursor, field: start, record: record, line: firstLine)
        throw fault(.nul, at: cursor)
      }
      guard byte == Self.quote else {
        cursor += 1
        continue
      }
      try checkLimits(at: cursor, field: start, record: record, line: firstLine)
      guard cursor + 1 < bytes.count || isLast else { return .needsMore }
      if cursor + 1 < bytes.count, bytes[cursor + 1] == Self.quote {
        isEscaped = true
        cursor += 2
        continue
      }
      if isStop(bytes, at: cursor + 1) {
        let stop = try stop(bytes, at: cursor + 1, isLast: isLast)
        if case .needsMore = stop { return stop }
        fields.append(FieldList.Field(start: start + 1, end: cursor, isEscaped: isEscaped))
        position = cursor + 1
        return stop
      }
      if !lazyQuotes { throw fault(.quote(.afterClosing), at: cursor, line: firstLine) }
      cursor += 1
    }
    try checkLimits(at: bytes.count, field: start, record: record, line: firstLine)
    if isLast { throw fault(.quote(.unclosed), at: start, line: firstLine) }
    return .needsMore
  }

  /// Whether a field can end before this place.
  private func isStop(_ bytes: UnsafeBufferPointer<UInt8>, at cursor: Int) -> Bool {
    guard cursor < bytes.count else { return true }
    let byte = bytes[cursor]
    return byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn
  }

  /// Determines whether the byte after a field ends the field or the record.
  @inline(__always)
  private func stop(
    _ bytes: UnsafeBufferPointer<UInt8>, at cursor: Int, isLast: Bool
  ) throws(Fault) -> Stop {
    guard cursor < bytes.count else { return isLast ? .lineEnd(next: cursor) : .needsMore }
    if bytes[cursor] == delimiter { return .delimiter }
    if bytes[cursor] == Self.lineFeed { return .lineEnd(next: cursor + 1) }
    guard cursor + 1 < bytes.count else {
      if isLast { throw fault(.carriageReturn, at: cursor) }
      return .needsMore
    }
    if bytes[cursor + 1] == Self.lineFeed { return .lineEnd(next: cursor + 2) }
    throw fault(.carriageReturn, at: cursor)
  }

  /// Throws the limit that was exceeded first, if one was before `cursor`.
  @inline(__always)
  private func checkLimits(
    at cursor: Int, field: Int, record: Int, line: Int? = nil
  ) throws(Fault) {
    if cursor - field > fieldLimit || cursor - record > recordLimit {
      // Compared as distances, since a limit may be as large as an Int.
      let isField = cursor - field - fieldLimit >= cursor - record - recordLimit
      throw fault(isField ? .fieldLimit : .recordLimit, at: field, line: line)
    }
  }

  private func fault(_ kind: Fault.Kind, at offset: Int, line: Int? = nil) -> Fault {
    Fault(kind: kind, offset: offset, field: fields.count, line: line ?? innerLines)
  }
}

/// The fields of one record, in memory that is reused for the next.
///
/// `@unchecked`: the memory belongs to this value alone, which cannot be copied.
struct FieldList: ~Copyable, @unchecked Sendable {
  private(set) var count = 0
  private var storage = UnsafeMutableBufferPointer<Field>.allocate(capacity: 64)

  deinit { storage.deallocate() }

  /// A field's bytes are `start..<end` of the window, without enclosing quotation marks.
  struct Field: BitwiseCopyable, Sendable {
    let start: Int
    let end: Int
    /// Whether the field contains doubled quotation marks.
    let isEscaped: Bool
  }

  subscript(index: Int) -> Field {
    @inline(__always)
    get {
      precondition(index < count)
      return storage[index]
    }
  }

  mutating func removeAll() { count = 0 }

  @inline(__always)
  mutating func append(_ field: Field) {
    if count == storage.count { grow() }
    storage[count] = field
    count += 1
  }

  private mutating func grow() {
    let larger = UnsafeMutableBufferPointer<Field>.allocate(capacity: storage.count * 2)
    _ = larger.update(fromContentsOf: storage)
    storage.deallocate()
    storage = larger
  }
}
