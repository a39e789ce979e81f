import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// A function from features to class probabilities: what is left of a fit when the data are gone.
///
/// What predicts, scores, calibrates or reports takes any of them and asks for no model behind it.
public protocol Classifier: Sendable {
  /// From columns of a table to the design matrix.
  var encoding: FeatureEncoding { get }
  /// The C classes.
  var classNames: [String] { get }
  /// What turned logits into the predicted mean, and what the labels were taken to be.
  var likelihood: any Likelihood { get }
  /// Whether the fit had offsets, which predictions then need too.
  var usesOffsets: Bool { get }
  /// How many numbers were fitted.
  var parameterCount: Int { get }

  /// Predicted class probabilities, N x C: the mean of the label under the likelihood.
  ///
  /// A row has the same bits alone or in any batch. Throws `DatasetError`.
  func probabilities(
    for features: Features, offsets: BlockedMatrix?, threads: any Reducer
  ) throws(DatasetError) -> ClassProbabilities

  /// The logarithms of the predicted probabilities, N x C: finite where a probability underflows.
  func logProbabilities(
    for features: Features, offsets: BlockedMatrix?, threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix

  /// Logits, N x C, in the gauge of the fit.
  func logits(
    for features: Features, offsets: BlockedMatrix?, threads: any Reducer
  ) throws(DatasetError) -> BlockedMatrix
}

extension Classifier {
  /// Predicted class probabilities, N x C, of rows without offsets, on one thread.
  public func probabilities(for features: Features) throws(DatasetError) -> ClassProbabilities {
    try probabilities(for: features, offsets: nil, threads: .one)
  }
}
