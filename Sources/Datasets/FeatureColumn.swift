import SurprisalLinearAlgebra

/// One column of a table before it is coded as numbers.
public struct FeatureColumn: Sendable, Equatable {
  /// What the cells hold.
  public enum Cells: Sendable, Equatable {
    /// Numbers; a missing cell is NaN.
    case numbers(ColumnValues)
    /// Texts by index into `levels`; a missing cell is -1.
    case texts(levels: [String], codes: [Int32])
  }

  /// The column's name.
  public let name: String
  /// One cell a row.
  public let cells: Cells

  /// The rows whose cell is missing, where they are known already; the other numbers are finite.
  private let knownMissing: [Int]?

  /// A column.
  public init(name: String, cells: Cells) {
    self.name = name
    self.cells = cells
    knownMissing = nil
  }

  /// A column of numbers that are finite, but for the rows `missing`, which ascend: nobody has to
  /// look for them again.
  public init(name: String, finite values: ColumnValues, missing: [Int]) {
    self.name = name
    cells = .numbers(values)
    knownMissing = missing
  }

  /// Whether every number that is not missing is known to be finite.
  var isKnownFinite: Bool { knownMissing != nil }

  /// The number of cells.
  public var rowCount: Int {
    switch cells {
    case .numbers(let values): values.count
    case .texts(_, let codes): codes.count
    }
  }

  /// The rows whose cell is missing.
  public var missingRows: [Int] {
    if let knownMissing { return knownMissing }
    return switch cells {
    case .numbers(let values): values.indices.filter { values[$0].isNaN }
    case .texts(_, let codes): codes.indices.filter { codes[$0] < 0 }
    }
  }

  /// The rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> FeatureColumn {
    switch cells {
    case .numbers(let values):
      FeatureColumn(name: name, cells: .numbers(ColumnValues(rows.map { values[$0] })))
    case .texts(let levels, let codes):
      FeatureColumn(name: name, cells: .texts(levels: levels, codes: rows.map { codes[$0] }))
    }
  }
}

/// What is done about empty cells.
public enum MissingPolicy: String, Sendable, CaseIterable {
  /// They are an error.
  case refuse = "error"
  /// The row is left out.
  case drop
  /// The training mean takes their place; the commonest level for text.
  case mean
  /// As `mean`, with a column of its own that says where.
  case indicator
}
