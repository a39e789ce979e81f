import SurprisalEstimation
import SurprisalModels

/// What a model file holds: a classifier, and the record of the fit that made it.
public struct SavedModel: Sendable {
  /// From features to class probabilities.
  public var classifier: Classifier<AffineLogits>
  /// What a summary prints.
  public var record: FitRecord

  /// A model to be saved.
  public init(classifier: Classifier<AffineLogits>, record: FitRecord) {
    self.classifier = classifier
    self.record = record
  }
}
