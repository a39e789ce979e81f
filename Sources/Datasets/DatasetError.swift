import SurprisalProbability

/// Why data cannot be fitted or predicted from. Rows count from 0.
public enum DatasetError: Error, Sendable, Equatable {
  /// There are no rows.
  case noRows
  /// Two arrays that need the same number of rows differ in it.
  case rowMismatch(what: String, expected: Int, found: Int)
  /// Two sets of predictions that are compared give this row different weights.
  case unequalWeights(row: Int)
  /// An argument of a call is outside its domain; `domain` describes it in words.
  case argument(String, value: Double, domain: String)
  /// A cell of a text column has the code of no level.
  case levelCode(column: String, row: Int, code: Int, levelCount: Int)
  /// Feature columns have empty cells, and no policy for them was given.
  case missingCells([MissingCells])
  /// A feature is infinite.
  case notFinite(column: String, row: Int, value: Double)
  /// The model was not trained on this level.
  case unknownLevel(column: String, row: Int, level: String, known: [String])
  /// A required feature column is missing.
  case missingColumn(String, available: [String])
  /// A column holds text although numbers are expected, or the reverse.
  case kind(column: String, expectsNumbers: Bool, row: Int, found: String)
  /// A text column has more levels than allowed; it may be an identifier.
  case tooManyLevels(column: String, count: Int, limit: Int)
  /// Two columns have the same name.
  case duplicateColumn(String)
  /// An interaction would give the design more columns than allowed.
  case tooManyColumns(interaction: [String], count: Int, limit: Int)
  /// The requested base level does not occur.
  case unknownBase(column: String, level: String, known: [String])
  /// An interaction refers to a column that is not a feature.
  case unknownInteraction(String, available: [String])
  /// A test names a column that is not a feature.
  case testedColumn(String, available: [String])
  /// A row weight is negative, infinite or not a number.
  case weight(row: Int, value: Double)
  /// A frequency is not a whole number.
  case frequency(row: Int, value: Double)
  /// The sum of the weights is so small or so large that its square leaves the range of doubles.
  case weightSum(Double)
  /// Every weight is zero.
  case zeroWeights
  /// The range of a feature is too large to be scaled into doubles.
  case range(column: String)
  /// The prediction of a row exceeds the range of doubles: its features are too large for the
  /// model.
  case prediction(row: Int)
  /// Fewer than two folds, or more folds than rows (or groups) of positive weight.
  case folds(count: Int, units: Int, areGroups: Bool)
  /// Classes without label weight in the training rows of some fold.
  case classesOutsideTraining([Int])
  /// The labels are invalid.
  case label(LabelError)
}

extension DatasetError {
  /// The same error with row numbers of a part translated to those of the data set it was taken
  /// from; `origin` is that of the part.
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
    case .unequalWeights(let row): return .unequalWeights(row: place(row))
    case .levelCode(let column, let row, let code, let levelCount):
      return .levelCode(column: column, row: place(row), code: code, levelCount: levelCount)
    case .noRows, .rowMismatch, .argument, .missingColumn, .tooManyLevels, .duplicateColumn,
      .tooManyColumns,
      .unknownBase, .unknownInteraction, .testedColumn, .weightSum, .zeroWeights, .range, .folds,
      .classesOutsideTraining:
      return self
    }
  }
}

extension DatasetError {
  /// Throws `.rowMismatch` unless `found` equals `expected`; `what` says what is counted.
  package static func require(
    _ what: String, _ found: Int, equals expected: Int
  ) throws(DatasetError) {
    guard found == expected else {
      throw .rowMismatch(what: what, expected: expected, found: found)
    }
  }

  /// Throws `.argument` unless there is at least `least` of `what`.
  package static func require(
    _ what: String, _ found: Int, atLeast least: Int
  ) throws(DatasetError) {
    guard found >= least else {
      throw .argument(what, value: Double(found), domain: "at least \(least)")
    }
  }
}

/// The empty cells of a feature column.
public struct MissingCells: Sendable, Equatable {
  /// The column.
  public let column: String
  /// The number of empty cells.
  public let count: Int
  /// The first row with an empty cell.
  public let firstRow: Int

  /// Creates a description of the empty cells of a column.
  public init(column: String, count: Int, firstRow: Int) {
    self.column = column
    self.count = count
    self.firstRow = firstRow
  }
}
