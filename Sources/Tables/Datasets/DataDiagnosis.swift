import SurprisalDatasets

/// A fault of the data with the place where it was found.
public struct DataDiagnosis: Error, Sendable {
  /// The fault.
  public let error: DatasetError
  /// Where rows and columns stand.
  public let source: DataSource

  /// A fault found in the data of `source`.
  public init(_ error: DatasetError, in source: DataSource) {
    self.error = error
    self.source = source
  }
}

/// Why columns cannot serve as what they were named for, found before a data set is made of them.
public enum LabelColumnError: Error, Sendable, Equatable {
  /// A cell of a label column that is no number, or empty; `votes` is the pattern of the columns if
  /// their cells are names more often than numbers.
  case value(CellPlace, found: String, votes: String? = nil)
  /// A row without the name of a class.
  case missingClass(CellPlace, found: String)
  /// A cell of a column of weights that is infinite.
  case infiniteWeight(CellPlace, found: String)
  /// A feature most of whose cells are numbers, or look like numbers with a decimal comma, and one
  /// that is none; `numbers` are, `others` more are not.
  case mixed(CellPlace, found: String, numbers: Int, others: Int)
  /// A text feature nearly all of whose cells differ; `kind` is what they look like.
  case identifier(column: String, file: String, levels: Int, rows: Int, kind: ColumnKind?)
  /// Keys that stand more than once in a file whose rows are found by key.
  case duplicateKeys(file: String, [String])
  /// Keys that a file lacks, and keys that it has beyond those of the data.
  case unmatchedKeys(file: String, missing: [String], extra: [String])
  /// A row without a key.
  case missingKey(CellPlace)
  /// Every row was left out.
  case noRowsLeft(file: String, reasons: [DataWarning])
  /// No column matches what should be labels.
  case noColumn(role: ColumnRole, pattern: String, file: String, among: [String])
  /// One column where one a class is needed.
  case oneColumn(role: ColumnRole, pattern: String, file: String)
  /// A target column that holds many different fractions.
  case fractions(column: String, file: String, distinct: Int)
  /// A target column with more classes than allowed, or nearly as many as rows.
  case manyClasses(column: String, file: String, count: Int, rows: Int, limit: Int)
  /// Classes that the model does not know.
  case unknownClasses([String], file: String, known: [String])
  /// Classes that are none of those that were declared.
  case undeclaredClasses([String], file: String, declared: [String])
  /// Classes of the model that the labels lack.
  case missingClasses([String], file: String)
  /// Offsets or priors that are not one column for each class.
  case classColumns(role: ColumnRole, missing: [String], unknown: [String], file: String)
  /// A column that was named is not there.
  case missingColumn(String, role: ColumnRole, file: String, among: [String])
  /// A column that is named as a feature and as something else.
  case twoRoles(String, role: ColumnRole, file: String)
  /// Weights of classes that the labels do not have.
  case weightsOfUnknown([String], classes: [String])
  /// Classes are weighed and rows repeated.
  case weightedFrequencies
  /// The label file has another number of rows than the data.
  case rowMismatch(file: String, found: Int, expected: Int)
}
