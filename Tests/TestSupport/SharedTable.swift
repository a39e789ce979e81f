import Foundation

/// A plain CSV file of the reference data: a header, no quotes, `.` as decimal point.
///
/// Deliberately independent of the package's own reader, so that a fault in one does not hide in
/// both.
public struct SharedTable: Sendable {
  /// The names of the columns.
  public let names: [String]
  /// One array per row.
  public let cells: [[String]]

  /// Reads the data set `<name>`.
  public init(_ name: String) throws {
    let url = try SharedData.url("data/\(name)").orThrow(CocoaError(.fileNoSuchFile))
    try self.init(contentsOf: url)
  }

  /// Reads a file.
  public init(contentsOf file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    var lines = text.split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    names = lines.isEmpty ? [] : lines.removeFirst()
    cells = lines
  }

  /// The columns whose names are `prefix` followed by a digit, as rows of numbers.
  public func numbers(prefix: String) -> [[Double]] {
    let chosen = names.indices.filter { index in
      names[index].hasPrefix(prefix)
        && (names[index].dropFirst(prefix.count).first?.isNumber ?? false)
    }
    return cells.map { row in chosen.map { Double(row[$0]) ?? .nan } }
  }

  /// The columns whose names begin with `prefix`, as rows of numbers.
  public func allNumbers(prefix: String) -> [[Double]] {
    let chosen = names.indices.filter { names[$0].hasPrefix(prefix) }
    return cells.map { row in chosen.map { Double(row[$0]) ?? .nan } }
  }

  /// One column as text.
  public func column(_ name: String) -> [String] {
    guard let index = names.firstIndex(of: name) else { return [] }
    return cells.map { $0[index] }
  }
}

extension Optional {
  fileprivate func orThrow(_ error: some Error) throws -> Wrapped {
    guard let self else { throw error }
    return self
  }
}

extension SharedTable {
  /// The numbers of a file of shared data without header, row by row.
  static func numberRows(_ path: String) throws -> [[Double]] {
    let url = try SharedData.url(path).orThrow(CocoaError(.fileNoSuchFile))
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: ",").map { Double($0) ?? .nan }
    }
  }
}
