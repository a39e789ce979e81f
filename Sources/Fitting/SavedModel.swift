import SurprisalEstimation

/// What a model file holds: a classifier, and the record of the fit that made it.
public struct SavedModel: Sendable {
  /// From features to class probabilities.
  public var classifier: SavedClassifier
  /// What a summary prints.
  public var record: FitRecord

  /// A model to be saved.
  public init(classifier: SavedClassifier, record: FitRecord) {
    self.classifier = classifier
    self.record = record
  }
}
