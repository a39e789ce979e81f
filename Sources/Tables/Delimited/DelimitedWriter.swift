/// Writes fields as delimited text, quoted if necessary (RFC 4180).
public struct DelimitedWriter: Sendable {
  /// Whether texts that a spreadsheet would interpret as a formula are prefixed with an apostrophe.
  public var guardsFormulas: Bool

  /// A writer.
  public init(guardsFormulas: Bool = false) { self.guardsFormulas = guardsFormulas }

  /// A text as a field.
  public func field(_ text: String) -> String {
    var text = text
    if guardsFormulas, let first = text.first, "=+-@\t\r".contains(first) { text = "'" + text }
    let needsQuotes =
      text.isEmpty || text.first == " " || text.last == " "
      || text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    guard needsQuotes else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  /// The shortest text of a number that reads back to the same bits.
  public func field(_ value: Double) -> String { "\(value)" }

  /// A line of fields, including the line feed.
  public func line(_ fields: [String]) -> String { fields.joined(separator: ",") + "\n" }
}
