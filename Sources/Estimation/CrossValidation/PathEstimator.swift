import SurprisalDatasets

/// Trains classifiers on the same rows, one for each strength of a penalty: what cross-validation
/// needs of a method.
public protocol PathEstimator: Sendable {
  /// What training gives.
  associatedtype Trained: HeldOutClassifier

  /// Checks that the labels can be read, before any fold is made: rows in an error are those of the
  /// data set.
  func check(_ data: Dataset) throws(DatasetError)

  /// The classifiers for `strengths`, which descend, in their order. The data are given away, so
  /// that they can be standardised in place. `groups` has an identifier for each row, if there are
  /// groups: rows that share it are never on both sides of a split.
  ///
  /// `continuing` is asked after each step of a solver; after `false` the result does not matter.
  /// Called from several threads at once: the work of one call is done by the thread that calls.
  func path(
    _ strengths: [Double], on data: consuming Dataset, groups: [Int]?,
    continuing: @escaping @Sendable () -> Bool,
    finishing: @Sendable () -> Void
  ) throws(DatasetError) -> [PathPoint<Trained>]
}

/// What was trained at one strength.
public struct PathPoint<Trained: HeldOutClassifier>: Sendable {
  /// The classifier.
  public let classifier: Trained
  /// Whether its parameters are the optimum within the tolerance.
  public let isConverged: Bool

  /// A point of a path.
  public init(classifier: Trained, isConverged: Bool) {
    self.classifier = classifier
    self.isConverged = isConverged
  }
}

/// A classifier that can say how well it does what it was trained for.
public protocol HeldOutClassifier: Classifier {
  /// What the classifier was trained to make small, on other data: the mean negative log-likelihood
  /// without constants, and the weight it is a mean over.
  func loss(of data: Dataset) throws(DatasetError) -> (mean: Double, weight: Double)
}
