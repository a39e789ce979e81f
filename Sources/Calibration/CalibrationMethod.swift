import SurprisalEstimation

/// How predicted probabilities are calibrated.
public enum CalibrationMethod: String, Sendable, CaseIterable {
  /// One parameter, the temperature that divides the logits.
  case temperature
  /// A slope and an intercept per class.
  case vector
  /// An affine map of the logits: C x C weights and C intercepts.
  case matrix
  /// An affine map of the log-probabilities.
  case dirichlet
  /// A non-decreasing function of each class probability, then normalisation.
  case isotonic

  /// The name for use in a sentence.
  public var words: String {
    switch self {
    case .temperature: "temperature scaling"
    case .vector: "vector scaling"
    case .matrix: "matrix scaling"
    case .dirichlet: "Dirichlet scaling"
    case .isotonic: "class-wise isotonic regression"
    }
  }

  /// The largest number of coefficients per class: a fit without prior needs more rows than this.
  public func coefficientsPerClass(classCount: Int) -> Int {
    switch self {
    case .temperature, .isotonic: 1
    case .vector: 2
    case .matrix: classCount
    case .dirichlet: classCount + 1
    }
  }
}
