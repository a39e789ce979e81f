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
    /// A whole number.
    case count(Int)
  }

  /// The columns: their headings, and their names in files.
  public let columns: [(heading: String, name: String)]
  /// The rows, each with one cell per column.
  public private(set) var rows: [[Cell]] = []
  /// The largest number of rows on a page; files have all rows.
  public var rowLimit = 100

  /// Creates an empty table.
  public init(_ columns: [(heading: String, name: String)]) { self.columns = columns }

  /// Adds a row.
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
          case .number(let value): value.map { writer.field($0) } ?? "NA"
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
              case .number(let value): JSONValue(value)
              case .count(let count): .integer(count)
              }
            })
        }),
    ])
  }

  // MARK: Page

  /// The table, with a line that reports the number of omitted rows.
  func markup(caption: String) -> Markup {
    let head = columns.enumerated().map { index, column in
      Markup.element("th", ["scope": "col", "class": kind(ofColumn: index)], text: column.heading)
    }
    let body = rows.prefix(rowLimit).map { row in
      Markup.element(
        "tr", [:],
        row.enumerated().map { index, cell in
          .element(
            "td", ["class": kind(ofColumn: index) + Self.wrapping(of: cell)],
            [Self.content(of: cell)])
        })
    }
    let table = Markup.element(
      "table", ["class": columns.count > 9 ? "many" : "few", "aria-label": caption],
      [.element("thead", [:], [.element("tr", [:], head)]), .element("tbody", [:], Array(body))])
    let holder = Markup.element(
      "div", ["class": "table", "tabindex": "0", "role": "region", "aria-label": caption], [table])
    let hidden = rows.count - body.count
    guard hidden > 0 else { return holder }
    return .element(
      "div", [:],
      [
        holder,
        .element(
          "p", ["class": "note"],
          text: "\(hidden) more rows are not shown: "
            + "\(CommandFlag.figures) writes them all as CSV."),
      ])
  }

  private func kind(ofColumn index: Int) -> String {
    for row in rows {
      switch row[index] {
      case .text, .words: return "left"
      case .number(nil): continue
      default: return "right"
      }
    }
    return "right"
  }

  private static func content(of cell: Cell) -> Markup {
    switch cell {
    case .text(let text): .element("bdi", [:], text: EscapedText(text).text)
    case .words(let text): .text(text)
    case .number(let value): .text(Self.text(of: value))
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
}
