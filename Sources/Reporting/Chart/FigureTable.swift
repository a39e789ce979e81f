import SurprisalDiagnostics
import SurprisalModelStore
import SurprisalTables

/// The numbers of a figure: as a table on the page, as CSV, as JSON.
public struct FigureTable: Sendable, Equatable {
  /// The content of a cell.
  public enum Cell: Sendable, Equatable {
    /// A name from the data; shortened on a page.
    case text(String)
    /// A sentence of this program.
    case words(String)
    /// A number, possibly infinite; nil if not available.
    case number(Double?)
    /// A p-value.
    case probability(Double?)
    /// A whole number.
    case count(Int)
  }

  /// The columns: their headings, and their names in files.
  public let columns: [(heading: String, name: String)]
  /// The rows, each with one cell per column.
  public private(set) var rows: [[Cell]] = []
  /// The largest number of rows on a page; files have all rows.
  public var rowLimit = 100
  /// The flag that writes all rows.
  public var wholeTable = CommandFlag.figures
  /// The number of rows above which a page folds a table.
  public var foldLimit = 12
  /// Whether the numbers are shares, probabilities or nats, of which 1e-13 is rounding. Otherwise
  /// rounding is judged relative to the largest number of the column.
  public var hasUnitScale = true

  /// Creates an empty table.
  public init(_ columns: [(heading: String, name: String)]) { self.columns = columns }

  /// Adds a row. Precondition: it has one cell per column.
  public mutating func append(_ cells: [Cell]) {
    precondition(cells.count == columns.count, "one cell a column")
    rows.append(cells)
  }

  public static func == (left: FigureTable, right: FigureTable) -> Bool {
    left.rows == right.rows && left.rowLimit == right.rowLimit
      && left.columns.elementsEqual(right.columns) { $0 == $1 }
  }

  // MARK: Files

  /// CSV with a header line; numbers read back with the same bits, missing ones are `NA`.
  public func csv(writer: DelimitedWriter = DelimitedWriter()) -> String {
    let head = writer.line(columns.map { writer.field($0.name) })
    return rows.reduce(into: head) { text, row in
      text += writer.line(
        row.map { cell in
          switch cell {
          case .text(let text), .words(let text): writer.field(text)
          case .number(let value), .probability(let value):
            value.map { writer.field($0) } ?? "NA"
          case .count(let count): "\(count)"
          }
        })
    }
  }

  /// The names of the columns and one array per row.
  public var json: JSONValue {
    .members([
      "columns": .strings(columns.map(\.name)),
      "rows": .array(
        rows.map { row in
          .array(
            row.map { cell in
              switch cell {
              case .text(let text), .words(let text): .string(text)
              case .number(let value), .probability(let value): JSONValue(value)
              case .count(let count): .integer(count)
              }
            })
        }),
    ])
  }

  // MARK: Page

  /// The table, with a line that reports the number of omitted rows; folded if it is long.
  func markup(caption: String) -> Markup {
    let floors = columns.indices.map(roundingError(ofColumn:))
    let head = columns.enumerated().map { index, column in
      Markup.element("th", ["scope": "col", "class": kind(ofColumn: index)], text: column.heading)
    }
    let body = rows.prefix(rowLimit).map { row in
      Markup.element(
        "tr", [:],
        row.enumerated().map { index, cell in
          .element(
            "td", ["class": kind(ofColumn: index) + Self.wrapping(of: cell)],
            [Self.content(of: cell, roundingError: floors[index])])
        })
    }
    let table = Markup.element(
      "table", ["class": columns.count > 9 ? "many" : "few", "aria-label": caption],
      [.element("thead", [:], [.element("tr", [:], head)]), .element("tbody", [:], Array(body))])
    let holder = Markup.element(
      "div", ["class": "table", "tabindex": "0", "role": "region", "aria-label": caption], [table])
    let hidden = rows.count - body.count
    var parts = [holder]
    if hidden > 0 {
      parts.append(
        .element(
          "p", ["class": "note"],
          text: "\(hidden) more rows are not shown: "
            + "\(wholeTable) writes them all as CSV."))
    }
    guard rows.count > foldLimit else {
      return parts.count == 1 ? holder : .element("div", [:], parts)
    }
    let summary = "The numbers: \(rows.count) rows of \(columns.count) columns"
    return .element("details", [:], [.element("summary", text: summary)] + parts)
  }

  /// A number of a column up to this magnitude is zero up to rounding.
  private func roundingError(ofColumn index: Int) -> Double {
    let largest = rows.reduce(0) { largest, row in
      guard case .number(let value?) = row[index], value.isFinite else { return largest }
      return max(largest, value.magnitude)
    }
    return max(1e-13 * largest, hasUnitScale ? 1e-13 : 0)
  }

  private func kind(ofColumn index: Int) -> String {
    for row in rows {
      switch row[index] {
      case .text, .words: return "left"
      case .number(nil), .probability(nil): continue
      default: return "right"
      }
    }
    return "right"
  }

  private static func content(of cell: Cell, roundingError: Double) -> Markup {
    switch cell {
    case .text(let text): .element("bdi", [:], text: EscapedText(text).text)
    case .words(let text): .text(text)
    case .number(let value):
      .text(text(of: value.map { $0.magnitude <= roundingError ? 0 : $0 }))
    case .probability(let value): .text(NumberText.probability(value))
    case .count(let count): .text("\(count)")
    }
  }

  /// Long texts may be broken into lines, short ones not.
  private static func wrapping(of cell: Cell) -> String {
    switch cell {
    case .text(let text), .words(let text): text.count > 26 ? " wrap" : ""
    default: ""
    }
  }

  /// A number on a page: six significant digits, or a word if it is not finite.
  static func text(of value: Double?) -> String {
    switch value {
    case .some(.infinity): "infinite"
    case .some(-.infinity): "\u{2212}infinite"
    default: NumberText.significant(value)
    }
  }

  /// A number in a sentence: four significant digits; 0 if it is zero up to rounding.
  static func short(_ value: Double) -> String {
    guard value.isFinite else { return text(of: value) }
    return NumberText.significant(value.magnitude <= 1e-13 ? 0 : value, 4)
  }
}
