/// A choice of columns: names, globs and ranges with commas between, such as `age,p_*,x1..x9`.
///
/// `*` matches any characters and `?` one. `x1..x9` chooses the columns from `x1` to `x9` in
/// the order of the file. A name that contains a comma can be given alone.
public struct ColumnPattern: Sendable, Equatable, CustomStringConvertible {
  /// The text of the pattern.
  public let text: String
  private let parts: [String]
  /// The columns of the resolved ranges.
  private var ranges: [String: Set<String>] = [:]
  /// The ends of the other ranges that are not columns.
  private(set) var missingEnds: [String] = []

  /// A pattern; every text is one.
  public init(_ text: String) {
    self.text = text
    parts = text.split(separator: ",").map(String.init)
  }

  public var description: String { text }

  /// Whether a column is chosen.
  public func matches(_ name: String) -> Bool {
    name == text || parts.contains { Self.glob($0, matches: name) }
      || ranges.values.contains { $0.contains(name) }
  }

  /// Whether all ranges were resolved in a file.
  var isResolved: Bool { missingEnds.isEmpty && !ranges.isEmpty }

  /// The pattern with its ranges resolved among the columns of a file, in their order. A part that
  /// is the name of a column is no range.
  public func resolvingRanges(among names: [String]) -> ColumnPattern {
    var result = self
    (result.ranges, result.missingEnds) = ([:], [])
    for part in parts where part.contains("..") && !names.contains(part) {
      let ends = Self.ends(of: part)
      let known = ends.first { names.contains($0.first) && names.contains($0.last) }
      if let known, let start = names.firstIndex(of: known.first),
        let end = names.firstIndex(of: known.last)
      {
        result.ranges[part] = Set(names[min(start, end)...max(start, end)])
      } else if let ends = ends.first, !names.contains(where: { Self.glob(part, matches: $0) }) {
        result.missingEnds += [ends.first, ends.last].filter { !names.contains($0) }
      }
    }
    return result
  }

  /// The possible ends of a range: names may contain `..` themselves.
  private static func ends(of part: String) -> [(first: String, last: String)] {
    part.ranges(of: "..").map { (String(part[..<$0.lowerBound]), String(part[$0.upperBound...])) }
      .filter { !$0.first.isEmpty && !$0.last.isEmpty }
  }

  /// The parts that choose none of `names`, and the ends of ranges that are no columns.
  public func unmatched(among names: [String]) -> [String] {
    if names.contains(text) { return [] }
    if !missingEnds.isEmpty { return missingEnds }
    return parts.filter { part in
      ranges[part] == nil && !names.contains { Self.glob(part, matches: $0) }
    }
  }

  /// The parts that name one column: those without `*` and `?`.
  var namedColumns: [String] {
    parts.filter { !$0.contains("*") && !$0.contains("?") } + (parts.count > 1 ? [text] : [])
  }

  /// The class names: the columns' names without the text before the first `*`, or without the
  /// prefix up to `_` or `.` that all chosen names share.
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

  /// Iterative matching that backtracks to the last `*` only, so that no pattern takes exponential
  /// time.
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
