import SurprisalLinearAlgebra

/// The rows that a classifier predicts from, as named columns before any encoding.
///
/// Nothing is copied: columns of numbers that belong to one matrix keep that matrix, and sparse
/// data stays sparse.
public struct Columns: Sendable {
  private enum Content: Sendable {
    case columns([Column])
    case features(Features)
  }

  private let content: Content
  /// The number of rows.
  public let rowCount: Int
  /// Whether a design matrix of these columns is stored in double or in single precision.
  public let storage: MatrixStorage

  /// Columns of a table; each has `rowCount` cells. Their order does not matter.
  ///
  /// Throws `DatasetError.rowMismatch` if a column has another number of cells.
  public init(
    _ columns: [Column], rowCount: Int, storage: MatrixStorage = .double
  ) throws(DatasetError) {
    if let other = columns.first(where: { $0.rowCount != rowCount }) {
      throw .rowMismatch(what: other.name, expected: rowCount, found: other.rowCount)
    }
    self.init(trusting: columns, rowCount: rowCount, storage: storage)
  }

  /// Columns of a table of `rowCount` cells each.
  package init(trusting columns: [Column], rowCount: Int, storage: MatrixStorage = .double) {
    content = .columns(columns)
    self.rowCount = rowCount
    self.storage = storage
  }

  /// Rows that are already encoded, such as those of a LIBSVM file.
  public init(_ features: Features) {
    content = .features(features)
    rowCount = features.rowCount
    storage = features.matrix.storageKind
  }

  /// The column with the given name.
  ///
  /// For encoded rows the column is decoded from the design matrix. Throws `.missingColumn`.
  /// Complexity: O(columns), and O(N D) for encoded rows.
  public func column(named name: String) throws(DatasetError) -> Column {
    let columns =
      switch content {
      case .columns(let columns): columns
      case .features(let features): features.decodedColumns()
      }
    guard let column = columns.first(where: { $0.name == name }) else {
      throw .missingColumn(name, available: columns.map(\.name))
    }
    return column
  }

  /// The rows at `rows`, in that order.
  public func selecting(rows: [Int]) -> Columns {
    switch content {
    case .columns(let columns):
      Columns(
        trusting: columns.map { $0.selecting(rows: rows) }, rowCount: rows.count, storage: storage)
    case .features(let features): Columns(features.selecting(rows: rows))
    }
  }

  /// The design matrix of the columns under an encoding; rows that already have this encoding are
  /// returned unchanged. Throws as `FeatureEncoding.design(of:rowCount:storage:)` does.
  public consuming func encoded(as encoding: FeatureEncoding) throws(DatasetError) -> Features {
    switch content {
    case .features(let features):
      if features.encoding.isIdentity, encoding.isIdentity, features.names == encoding.columnNames {
        return Features(trusting: features.matrix, encoding: encoding)
      }
      return try features.coded(as: encoding)
    case .columns(let columns):
      return Features(
        trusting: try encoding.design(of: columns, rowCount: rowCount, storage: storage),
        encoding: encoding)
    }
  }
}

/// The columns that a model reads, and whether they hold numbers or text. File readers need this.
public struct ModelInputs: Sendable, Equatable {
  /// A column that the model reads.
  public struct Input: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Whether its cells are text, even if they look like numbers.
    public let isText: Bool
    /// The levels of text, the base first; empty for numbers.
    public let levels: [String]
    /// Whether a cell may be empty.
    public let allowsMissing: Bool

    /// Creates an input.
    public init(
      name: String, isText: Bool, levels: [String] = [], allowsMissing: Bool = false
    ) {
      self.name = name
      self.isText = isText
      self.levels = levels
      self.allowsMissing = allowsMissing
    }
  }

  /// The columns, in the order used by the model.
  public let columns: [Input]
  /// The number of columns of the model's own design matrix, for memory estimates; nil if the model
  /// builds none.
  public let designColumnCount: Int?

  /// Creates the list of inputs.
  public init(_ columns: [Input], designColumnCount: Int? = nil) {
    self.columns = columns
    self.designColumnCount = designColumnCount
  }

  /// No inputs: only labels are read.
  public static let none = ModelInputs([])

  /// The input with the given name; nil if the model does not read such a column.
  public func input(named name: String) -> Input? { columns.first { $0.name == name } }
}
