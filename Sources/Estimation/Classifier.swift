import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// A function from columns to class probabilities: what is left of a fit when the data are gone.
///
/// Whatever predicts, scores, calibrates or reports takes any classifier and needs no model behind
/// it. A classifier reads columns of numbers and texts as they were in the table; one that works
/// on a design matrix is an `EncodedClassifier`.
public protocol Classifier: Sendable {
  /// The columns that predictions are made from.
  var inputs: ModelInputs { get }
  /// The C classes.
  var classNames: [String] { get }
  /// What turned logits into the predicted mean, and what the labels were taken to be.
  var likelihood: any Likelihood { get }
  /// Whether the fit had offsets, which predictions then need too.
  var usesOffsets: Bool { get }
  /// How many numbers were fitted.
  var parameterCount: Int { get }

  /// Predictions in one of three forms, N x C.
  ///
  /// A row gets the same bits alone or in any batch. Throws `DatasetError`, with rows counted in
  /// `columns`.
  func predict(
    _ form: PredictionForm, from columns: consuming Columns, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix
}

/// The numbers that a prediction consists of.
public enum PredictionForm: Sendable {
  /// Predicted class probabilities: the mean of the label under the likelihood.
  case probabilities
  /// The logarithms of the predicted probabilities: finite even if a probability underflows.
  case logProbabilities
  /// Logits, in the gauge of the fit.
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

  /// Logits, N x C, in the gauge of the fit.
  public func logits(
    for columns: consuming Columns, offsets: BlockedMatrix? = nil, threads: any Reducer = .one
  ) throws(DatasetError) -> BlockedMatrix {
    try predict(.logits, from: columns, offsets: offsets, threads: threads)
  }

  /// Predicted class probabilities, N x C, of rows that are encoded already.
  public func probabilities(
    for features: Features, offsets: BlockedMatrix? = nil, threads: any Reducer = .one
  ) throws(DatasetError) -> ClassProbabilities {
    try probabilities(for: Columns(features), offsets: offsets, threads: threads)
  }

  /// The logarithms of the predicted probabilities, N x C, of rows that are encoded already.
  public func logProbabilities(
    for features: Features, offsets: BlockedMatrix? = nil, threads: any Reducer = .one
  ) throws(DatasetError) -> BlockedMatrix {
    try logProbabilities(for: Columns(features), offsets: offsets, threads: threads)
  }

  /// Logits, N x C, of rows that are encoded already.
  public func logits(
    for features: Features, offsets: BlockedMatrix? = nil, threads: any Reducer = .one
  ) throws(DatasetError) -> BlockedMatrix {
    try logits(for: Columns(features), offsets: offsets, threads: threads)
  }
}

/// A classifier that turns columns into a design matrix first: text columns become 0/1 columns.
public protocol EncodedClassifier: Classifier {
  /// From columns of a table to the design matrix.
  var encoding: FeatureEncoding { get }

  /// Predictions from a design matrix of this encoding, N x C.
  func predict(
    _ form: PredictionForm, from design: BlockedMatrix, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix
}

extension EncodedClassifier {
  public var inputs: ModelInputs { encoding.inputs }

  public func predict(
    _ form: PredictionForm, from columns: consuming Columns, offsets: BlockedMatrix?,
    threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix {
    let design = try columns.encoded(as: encoding).matrix
    return try predict(form, from: design, offsets: offsets, threads: threads)
  }
}
