/// A choice of columns: names and globs separated by commas, such as `age,p_*`.
///
/// `*` stands for any characters and `?` for one. A name that contains a comma can be given alone.
public struct ColumnPattern: Sendable, Equatable, CustomStringConvertible {
  /// The text as it was given.
  public let text: String
  private let parts: [String]

  /// A pattern; every text is one.
  public init(_ text: String) {
    self.text = text
    parts = text.split(separator: ",").map(String.init)
  }

  public var description: String { text }

  /// Whether a column is chosen.
  public func matches(_ name: String) -> Bool {
    name == text || parts.contains { Self.glob($0, matches: name) }
  }

  /// The parts that choose none of `names`.
  public func unmatched(among names: [String]) -> [String] {
    if names.contains(text) { return [] }
    return parts.filter { part in !names.contains { Self.glob(part, matches: $0) } }
  }

  /// The parts that name one column: those without `*` and `?`.
  var namedColumns: [String] {
    parts.filter { !$0.contains("*") && !$0.contains("?") } + (parts.count > 1 ? [text] : [])
  }

  /// What a class is called: the column's name without what stands before the first `*`, or without
  /// the prefix up to `_` or `.` that all chosen names share.
  public func classNames(of columns: [String]) -> [String] {
    let prefix = classPrefix(of: columns)
    return columns.map { $0.count > prefix.count ? String($0.dropFirst(prefix.count)) : $0 }
  }

  private func classPrefix(of columns: [String]) -> String {
    if parts.count == 1, let part = parts.first, let star = part.firstIndex(of: "*") {
      return String(part[..<star])
    }
    guard columns.count > 1, var shared = columns.first else { return "" }
    for name in columns { shared = shared.commonPrefix(with: name) }
    guard let end = shared.lastIndex(where: { $0 == "_" || $0 == "." }) else { return "" }
    return String(shared[...end])
  }

  /// Iterative matching with one point of return, so that no pattern takes exponential time.
  private static func glob(_ pattern: String, matches name: String) -> Bool {
    let pattern = Array(pattern.unicodeScalars)
    let name = Array(name.unicodeScalars)
    var (p, n) = (0, 0)
    var star: (p: Int, n: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, n)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == name[n] {
        (p, n) = (p + 1, n + 1)
      } else if let back = star {
        star = (back.p, back.n + 1)
        (p, n) = (back.p + 1, back.n + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
