import SurprisalDatasets

/// Trains classifiers on the same rows, one for each strength of a penalty, as cross-validation
/// requires.
public protocol PathEstimator: Sendable {
  /// The result of training.
  associatedtype Trained: HeldOutClassifier

  /// Checks that the labels can be used, before any fold is made: row numbers in errors are those
  /// of the data set.
  func check(_ data: Dataset) throws(DatasetError)

  /// The classifiers for `strengths`, which descend, in the same order. The data are consumed, so
  /// that they can be standardised in place. `groups` has an identifier for each row, if there are
  /// groups; rows with the same identifier are never split.
  ///
  /// `continuing` is called after each step of a solver; after it returns false, the result is
  /// ignored. This method is called from several threads at once; each call works in the calling
  /// thread.
  func path(
    _ strengths: [Double], on data: consuming Dataset, groups: [Int]?,
    continuing: @escaping @Sendable () -> Bool,
    finishing: @Sendable () -> Void
  ) throws(DatasetError) -> [PathPoint<Trained>]
}

/// The result of training at one strength.
public struct PathPoint<Trained: HeldOutClassifier>: Sendable {
  /// The classifier.
  public let classifier: Trained
  /// Whether its parameters are optimal within the tolerance.
  public let isConverged: Bool

  /// Creates a point of a path.
  public init(classifier: Trained, isConverged: Bool) {
    self.classifier = classifier
    self.isConverged = isConverged
  }
}

/// A classifier that can evaluate its training loss on other data.
public protocol HeldOutClassifier: Classifier {
  /// The training loss on other data: the mean negative log-likelihood without constants, and the
  /// weight over which it is a mean.
  func loss(of data: Dataset) throws(DatasetError) -> (mean: Double, weight: Double)
}
