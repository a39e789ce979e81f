import SurprisalDatasets

/// A fault of the data with the place where it was found.
public struct DataDiagnosis: Error, Sendable {
  /// The fault.
  public let error: DatasetError
  /// Maps rows and columns to their places in files.
  public let source: DataSource

  /// A fault found in the data of `source`.
  public init(_ error: DatasetError, in source: DataSource) {
    self.error = error
    self.source = source
  }
}

/// Reasons why columns cannot have the roles for which they were named, found before a data set is
/// built.
public enum LabelColumnError: Error, Sendable, Equatable {
  /// A cell of a label column that is empty or not a number; `votes` is the pattern of the columns
  /// if more of their cells are names than numbers.
  case value(CellPlace, found: String, votes: String? = nil)
  /// A row without the name of a class, or a vote without one.
  case missingClass(CellPlace, found: String, isVote: Bool = false)
  /// A cell of a column of weights that is infinite.
  case infiniteWeight(CellPlace, found: String)
  /// A feature most of whose cells are numbers, or look like numbers with a decimal comma, and one
  /// cell that is not a number; `numbers` cells are numbers, `others` more are not.
  case mixed(CellPlace, found: String, numbers: Int, others: Int)
  /// A text feature nearly all of whose cells differ; `kind` is the format that they have.
  case identifier(column: String, file: String, levels: Int, rows: Int, kind: ColumnKind?)
  /// Duplicate keys in a file whose rows are joined by key.
  case duplicateKeys(file: String, [String])
  /// Keys of the data that a file lacks, and keys of the file that the data lack.
  case unmatchedKeys(file: String, missing: [String], extra: [String])
  /// A row without a key.
  case missingKey(CellPlace)
  /// Every row was left out.
  case noRowsLeft(file: String, reasons: [DataWarning])
  /// No column matches the pattern of the labels.
  case noColumn(role: ColumnRole, pattern: String, file: String, among: [String])
  /// One column, although one column per class is needed.
  case oneColumn(role: ColumnRole, pattern: String, file: String)
  /// A target column that holds many different fractions.
  case fractions(column: String, file: String, distinct: Int)
  /// A target column with more classes than allowed, or nearly as many as rows.
  case manyClasses(column: String, file: String, count: Int, rows: Int, limit: Int)
  /// Classes that the model, or the file of predictions, does not know.
  case unknownClasses([String], file: String, known: [String], arePredictions: Bool = false)
  /// Classes that are not among the declared ones.
  case undeclaredClasses([String], file: String, declared: [String])
  /// Classes of the model that the labels lack.
  case missingClasses([String], file: String)
  /// Offsets or priors that are not one column for each class.
  case classColumns(role: ColumnRole, missing: [String], unknown: [String], file: String)
  /// A column that was named is missing.
  case missingColumn(String, role: ColumnRole, file: String, among: [String])
  /// A column that is named as a feature and for another role.
  case twoRoles(String, role: ColumnRole, file: String)
  /// Weights of classes that the labels do not have.
  case weightsOfUnknown([String], classes: [String])
  /// Class weights together with row frequencies.
  case weightedFrequencies
  /// The label file has another number of rows than the data.
  case rowMismatch(file: String, found: Int, expected: Int)
}
