/// The names of the columns, checked.
struct DelimitedHeader: Sendable {
  /// One name for each field of a record; empty for fields that are not read.
  let names: [String]
  /// How fields without a name are treated, and what was noticed in the first rows.
  private(set) var notes = HeaderNotes()

  /// Names for a file without a header: `f1`, `f2` ...
  init(columnCount: Int, sketches: [RecordSketch]) {
    names = (0..<columnCount).map { "f\($0 + 1)" }
    notes.zeroLed = Set(sketches.flatMap(\.zeroLed).map { $0 + 1 })
  }

  /// Checks the names of a header record, in this order: empty, all numeric, duplicate.
  ///
  /// A first column without a name, or an additional field in front of the rows, holds row names;
  /// empty columns without a name at the end come from trailing delimiters. `sketches` are the
  /// first rows.
  init(
    _ given: [String], _ sketches: [RecordSketch], file: String, line: Int,
    options: DelimitedOptions
  ) throws(FileError) {
    var names = Self.fitted(given, to: sketches)
    let kept = Self.endOfNames(names, sketches)
    let hasRowNames = kept > 1 && Self.isEmpty(names[0])
    let shown = (hasRowNames ? 1 : 0)..<kept
    let empty = shown.filter { Self.isEmpty(names[$0]) }
    if !empty.isEmpty {
      throw .emptyColumnNames(file: file, line: line, columns: empty.map { $0 + 1 })
    }
    let isIndex =
      (options.allowsIndexHeader || hasRowNames)
      && names[shown].elementsEqual((0..<shown.count).map(String.init))
    if !isIndex, names[shown].allSatisfy({ Self.isNumber($0, options.numbers) }) {
      throw .numericHeader(file: file, line: line, first: names[shown].first ?? "")
    }
    if hasRowNames {
      names[0] =
        ["row", "row_name", "row_names"].first { !names.contains($0) } ?? "names of the rows"
      notes.rowNames = names[0]
    }
    let duplicates = Self.duplicates(in: Array(names[..<kept]))
    if !duplicates.isEmpty, !options.dedupeHeaders {
      throw .duplicateColumns(file: file, duplicates)
    }
    if !duplicates.isEmpty {
      names = Self.renamed(Array(names[..<kept])) + names[kept...]
    }
    self.names = names
    notes.unnamed = Array(kept..<names.count).map { $0 + 1 }
    notes.zeroLed = Set(sketches.flatMap(\.zeroLed).map { $0 + 1 })
  }

  /// How a field is read, if `columns` maps names to types: row names are text or not read.
  func reading(of field: Int, _ columns: (String) -> ColumnType) -> ColumnType {
    if notes.unnamed.contains(field + 1) { return .ignore }
    let type = columns(names[field])
    return field == 0 && notes.rowNames != nil && type != .text ? .ignore : type
  }

  /// The names with one added if each of the first rows has one field more than the header: in
  /// front for row names, which are distinct, and at the end for an empty field.
  private static func fitted(_ names: [String], to sketches: [RecordSketch]) -> [String] {
    if let last = names.last, isEmpty(last), names.count > 1, let first = sketches.first,
      first.fieldCount < names.count,
      sketches.allSatisfy({ $0.fieldCount == first.fieldCount }),
      names[first.fieldCount...].allSatisfy(isEmpty), first.fieldCount > 0
    {
      // Trailing delimiters in the header alone.
      return Array(names[..<first.fieldCount])
    }
    guard sketches.count > 1, sketches.allSatisfy({ $0.fieldCount == names.count + 1 }),
      !names.contains(where: isEmpty)
    else { return names }
    if sketches.allSatisfy({ $0.emptyAtEnd > 0 }) { return names + [""] }
    return Set(sketches.map(\.first)).count == sketches.count ? [""] + names : names
  }

  /// The number of columns before those at the end that have neither a name nor cells.
  private static func endOfNames(_ names: [String], _ sketches: [RecordSketch]) -> Int {
    let end = (names.lastIndex { !isEmpty($0) } ?? -1) + 1
    let areEmpty = sketches.allSatisfy {
      $0.fieldCount == names.count && $0.emptyAtEnd >= names.count - end
    }
    return end > 0 && areEmpty ? end : names.count
  }

  private static func isEmpty(_ name: String) -> Bool {
    name.allSatisfy { $0 == " " || $0 == "\t" }
  }

  private static func isNumber(_ name: String, _ format: NumberFormat) -> Bool {
    if case .number = format.read(name) { true } else { false }
  }

  private static func duplicates(in names: [String]) -> [FileError.DuplicateColumn] {
    var positions: [String: [Int]] = [:]
    for (index, name) in names.enumerated() { positions[name, default: []].append(index + 1) }
    guard positions.count < names.count else { return [] }
    return positions.filter { $0.value.count > 1 }
      .map { FileError.DuplicateColumn(name: $0.key, positions: $0.value) }
      .sorted { ($0.positions.first ?? 0) < ($1.positions.first ?? 0) }
  }

  /// Renames the second `a` to `a_2`, the third to `a_3`; skips numbers that give existing names.
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
  /// Reads the names of the columns and checks the first bytes.
  ///
  /// Throws what `DelimitedHeader` throws, `data.empty`, `encoding.utf16`, `format.unsupported` and
  /// `csv.delimiter`.
  mutating func readHeader(options: DelimitedOptions) throws(FileError) -> DelimitedHeader {
    try checkSignature(waits: !options.answersAtOnce)
    if !options.answersAtOnce { try readSeparator(isGiven: options.delimiter != nil) }
    repeat {
      guard try next() else { throw .empty(file: name) }
      if let fault { throw error(for: fault, row: nil, []) }
    } while isBlank
    let (count, headerLine) = (fieldCount, line)
    var names: [String] = []
    if options.hasHeader {
      names.reserveCapacity(count)
      for index in 0..<count { names.append(try columnName(index, limit: options.nameLimit)) }
    }
    // Looking ahead may move the window: the fields must not be used after this.
    if count == 1, !options.answersAtOnce { try checkDelimiter() }
    // The header is judged by the following rows, unless the caller must not wait for them.
    let seen = options.answersAtOnce ? 0 : 10
    guard options.hasHeader else {
      putBack()
      return DelimitedHeader(columnCount: count, sketches: try sketches(seen))
    }
    let sketches = try sketches(seen)
    if options.comment == nil, names.count == 1, names[0].hasPrefix("#"),
      sketches.first.map({ $0.fieldCount > 1 }) == true
    {
      throw .commentedHeader(file: name, line: headerLine)
    }
    return try DelimitedHeader(names, sketches, file: name, line: headerLine, options: options)
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

  /// Skips a UTF-8 byte order mark; throws if the first bytes are not text.
  private mutating func checkSignature(waits: Bool) throws(FileError) {
    let prefix = try peek(waits ? 16 : 1)
    if let format = FileSignature(prefix: prefix) {
      throw .unsupportedFormat(file: name, format: format)
    }
    if let encoding = wideEncoding(prefix) { throw .wideEncoding(file: name, encoding: encoding) }
    if prefix.starts(with: [0xEF, 0xBB, 0xBF]) { skip(3) }
  }

  /// The delimiters that a line `sep=;` may name.
  private static let separators = Array(",;\t|: ".utf8)

  /// Takes the delimiter from a first line `sep=;`, as written by spreadsheets, unless one was
  /// given.
  private mutating func readSeparator(isGiven: Bool) throws(FileError) {
    let prefix = try peek(9)
    let isQuoted = prefix.first == UInt8(ascii: "\"")
    let mark = isQuoted ? [UInt8(ascii: "\"")] : []
    let word = prefix.dropFirst(mark.count)
    guard String(decoding: word.prefix(4), as: UTF8.self).lowercased() == "sep=",
      let separator = word.dropFirst(4).first, Self.separators.contains(separator)
    else { return }
    let rest = Array(word.dropFirst(5))
    let ends: [[UInt8]] = [[0x0A], [0x0D, 0x0A]]
    for end in ends where rest.starts(with: mark + end) {
      if !isGiven { delimiter = separator }
      return skip(mark.count * 2 + 5 + end.count, lines: 1)
    }
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

  /// Called if one column was found: throws if each of the first ten lines contains another
  /// delimiter.
  private mutating func checkDelimiter() throws(FileError) {
    let candidates = [UInt8](";\t,|".utf8).filter { byte in
      byte != delimiter && recordBytes.contains(byte)
    }
    guard !candidates.isEmpty else { return }
    var lines = try peekLines(10)
    if let comment { lines.removeAll { $0.first == comment } }
    let likely = candidates.first { byte in lines.allSatisfy { $0.contains(byte) } }
    if let likely, !lines.isEmpty {
      throw .wrongDelimiter(file: name, used: delimiter, likely: likely)
    }
  }
}

/// Notes on a header and on missing cells.
struct HeaderNotes: Sendable, Equatable {
  /// The name of the column of row names; nil if there is none.
  var rowNames: String?
  /// The positions, from 1, of columns without a name that are not read.
  var unnamed: [Int] = []
  /// The positions of columns with leading zeros, such as `02116`, in the first rows.
  var zeroLed: Set<Int> = []
  /// By position: the first missing cell that is not empty, with the number of its row.
  var tokens: [Int: Token] = [:]

  /// A missing cell that is not empty.
  struct Token: Sendable, Equatable {
    let row: Int
    let text: String
  }

  /// Warnings about the header of a file.
  func warnings(of file: String) -> [DataWarning] {
    (rowNames.map { [.rowNames(file: file, column: $0)] } ?? [])
      + (unnamed.isEmpty ? [] : [.unnamedColumns(file: file, unnamed)])
  }
}
