import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// A map from columns to class probabilities: the part of a fit that is independent of its data.
///
/// Code that predicts, scores, calibrates or reports accepts any classifier. A classifier reads
/// columns of numbers and text as in the table; a classifier that uses a design matrix is an
/// `EncodedClassifier`.
public protocol Classifier: Sendable {
  /// The columns that predictions use.
  var inputs: ModelInputs { get }
  /// The C classes.
  var classNames: [String] { get }
  /// The likelihood of the labels, which also maps logits to the predicted mean.
  var likelihood: any Likelihood { get }
  /// Whether the fit had offsets, which predictions then need too.
  var usesOffsets: Bool { get }
  /// The number of fitted parameters.
  var parameterCount: Int { get }

  /// Predictions in one of three forms, N x C.
  ///
  /// The result of a row has the same bits alone and in any batch. Throws `DatasetError`, with row
  /// numbers of `columns`; `.rowMismatch` for offsets that are not N x C.
  func predict(
    _ form: PredictionForm, from columns: consuming Columns, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix
}

/// The form of a prediction.
public enum PredictionForm: Sendable {
  /// Predicted class probabilities: the mean of the label under the likelihood.
  case probabilities
  /// The logarithms of the predicted probabilities: finite even if a probability underflows.
  case logProbabilities
  /// Logits, with the additive constants of the fit.
  case logits
}

extension Classifier {
  /// Predicted class probabilities, N x C: the mean of the label under the likelihood.
  public func probabilities(
    for columns: consuming Columns, offsets: BlockedMatrix? = nil, threads: any Reducer = .one
  ) throws(DatasetError) -> ClassProbabilities {
    ClassProbabilities(
      trusting: try predict(.probabilities, from: columns, offsets: offsets, threads: threads))
  }

  /// The logarithms of the predicted probabilities, N x C.
  public func logProbabilities(
    for columns: consuming Columns, offsets: BlockedMatrix? = nil, threads: any Reducer = .one
  ) throws(DatasetError) -> BlockedMatrix {
    try predict(.logProbabilities, from: columns, offsets: offsets, threads: threads)
  }

  /// Logits, N x C, with the additive constants of the fit.
  public func logits(
    for columns: consuming Columns, offsets: BlockedMatrix? = nil, threads: any Reducer = .one
  ) throws(DatasetError) -> BlockedMatrix {
    try predict(.logits, from: columns, offsets: offsets, threads: threads)
  }

  /// Predicted class probabilities, N x C, for encoded rows.
  public func probabilities(
    for features: Features, offsets: BlockedMatrix? = nil, threads: any Reducer = .one
  ) throws(DatasetError) -> ClassProbabilities {
    try probabilities(for: Columns(features), offsets: offsets, threads: threads)
  }

  /// The logarithms of the predicted probabilities, N x C, for encoded rows.
  public func logProbabilities(
    for features: Features, offsets: BlockedMatrix? = nil, threads: any Reducer = .one
  ) throws(DatasetError) -> BlockedMatrix {
    try logProbabilities(for: Columns(features), offsets: offsets, threads: threads)
  }

  /// Logits, N x C, for encoded rows.
  public func logits(
    for features: Features, offsets: BlockedMatrix? = nil, threads: any Reducer = .one
  ) throws(DatasetError) -> BlockedMatrix {
    try logits(for: Columns(features), offsets: offsets, threads: threads)
  }
}

/// A classifier that first converts columns to a design matrix: text columns become 0/1 columns.
public protocol EncodedClassifier: Classifier {
  /// The map from columns of a table to the design matrix.
  var encoding: FeatureEncoding { get }

  /// Predictions from a design matrix of this encoding, N x C.
  ///
  /// Throws `DatasetError.rowMismatch` for a matrix of other columns, and for offsets that are not
  /// N x C.
  func predict(
    _ form: PredictionForm, from design: BlockedMatrix, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix
}

extension EncodedClassifier {
  public var inputs: ModelInputs { encoding.inputs }

  /// Throws `.rowMismatch` unless a design matrix has the columns of the encoding, and offsets a
  /// number for each of its rows and each class.
  package func require(_ design: BlockedMatrix, _ offsets: BlockedMatrix?) throws(DatasetError) {
    try DatasetError.require(
      "columns of the features", design.columnCount, equals: encoding.columnCount)
    guard let offsets else { return }
    try DatasetError.require("offsets", offsets.rowCount, equals: design.rowCount)
    try DatasetError.require(
      "columns of the offsets", offsets.columnCount, equals: classNames.count)
  }

  public func predict(
    _ form: PredictionForm, from columns: consuming Columns, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    let design = try columns.encoded(as: encoding).matrix
    return try predict(form, from: design, offsets: offsets, threads: threads)
  }
}
