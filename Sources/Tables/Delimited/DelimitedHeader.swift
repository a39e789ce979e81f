/// The names of the columns, checked.
struct DelimitedHeader: Sendable {
  let names: [String]

  /// Names for a file without a header: `f1`, `f2` ...
  init(columnCount: Int) { names = (0..<columnCount).map { "f\($0 + 1)" } }

  /// Checks the names of a header record, in this order: empty, all numeric, duplicate.
  init(
    _ names: [String], file: String, line: Int, options: DelimitedOptions
  ) throws(FileError) {
    let empty = names.indices.filter { names[$0].allSatisfy { $0 == " " || $0 == "\t" } }
    if !empty.isEmpty {
      throw .emptyColumnNames(file: file, line: line, columns: empty.map { $0 + 1 })
    }
    let isIndex = options.allowsIndexHeader && names == names.indices.map(String.init)
    if !isIndex, names.allSatisfy({ Self.isNumber($0, decimal: options.decimal.byte) }) {
      throw .numericHeader(file: file, line: line, first: names.first ?? "")
    }
    let duplicates = Self.duplicates(in: names)
    if !duplicates.isEmpty, !options.dedupeHeaders {
      throw .duplicateColumns(file: file, duplicates)
    }
    self.names = duplicates.isEmpty ? names : Self.renamed(names)
  }

  private static func isNumber(_ name: String, decimal: UInt8) -> Bool {
    let bytes = Array(name.utf8)
    return bytes.withUnsafeBufferPointer {
      if case .number = DecimalNumber.read($0.trimmingSpaces(), decimal: decimal) {
        true
      } else {
        false
      }
    }
  }

  private static func duplicates(in names: [String]) -> [FileError.DuplicateColumn] {
    var positions: [String: [Int]] = [:]
    for (index, name) in names.enumerated() { positions[name, default: []].append(index + 1) }
    guard positions.count < names.count else { return [] }
    return positions.filter { $0.value.count > 1 }
      .map { FileError.DuplicateColumn(name: $0.key, positions: $0.value) }
      .sorted { ($0.positions.first ?? 0) < ($1.positions.first ?? 0) }
  }

  /// The second `a` becomes `a_2`, the third `a_3`; numbers that are names already are passed over.
  private static func renamed(_ names: [String]) -> [String] {
    var taken = Set(names)
    var counts: [String: Int] = [:]
    return names.map { name in
      var count = (counts[name] ?? 0) + 1
      defer { counts[name] = count }
      guard count > 1 else { return name }
      while !taken.insert("\(name)_\(count)").inserted { count += 1 }
      return "\(name)_\(count)"
    }
  }
}

extension RecordReader {
  /// Reads the names of the columns, after a look at the first bytes.
  ///
  /// Throws what `DelimitedHeader` throws, `data.empty`, `encoding.utf16`, `format.unsupported` and
  /// `csv.delimiter`.
  mutating func readHeader(options: DelimitedOptions) throws(FileError) -> DelimitedHeader {
    try checkSignature(waits: !options.answersAtOnce)
    repeat {
      guard try next() else { throw .empty(file: name) }
      if let fault { throw error(for: fault, row: nil, []) }
    } while isBlank
    let count = fieldCount
    var names: [String] = []
    if options.hasHeader {
      names.reserveCapacity(count)
      for index in 0..<count { names.append(try columnName(index, limit: options.nameLimit)) }
    }
    // Looking ahead may move the window: the fields are not to be used behind this.
    if count == 1, !options.answersAtOnce { try checkDelimiter() }
    guard options.hasHeader else {
      putBack()
      return DelimitedHeader(columnCount: count)
    }
    return try DelimitedHeader(names, file: name, line: line, options: options)
  }

  private mutating func columnName(_ index: Int, limit: Int) throws(FileError) -> String {
    let bytes = cell(index)
    let place = place(ofField: index, row: nil, [])
    if bytes.count > limit { throw .nameTooLong(place, limit: limit) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .invalidUTF8(place, byteOffset: invalidOffset(inField: index))
    }
    return text
  }

  /// Leaves out a byte order mark of UTF-8 and throws where the first bytes are not those of text.
  private mutating func checkSignature(waits: Bool) throws(FileError) {
    let prefix = try peek(waits ? 16 : 1)
    if let format = FileSignature(prefix: prefix) {
      throw .unsupportedFormat(file: name, format: format)
    }
    if let encoding = wideEncoding(prefix) { throw .wideEncoding(file: name, encoding: encoding) }
    if prefix.starts(with: [0xEF, 0xBB, 0xBF]) { skip(3) }
  }

  /// UTF-16 or UTF-32 by its byte order mark, or by the zero bytes of its first two letters.
  private func wideEncoding(_ prefix: [UInt8]) -> String? {
    if prefix.starts(with: [0xFF, 0xFE, 0, 0]) || prefix.starts(with: [0, 0, 0xFE, 0xFF]) {
      return "UTF-32"
    }
    if prefix.starts(with: [0xFF, 0xFE]) || prefix.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    guard prefix.count >= 4 else { return nil }
    let isZero = prefix.prefix(4).map { $0 == 0 }
    if isZero == [false, true, false, true] { return "UTF-16LE" }
    return isZero == [true, false, true, false] ? "UTF-16BE" : nil
  }

  /// One column was found: throws when another delimiter stands in each of the first ten lines.
  private mutating func checkDelimiter() throws(FileError) {
    let candidates = [UInt8](";\t,|".utf8).filter { byte in
      byte != delimiter && recordBytes.contains(byte)
    }
    guard !candidates.isEmpty else { return }
    let lines = try peekLines(10)
    let likely = candidates.first { byte in lines.allSatisfy { $0.contains(byte) } }
    if let likely, !lines.isEmpty {
      throw .wrongDelimiter(file: name, used: delimiter, likely: likely)
    }
  }
}
