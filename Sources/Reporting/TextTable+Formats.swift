/// The formats of a table.
public enum DocumentFormat: String, Sendable, CaseIterable {
  case text
  case markdown
  case latex
  case csv
}

extension TextTable {
  /// The table in a format for documents, without a final line feed.
  public func text(as style: DocumentFormat) -> String {
    switch style {
    case .text: text()
    case .csv: ([headings] + rows).map { $0.map(Self.quoted).joined(separator: ",") }.lines
    case .markdown:
      ([headings.map(Self.markdown), alignments.map { $0 == .left ? ":--" : "--:" }]
        + rows.map { $0.map(Self.markdown) })
        .map { "| " + $0.joined(separator: " | ") + " |" }.lines
    case .latex:
      ([
        "\\begin{tabular}{" + alignments.map { $0 == .left ? "l" : "r" }.joined() + "}", "\\hline",
        headings.map(Self.latex).joined(separator: " & ") + " \\\\", "\\hline",
      ] + rows.map { $0.map(Self.latex).joined(separator: " & ") + " \\\\" }
        + ["\\hline", "\\end{tabular}"]).lines
    }
  }

  private static func quoted(_ cell: String) -> String {
    let text = cell == NumberText.unavailable ? "NA" : cell
    let isPlain = !text.contains { [",", "\"", "\n", "\r"].contains($0) }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private static func markdown(_ cell: String) -> String {
    cell.replacing("\\", with: "\\\\").replacing("|", with: "\\|")
  }

  private static func latex(_ cell: String) -> String {
    cell.map { character -> String in
      switch character {
      case "\\": "\\textbackslash{}"
      case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "<", ">", "|": "$\(character)$"
      case "–": "--"
      default: String(character)
      }
    }.joined()
  }
}

extension [String] {
  fileprivate var lines: String { joined(separator: "\n") }
}
