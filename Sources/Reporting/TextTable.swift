/// Rows of text in aligned columns.
public struct TextTable: Sendable {
  /// The alignment of a column.
  public enum Alignment: Sendable { case left, right }

  /// One heading per column.
  public let headings: [String]
  /// One alignment per column.
  public let alignments: [Alignment]
  /// The rows, each with one cell per column.
  public private(set) var rows: [[String]] = []

  /// An empty table: the first `leftColumns` columns are aligned left, the others right.
  public init(_ headings: [String], leftColumns: Int) {
    self.headings = headings.map(TerminalText.safe)
    alignments = headings.indices.map { $0 < leftColumns ? .left : .right }
  }

  /// An empty table. Precondition: there is one alignment per heading.
  public init(_ headings: [String], alignments: [Alignment]) {
    precondition(headings.count == alignments.count, "one alignment a column")
    self.headings = headings.map(TerminalText.safe)
    self.alignments = alignments
  }

  /// Adds a row; missing cells are empty.
  public mutating func append(_ cells: [String]) {
    rows.append(headings.indices.map { $0 < cells.count ? TerminalText.safe(cells[$0]) : "" })
  }

  /// The table, each line indented by `indent` spaces; trailing spaces are omitted.
  ///
  /// If it is wider than `TextLayout.width`, columns are separated by one space instead of two;
  /// then the cells of the first columns that are left-aligned and have a heading are shortened in
  /// the middle to not fewer than 12 cells, as long as they remain distinct. If that is not enough,
  /// the other columns are distributed over several tables below each other, each of which begins
  /// with the first columns. Tables without a right-aligned column are not changed:
  /// `TextLayout.wrap` breaks their last column.
  public func text(indent: Int = 2) -> String {
    var lines = [headings] + rows
    let all = Array(headings.indices)
    guard let width = TextLayout.width, alignments.contains(.right) else {
      return text(of: lines, columns: all, indent: indent, gap: 2)
    }
    let names = Array(all.prefix { alignments[$0] == .left })
    var widths = Self.widths(of: lines)
    func total(_ columns: [Int], gap: Int) -> Int {
      indent + columns.reduce(-gap) { $0 + widths[$1] + gap }
    }
    let gap = total(all, gap: 2) > width ? 1 : 2
    // Columns without a heading contain words of the table itself; others contain names from the
    // data.
    let shortened = names.filter { !headings[$0].isEmpty }
    for column in shortened.sorted(by: { widths[$0] > widths[$1] }) {
      let excess = total(all, gap: gap) - width
      if excess <= 0 { break }
      let least = max(12, headings[column].displayWidth)
      let cells = Self.shortened(lines.map { $0[column] }, to: max(least, widths[column] - excess))
      for (line, cell) in cells.enumerated() { lines[line][column] = cell }
      widths[column] = cells.map(\.displayWidth).max() ?? 0
    }
    var blocks = [names]
    for column in all.dropFirst(names.count) {
      let last = blocks.count - 1
      if blocks[last].count > names.count, total(blocks[last] + [column], gap: gap) > width {
        blocks.append(names + [column])
      } else {
        blocks[last].append(column)
      }
    }
    return blocks.map { text(of: lines, columns: $0, indent: indent, gap: gap) }
      .joined(separator: "\n\n")
  }

  private func text(of lines: [[String]], columns: [Int], indent: Int, gap: Int) -> String {
    let widths = Self.widths(of: lines)
    let texts = lines.map { cells -> String in
      let padded = columns.map { column -> String in
        let space = String(
          repeating: " ", count: max(0, widths[column] - cells[column].displayWidth))
        return alignments[column] == .left ? cells[column] + space : space + cells[column]
      }
      let line =
        String(repeating: " ", count: indent)
        + padded.joined(separator: String(repeating: " ", count: gap))
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    return texts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func widths(of lines: [[String]]) -> [Int] {
    lines[0].indices.map { column in lines.map { $0[column].displayWidth }.max() ?? 0 }
  }

  /// Cells with at most `width` characters, or as many as needed to keep them distinct.
  static func shortened(_ cells: [String], to width: Int) -> [String] {
    let (longest, count) = (cells.map(\.displayWidth).max() ?? 0, Set(cells).count)
    for width in width..<max(width, longest) {
      let result = cells.map { TextLayout.shortened($0, to: width) }
      if Set(result).count == count { return result }
    }
    return cells
  }
}

/// Text that is safe to print on a terminal.
public enum TerminalText {
  /// The text with control characters, line separators and direction marks as `\u{...}`.
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
