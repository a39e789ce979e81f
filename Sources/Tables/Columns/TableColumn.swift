import SurprisalLinearAlgebra

/// A column of a table.
public struct TableColumn: Sendable, Equatable {
  /// The name in the header, or `f1`, `f2` ... without a header.
  public let name: String

  /// The position in the file, counted from 1.
  public let position: Int

  /// The cells.
  public let cells: Cells

  /// A column.
  public init(name: String, position: Int, cells: Cells) {
    self.name = name
    self.position = position
    self.cells = cells
  }

  /// The cells of a column: numbers when every cell that is not missing is a number, otherwise
  /// text.
  public enum Cells: Sendable, Equatable {
    /// The value of each row, NaN at the rows `missing`, which ascend and count from 0. The others
    /// are finite.
    case numbers(ColumnValues, missing: [Int])

    /// The different texts in the order they appear in, and for each row its level, -1 where
    /// missing. `firstNonNumber` is nil when all cells are numbers and text was asked for;
    /// `numberCount` cells are numbers.
    ///
    /// Levels are distinct as `String`s: spellings that Unicode calls canonically equivalent are
    /// one level, under the first spelling. Spaces are kept: ` cat` and `cat` are two levels.
    case text(levels: [String], codes: [Int32], firstNonNumber: NonNumber?, numberCount: Int)
  }

  /// The rows, counted from 0, whose cell is missing, ascending. `O(rows)` for text.
  public var missingRows: [Int] {
    switch cells {
    case .numbers(_, let missing): missing
    case .text(_, let codes, _, _): codes.indices.filter { codes[$0] < 0 }
    }
  }

  /// The cells that are neither numbers nor missing.
  var nonNumberCount: Int {
    guard case .text(_, let codes, _, let numberCount) = cells else { return 0 }
    return codes.reduce(0) { $0 + ($1 >= 0 ? 1 : 0) } - numberCount
  }
}

/// A cell of a text column that is no number.
public struct NonNumber: Sendable, Equatable {
  /// The row, counted from 0.
  public let row: Int

  /// The text of the cell.
  public let text: String

  /// Why it is no number. The first word of a column comes before any infinity: a kind other than
  /// `word` means that the column holds nothing but numbers, missing cells and such cells.
  public let kind: Kind

  /// A cell.
  public init(row: Int, text: String, kind: Kind) {
    self.row = row
    self.text = text
    self.kind = kind
  }

  /// Why a cell is no number.
  public enum Kind: Sendable, Equatable {
    /// It is not of the grammar of numbers.
    case word
    /// It says infinity.
    case infinite
    /// It is beyond the largest double.
    case overflow
  }
}
