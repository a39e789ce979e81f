/// Rows of text in aligned columns.
public struct TextTable: Sendable {
  /// How a column is aligned.
  public enum Alignment: Sendable { case left, right }

  /// One heading a column.
  public let headings: [String]
  /// One alignment a column.
  public let alignments: [Alignment]
  /// The rows, as many cells each as there are columns.
  public private(set) var rows: [[String]] = []

  /// An empty table: the first `leftColumns` columns are aligned left, the others right.
  public init(_ headings: [String], leftColumns: Int) {
    self.headings = headings
    alignments = headings.indices.map { $0 < leftColumns ? .left : .right }
  }

  /// An empty table with an alignment for each column.
  public init(_ headings: [String], alignments: [Alignment]) {
    precondition(headings.count == alignments.count, "one alignment a column")
    self.headings = headings
    self.alignments = alignments
  }

  /// Adds a row; missing cells are empty.
  public mutating func append(_ cells: [String]) {
    rows.append(headings.indices.map { $0 < cells.count ? TerminalText.safe(cells[$0]) : "" })
  }

  /// The table, each line indented by `indent` spaces; trailing spaces are left out.
  public func text(indent: Int = 2) -> String {
    let widths = headings.indices.map { column in
      ([headings[column]] + rows.map { $0[column] }).map(\.count).max() ?? 0
    }
    let lines = ([headings] + rows).map { cells -> String in
      let padded = zip(zip(cells, widths), alignments).map { pair, alignment -> String in
        let space = String(repeating: " ", count: max(0, pair.1 - pair.0.count))
        return alignment == .left ? pair.0 + space : space + pair.0
      }
      let line = String(repeating: " ", count: indent) + padded.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    return lines.filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

/// Text made safe for terminals.
public enum TerminalText {
  /// Control characters, line separators and direction marks as `\u{...}`.
  public static func safe(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isControl =
        scalar.properties.generalCategory == .control
        || scalar.properties.generalCategory == .format
        || scalar.value == 0x2028 || scalar.value == 0x2029
      if isControl {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
