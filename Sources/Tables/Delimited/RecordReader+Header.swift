extension RecordReader {
  /// Reads the names of the columns, after a look at the first bytes.
  ///
  /// Throws what `DelimitedHeader` throws, `data.empty`, `encoding.utf16`, `format.unsupported` and
  /// `csv.delimiter`.
  mutating func readHeader(options: DelimitedOptions) throws(FileError) -> DelimitedHeader {
    try checkSignature()
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
    if count == 1 { try checkDelimiter() }
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
  private mutating func checkSignature() throws(FileError) {
    let prefix = try peek(16)
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
