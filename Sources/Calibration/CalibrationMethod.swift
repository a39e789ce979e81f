import SurprisalEstimation

/// How predicted probabilities are repaired.
public enum CalibrationMethod: String, Sendable, CaseIterable {
  /// One parameter, the temperature by which logits are divided.
  case temperature
  /// A slope and an intercept a class.
  case vector
  /// An affine map of the logits: C x C weights and C intercepts.
  case matrix
  /// An affine map of the log-probabilities.
  case dirichlet
  /// A non-decreasing step of each class probability by itself, then normalised.
  case isotonic

  /// The name in a sentence.
  public var words: String {
    switch self {
    case .temperature: "temperature scaling"
    case .vector: "vector scaling"
    case .matrix: "matrix scaling"
    case .dirichlet: "Dirichlet scaling"
    case .isotonic: "class-wise isotonic regression"
    }
  }

  /// How many coefficients a class has, at most: rows of a fit without prior have to be more.
  public func coefficientsPerClass(classCount: Int) -> Int {
    switch self {
    case .temperature, .isotonic: 1
    case .vector: 2
    case .matrix: classCount
    case .dirichlet: classCount + 1
    }
  }
}
