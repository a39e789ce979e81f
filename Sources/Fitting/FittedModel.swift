import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra

/// A fitted model as it is printed, saved and predicted with: plain values, whatever the types that
/// made it.
public struct FittedModel: Sendable {
  /// From features to class probabilities.
  public var classifier: SavedClassifier
  /// What was fitted, how it ended, its parameters, scores and warnings.
  public var record: FitRecord
  /// The tests of columns that the run of the fit asked for; files do not keep them.
  public var columnTests: [ColumnTest] = []

  /// A model of its parts.
  public init(classifier: SavedClassifier, record: FitRecord) {
    self.classifier = classifier
    self.record = record
  }
}

extension FittedModel {
  /// What was fitted.
  public var specification: FitRecord.Specification { record.specification }
  /// Every parameter with its estimate and uncertainty.
  public var parameters: ParameterTable { record.parameters }
  /// How the solver came to its end.
  public var convergence: FitRecord.Convergence { record.convergence }
  /// What a user should know.
  public var warnings: [FitWarning] { record.warnings }

  /// The model as a file keeps it: without a covariance that is too large.
  public var forKeeping: FittedModel {
    FittedModel(classifier: classifier, record: record.forKeeping)
  }
}

extension FittedModel {
  /// The class probabilities of one row of numbers, in the order of the model's features.
  ///
  /// For models whose features are all numbers and that were fitted without offsets. Throws
  /// `DatasetError` for another number of features and for values that are not finite.
  public func probabilities(of row: [Double]) throws(DatasetError) -> [Double] {
    let features = try Features([row], names: classifier.inputs.columns.map(\.name))
    let result = try classifier.probabilities(for: features)
    return result.values.row(0)
  }
}
