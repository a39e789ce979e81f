/// The records of delimited text, in order, with their places.
struct RecordReader: ~Copyable, Sendable {
  /// The line at which the current record begins, counted from 1.
  private(set) var line = 1
  /// Whether the current record is an empty line.
  private(set) var isBlank = false
  /// The fault of the current record, if a record can be left out for it.
  private(set) var fault: DelimitedScanner.Fault?

  private var window: ByteWindow
  private var scanner: DelimitedScanner
  private let skipsFaults: Bool
  let comment: UInt8?
  private var scratch = ScratchBytes()
  private var nextLine = 1
  /// The start of the current record in the window.
  private var start = 0
  private var end = 0

  init(_ source: consuming ByteSource, delimiter: UInt8, options: DelimitedOptions) {
    let capacity = options.windowCapacity ?? (options.threads.value > 1 ? 1 << 22 : 1 << 18)
    window = ByteWindow(source, capacity: capacity, threads: options.threads)
    scanner = DelimitedScanner(delimiter: delimiter, options: options)
    comment = options.comment
    if case .skip = options.badRows { skipsFaults = true } else { skipsFaults = false }
  }

  /// The name of the source.
  var name: String { window.source.name }
  var delimiter: UInt8 {
    get { scanner.delimiter }
    set { scanner.delimiter = newValue }
  }
  var isRewindable: Bool { window.source.isRewindable }
  var limits: (field: Int, record: Int, columns: Int) {
    (scanner.fieldLimit, scanner.recordLimit, scanner.columnLimit)
  }
  /// The bytes read from the source.
  var offset: Int { window.source.offset }
  var fieldCount: Int { scanner.fields.count }
  var recordBytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: window.bytes[start..<end])
  }

  /// Moves to the next record; false at the end.
  mutating func next() throws(FileError) -> Bool {
    fault = nil
    isBlank = false
    if let comment { try skipLines(beginningWith: comment) }
    line = nextLine
    while true {
      let outcome: DelimitedScanner.Outcome
      do {
        outcome = try scanner.scan(window.bytes, from: window.start, isLast: window.isAtEnd)
      } catch {
        return try recover(from: error)
      }
      switch outcome {
      case .needsMore: try window.fill()
      case .end: return false
      case .record(let end), .blank(let end):
        isBlank = outcome == .blank(end: end)
        advance(to: end, lines: scanner.innerLines + 1)
        return true
      }
    }
  }

  /// The complete unread lines in the window, including line ends; `ByteWindow.padding` bytes after
  /// them can be read. nil if there are none.
  var waitingLines: (bytes: UnsafePointer<UInt8>, range: Range<Int>)? {
    let bytes = window.bytes
    guard let base = bytes.baseAddress,
      let feed = bytes[window.start...].lastIndex(of: UInt8(ascii: "\n"))
    else { return nil }
    return (base, window.start..<feed + 1)
  }

  /// Moves past one-line records that were read from the waiting lines by other code.
  mutating func skip(lines: Int, to end: Int) {
    if lines > 0 { advance(to: end, lines: lines) }
  }

  /// The start of the next record in the window.
  var waitingStart: Int { window.start }
  var nextLineNumber: Int { nextLine }

  /// The number of bytes of the source before the next record.
  var consumedBytes: Int { window.baseOffset + window.start }

  /// Whether the file has changed since it was opened.
  var hasChanged: Bool { window.source.hasChanged }

  /// The bytes of the source that are kept in memory.
  var keptSize: Int { window.source.keptSize }

  /// The size of the source in bytes, if known.
  var size: Int? { window.source.size }

  func separatesNumbers(decimal: UInt8) -> Bool { scanner.separatesNumbers(decimal: decimal) }

  /// The bytes of a field, with doubled quotation marks undone; valid until the next call.
  @inline(__always)
  mutating func cell(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let field = scanner.fields[index]
    let bytes = UnsafeBufferPointer(rebasing: window.bytes[field.start..<field.end])
    return field.isEscaped ? scratch.unescape(bytes) : bytes
  }

  /// Whether a field is quoted: the byte before an unquoted field is not a quotation mark.
  @inline(__always)
  func isQuoted(_ index: Int) -> Bool {
    let start = scanner.fields[index].start
    return start > 0 && window.bytes[start - 1] == UInt8(ascii: "\"")
  }

  /// Returns to the first byte of a source that can be rewound.
  mutating func rewind() throws(FileError) {
    try window.rewind()
    nextLine = 1
  }

  /// Puts the current record back, to be found again.
  mutating func putBack() {
    window.start = start
    nextLine = line
  }

  /// The next bytes, up to `count` of them.
  mutating func peek(_ count: Int) throws(FileError) -> [UInt8] {
    try window.fill(atLeast: count)
    return Array(window.bytes[window.start...].prefix(count))
  }

  /// Skips bytes that were returned by `peek`.
  mutating func skip(_ count: Int, lines: Int = 0) {
    window.start += count
    nextLine += lines
  }

  /// Skips comments.
  private mutating func skipLines(beginningWith comment: UInt8) throws(FileError) {
    try window.fill(atLeast: 1)
    while window.start < window.bytes.count, window.bytes[window.start] == comment {
      var feed: Int?
      while feed == nil, window.start < window.bytes.count {
        feed = window.bytes[window.start...].firstIndex(of: UInt8(ascii: "\n"))
        window.start = feed.map { $0 + 1 } ?? window.bytes.count
        try window.fill(atLeast: 1)
      }
      nextLine += 1
    }
  }

  /// The next records, up to `count` of them, from the first 64 KiB and before the first with a
  /// fault. The fields of the current record must not be used after this.
  mutating func sketches(_ count: Int) throws(FileError) -> [RecordSketch] {
    if count == 0 { return [] }
    if let comment { try skipLines(beginningWith: comment) }
    var result: [RecordSketch] = []
    var offset = 0
    while result.count < count, offset < 1 << 16 {
      let bytes = window.bytes
      let place = window.start + offset
      if let comment, place < bytes.count, bytes[place] == comment { break }
      guard
        let outcome = try? scanner.scan(bytes, from: place, isLast: window.isAtEnd)
      else {
        // Two rows before a fault are too few to show the form of the others.
        return result.count > 2 ? result : []
      }
      switch outcome {
      case .needsMore where result.isEmpty || bytes.count - window.start < 1 << 16:
        try window.fill()
      case .record(let end):
        result.append(RecordSketch(scanner.fields, bytes))
        offset = end - window.start
      case .blank(let end): offset = end - window.start
      case .needsMore, .end: return result
      }
    }
    return result
  }

  /// Up to `count` lines that are not empty among the next 64 KiB, waiting for bytes that have not
  /// arrived yet.
  mutating func peekLines(_ count: Int) throws(FileError) -> [[UInt8]] {
    // The current record must stay in the window: look from its beginning.
    let consumed = window.start - start
    window.start = start
    defer {
      start = window.start
      end = start + consumed
      window.start = end
    }
    let most = 1 << 16
    while true {
      let rest = window.bytes[(window.start + consumed)...].prefix(most)
      let lines = rest.split(separator: UInt8(ascii: "\n"))
      // The last line may be incomplete.
      if lines.count > count || window.isAtEnd || rest.count == most {
        return lines.prefix(count).map(Array.init)
      }
      try window.fill(atLeast: consumed + rest.count + 1)
    }
  }

  /// The number of line feeds of the current record before a field, all within quotation marks.
  func linesBefore(field index: Int) -> Int {
    guard scanner.innerLines > 0, index < scanner.fields.count else { return 0 }
    return window.bytes[start..<scanner.fields[index].start].count { $0 == UInt8(ascii: "\n") }
  }

  /// The offset in the source of a position of the window.
  func byteOffset(_ position: Int) -> Int { window.baseOffset + position }

  /// The offset in the source of the first byte of a field that is not UTF-8.
  func invalidOffset(inField index: Int) -> Int {
    guard index < scanner.fields.count else { return byteOffset(start) }
    let field = scanner.fields[index]
    let bytes = window.bytes[field.start..<field.end]
    return byteOffset(field.start + (firstInvalidUTF8(bytes) ?? 0))
  }

  private mutating func advance(to end: Int, lines: Int) {
    start = window.start
    self.end = end
    window.start = end
    nextLine += lines
  }

  /// Continues after the line of a fault if rows may be left out; otherwise throws.
  private mutating func recover(
    from fault: DelimitedScanner.Fault
  ) throws(FileError) -> Bool {
    guard skipsFaults, fault.isWithinLine else {
      self.fault = fault
      return true
    }
    let distance = fault.offset - window.start
    while true {
      let bytes = window.bytes
      let from = min(bytes.count, window.start + distance)
      if let feed = bytes[from...].firstIndex(of: UInt8(ascii: "\n")) {
        return finishRecovery(fault.moved(to: from), end: feed + 1)
      }
      if window.isAtEnd { return finishRecovery(fault.moved(to: from), end: bytes.count) }
      if bytes.count - window.start > scanner.recordLimit {
        throw .recordTooLong(file: window.source.name, line: line, limit: scanner.recordLimit)
      }
      try window.fill()
    }
  }

  private mutating func finishRecovery(_ fault: DelimitedScanner.Fault, end: Int) -> Bool {
    let feeds = window.bytes[window.start..<end].count { $0 == UInt8(ascii: "\n") }
    advance(to: end, lines: max(1, feeds))
    self.fault = fault
    return true
  }
}

/// Memory for one unescaped cell at a time.
///
/// `@unchecked`: the memory belongs to this value alone, which cannot be copied.
struct ScratchBytes: ~Copyable, @unchecked Sendable {
  private var storage = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256)

  deinit { storage.deallocate() }

  /// The bytes with each doubled quotation mark made one; valid until the next call.
  mutating func unescape(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    if storage.count < bytes.count {
      storage.deallocate()
      storage = .allocate(capacity: bytes.count)
    }
    var count = 0
    var isSecond = false
    for byte in bytes {
      isSecond = byte == UInt8(ascii: "\"") && !isSecond
      // The second mark of a pair is dropped; a single one, permitted by lazy quotes, is kept.
      if byte == UInt8(ascii: "\""), !isSecond { continue }
      storage[count] = byte
      count += 1
    }
    return UnsafeBufferPointer(rebasing: UnsafeBufferPointer(storage)[..<count])
  }
}

extension RecordReader {
  /// A scanner's fault as an error with its place. `row` counts from 1; nil in the header.
  func error(
    for fault: DelimitedScanner.Fault, row: Int?, _ columnNames: [String]
  ) -> FileError {
    let place = CellPlace(
      file: name, row: row, line: line + fault.line, column: fault.field + 1,
      columnName: fault.field < columnNames.count ? columnNames[fault.field] : nil)
    return switch fault.kind {
    case .quote(let problem): .quote(place, problem)
    case .nul: .nulByte(place, byteOffset: byteOffset(fault.offset))
    case .carriageReturn: .loneCarriageReturn(file: name, line: line + fault.line)
    case .fieldLimit: .fieldTooLong(place, limit: limits.field)
    case .recordLimit: .recordTooLong(file: name, line: line, limit: limits.record)
    case .columnLimit: .tooManyColumns(file: name, line: line, limit: limits.columns)
    }
  }

  /// The place at which a field of the current record begins.
  package func place(ofField index: Int, row: Int?, _ columnNames: [String]) -> CellPlace {
    CellPlace(
      file: name, row: row, line: line + linesBefore(field: index), column: index + 1,
      columnName: index < columnNames.count ? columnNames[index] : nil)
  }
}

/// The index of the first byte that is not part of valid UTF-8; nil if there is none.
package func firstInvalidUTF8(_ bytes: some Sequence<UInt8>) -> Int? {
  var iterator = bytes.makeIterator()
  var decoder = UTF8()
  var offset = 0
  while true {
    switch decoder.decode(&iterator) {
    case .scalarValue(let scalar): offset += UTF8.width(scalar)
    case .emptyInput: return nil
    case .error: return offset
    }
  }
}
