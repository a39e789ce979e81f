import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra

extension SavedModel {
  /// The class probabilities of one row of numbers, in the order of the model's features.
  ///
  /// For models whose features are all numbers and that were fitted without offsets. Throws
  /// `DatasetError` for another number of features and for values that are not finite.
  public func probabilities(of row: [Double]) throws(DatasetError) -> [Double] {
    let features = try Features([row], names: classifier.encoding.sources.map(\.name))
    let result = try classifier.probabilities(for: features.coded(as: classifier.encoding))
    return result.values.row(0)
  }

  /// The model as a file keeps it: without a covariance that is too large.
  public var forKeeping: SavedModel {
    SavedModel(classifier: classifier, record: record.forKeeping)
  }
}
