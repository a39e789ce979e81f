import SurprisalLinearAlgebra

/// The rows that a classifier predicts from, by named columns and before any encoding.
///
/// Columns of numbers that are one matrix stay that matrix, and the numbers of a sparse file stay
/// sparse: making this value copies nothing.
public struct Columns: Sendable {
  private enum Content: Sendable {
    case columns([Column])
    case features(Features)
  }

  private let content: Content
  /// The number of rows.
  public let rowCount: Int
  /// How a design matrix of these columns is held: in double or in single precision.
  public let storage: MatrixStorage

  /// Columns of a table; each has `rowCount` cells. Their order does not matter.
  public init(_ columns: [Column], rowCount: Int, storage: MatrixStorage = .double) {
    content = .columns(columns)
    self.rowCount = rowCount
    self.storage = storage
  }

  /// Rows that are encoded already, such as those of a LIBSVM file.
  public init(_ features: Features) {
    content = .features(features)
    rowCount = features.rowCount
    storage = features.matrix.storageKind
  }

  /// The column of a name.
  ///
  /// A column of encoded rows is read back from the design matrix. Throws `.missingColumn`.
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
        columns.map { $0.selecting(rows: rows) }, rowCount: rows.count, storage: storage)
    case .features(let features): Columns(features.selecting(rows: rows))
    }
  }

  /// The design matrix that an encoding makes of the columns; rows that have this encoding already
  /// are given as they are. Throws as `FeatureEncoding.design(of:rowCount:storage:)` does.
  public consuming func encoded(as encoding: FeatureEncoding) throws(DatasetError) -> Features {
    switch content {
    case .features(let features):
      if features.encoding.isIdentity, encoding.isIdentity, features.names == encoding.columnNames {
        return Features(matrix: features.matrix, encoding: encoding)
      }
      return try features.coded(as: encoding)
    case .columns(let columns):
      return Features(
        matrix: try encoding.design(of: columns, rowCount: rowCount, storage: storage),
        encoding: encoding)
    }
  }
}

/// The columns that a model reads, and whether they hold numbers or texts: what a reader of files
/// has to know of the model.
public struct ModelInputs: Sendable, Equatable {
  /// A column that is read.
  public struct Input: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Whether its cells are texts, even if they look like numbers.
    public let isText: Bool
    /// The levels of a text, the base first; none for numbers.
    public let levels: [String]
    /// Whether a cell may be empty.
    public let allowsMissing: Bool

    /// An input.
    public init(
      name: String, isText: Bool, levels: [String] = [], allowsMissing: Bool = false
    ) {
      self.name = name
      self.isText = isText
      self.levels = levels
      self.allowsMissing = allowsMissing
    }
  }

  /// The columns, in the order of the model.
  public let columns: [Input]
  /// How many columns the model's own design matrix has; nil if it makes none beside the columns
  /// themselves. Memory is budgeted for it.
  public let designColumnCount: Int?

  /// Inputs.
  public init(_ columns: [Input], designColumnCount: Int? = nil) {
    self.columns = columns
    self.designColumnCount = designColumnCount
  }

  /// No inputs: labels are read alone.
  public static let none = ModelInputs([])

  /// The input of a name; nil if the model does not read such a column.
  public func input(named name: String) -> Input? { columns.first { $0.name == name } }
}
