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
  /// A test names a column that is not a feature.
  case testedColumn(String, available: [String])
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
  /// A prediction of a row that no double holds: its features are too large for the model.
  case prediction(row: Int)
  /// Fewer than two folds, or more of them than rows, or groups of rows, of positive weight.
  case folds(count: Int, units: Int, areGroups: Bool)
  /// Classes that have no label mass in the rows that some fold leaves for training.
  case classesOutsideTraining([Int])
  /// The labels are at fault.
  case label(LabelError)
}

extension DatasetError {
  /// The same fault with rows renumbered, from those of a part to those of the data set that it was
  /// taken from; `origin` is that of the part.
  package func mappingRows(_ origin: [Int]?) -> DatasetError {
    guard let origin else { return self }
    func place(_ row: Int) -> Int { origin.indices.contains(row) ? origin[row] : row }
    switch self {
    case .label(let error): return .label(error.mappingRows(place))
    case .missingCells(let columns):
      return .missingCells(
        columns.map {
          MissingCells(column: $0.column, count: $0.count, firstRow: place($0.firstRow))
        })
    case .notFinite(let column, let row, let value):
      return .notFinite(column: column, row: place(row), value: value)
    case .unknownLevel(let column, let row, let level, let known):
      return .unknownLevel(column: column, row: place(row), level: level, known: known)
    case .kind(let column, let expectsNumbers, let row, let found):
      return .kind(column: column, expectsNumbers: expectsNumbers, row: place(row), found: found)
    case .weight(let row, let value): return .weight(row: place(row), value: value)
    case .frequency(let row, let value): return .frequency(row: place(row), value: value)
    case .prediction(let row): return .prediction(row: place(row))
    case .noRows, .rowMismatch, .missingColumn, .tooManyLevels, .duplicateColumn, .tooManyColumns,
      .unknownBase, .unknownInteraction, .testedColumn, .weightOverflow, .zeroWeights, .range,
      .folds,
      .classesOutsideTraining:
      return self
    }
  }
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
