/// Where a cell stands in a file, for messages.
public struct CellPlace: Sendable, Equatable, CustomStringConvertible {
  /// The file's name, or `standard input`.
  public let file: String

  /// The data row counted from 1; nil in the header.
  public let row: Int?

  /// The line of the file counted from 1, where the cell begins.
  public let line: Int

  /// The column counted from 1.
  public let column: Int

  /// The column's name, where it is known.
  public let columnName: String?

  /// A place; rows, lines and columns count from 1.
  public init(file: String, row: Int?, line: Int, column: Int, columnName: String?) {
    self.file = file
    self.row = row
    self.line = line
    self.column = column
    self.columnName = columnName
  }

  /// `faces.csv, line 18, column 4 "p_cat"`.
  public var description: String {
    let name = columnName.map { " \(EscapedText($0))" } ?? ""
    return "\(EscapedText(file).text), line \(line), column \(column)\(name)"
  }
}
