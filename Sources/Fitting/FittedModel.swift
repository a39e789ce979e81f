import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra

/// A fitted model for printing, saving and prediction: plain values, independent of the generic
/// types of the fit.
public struct FittedModel: Sendable {
  /// The map from features to class probabilities.
  public var classifier: SavedClassifier
  /// The specification, convergence, parameters, scores and warnings.
  public var record: FitRecord
  /// The tests of columns requested for the run of the fit; files do not store them.
  public var columnTests: [ColumnTest] = []

  /// Creates a model from its parts.
  public init(classifier: SavedClassifier, record: FitRecord) {
    self.classifier = classifier
    self.record = record
  }
}

extension FittedModel {
  /// The specification of the fit.
  public var specification: FitRecord.Specification { record.specification }
  /// Every parameter with its estimate and uncertainty.
  public var parameters: ParameterTable { record.parameters }
  /// The convergence of the solver.
  public var convergence: FitRecord.Convergence { record.convergence }
  /// The warnings of the fit.
  public var warnings: [FitWarning] { record.warnings }

  /// The model as stored in a file: without a covariance that is too large.
  public var forKeeping: FittedModel {
    FittedModel(classifier: classifier, record: record.forKeeping)
  }
}

extension FittedModel {
  /// The class probabilities of one row of numbers, in the order of the model's features.
  ///
  /// For models whose features are all numbers and that were fitted without offsets. Throws
  /// `DatasetError` if the number of features is wrong or a value is not finite.
  public func probabilities(of row: [Double]) throws(DatasetError) -> [Double] {
    let features = try Features([row], names: classifier.inputs.columns.map(\.name))
    let result = try classifier.probabilities(for: features)
    return result.values.row(0)
  }
}
