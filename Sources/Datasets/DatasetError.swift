import SurprisalProbability

/// Why data cannot be fitted or predicted from. Rows count from 0.
public enum DatasetError: Error, Sendable, Equatable {
  /// There are no rows.
  case noRows
  /// Two things that should have one entry a row do not agree.
  case rowMismatch(what: String, expected: Int, found: Int)
  /// Empty cells in feature columns, which nobody said how to treat.
  case missingCells([MissingCells])
  /// A feature is infinite.
  case notFinite(column: String, row: Int, value: Double)
  /// A level that the model was not trained on.
  case unknownLevel(column: String, row: Int, level: String, known: [String])
  /// A feature column that is needed is not there.
  case missingColumn(String, available: [String])
  /// A column holds text where numbers are expected, or the reverse.
  case kind(column: String, expectsNumbers: Bool, row: Int, found: String)
  /// A text column with more levels than allowed; perhaps it is an identifier.
  case tooManyLevels(column: String, count: Int, limit: Int)
  /// Two columns have one name.
  case duplicateColumn(String)
  /// An interaction that would bring the columns of the design beyond the limit.
  case tooManyColumns(interaction: [String], count: Int, limit: Int)
  /// The base level asked for does not occur.
  case unknownBase(column: String, level: String, known: [String])
  /// An interaction names a column that is not a feature.
  case unknownInteraction(String, available: [String])
  /// A row weight that is negative, infinite or not a number.
  case weight(row: Int, value: Double)
  /// A frequency that is not a whole number.
  case frequency(row: Int, value: Double)
  /// The weights add up to more than a double holds.
  case weightOverflow
  /// Every weight is zero.
  case zeroWeights
  /// Features whose range cannot be scaled into doubles.
  case range(column: String)
  /// Fewer than two folds, or more of them than rows, or groups of rows, of positive weight.
  case folds(count: Int, units: Int, areGroups: Bool)
  /// Classes that have no label mass in the rows that some fold leaves for training.
  case classesOutsideTraining([Int])
  /// The labels are at fault.
  case label(LabelError)
}

/// Where a feature column has empty cells.
public struct MissingCells: Sendable, Equatable {
  /// The column.
  public let column: String
  /// How many cells are empty.
  public let count: Int
  /// The first row with one.
  public let firstRow: Int

  /// The empty cells of a column.
  public init(column: String, count: Int, firstRow: Int) {
    self.column = column
    self.count = count
    self.firstRow = firstRow
  }
}
