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
    if names.allSatisfy({ Self.isNumber($0, decimal: options.decimal.byte) }) {
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
