import SurprisalEstimation
import SurprisalLinearAlgebra

/// A fitted map from the class probabilities of a classifier to better ones.
///
/// Scalings work on the logarithms u of the predicted probabilities, which are the logits up to a
/// constant a row. Temperature scaling does not depend on that constant; for vector and matrix
/// scaling u is centred, so that each row sums to zero. A predicted probability that underflows to
/// zero counts as the smallest positive double.
public enum Calibrator: Sendable, Equatable {
  /// softmax(slope u), slope = 1 / T > 0.
  case temperature(slope: Double)
  /// softmax(a_k u_k + b_k), u centred.
  case vector(slopes: [Double], intercepts: [Double])
  /// softmax(W u + b), u centred.
  case matrix(AffineScores)
  /// softmax(W u + b), u log-probabilities.
  case dirichlet(AffineScores)
  /// g_k(q_k), divided by their sum; where all of them are zero the row stays what it was.
  case isotonic([IsotonicFunction])

  /// W and b of an affine map of C scores.
  public struct AffineScores: Sendable, Equatable, Codable {
    /// W, C lists of C numbers.
    public let weights: [[Double]]
    /// b, C numbers.
    public let intercepts: [Double]

    /// A map; the shapes agree.
    public init(weights: [[Double]], intercepts: [Double]) {
      precondition(weights.count == intercepts.count)
      precondition(weights.allSatisfy { $0.count == intercepts.count })
      self.weights = weights
      self.intercepts = intercepts
    }
  }

  /// Which kind of map this is.
  public var method: CalibrationMethod {
    switch self {
    case .temperature: .temperature
    case .vector: .vector
    case .matrix: .matrix
    case .dirichlet: .dirichlet
    case .isotonic: .isotonic
    }
  }

  /// How many numbers it has.
  public var parameterCount: Int {
    switch self {
    case .temperature: 1
    case .vector(let slopes, let intercepts): slopes.count + intercepts.count
    case .matrix(let map), .dirichlet(let map):
      map.intercepts.count * (map.intercepts.count + 1)
    case .isotonic(let functions): functions.reduce(0) { $0 + 2 * $1.thresholds.count }
    }
  }

  /// Whether it is a map of the probabilities of `classCount` classes.
  public func fits(classCount: Int) -> Bool {
    switch self {
    case .temperature(let slope): slope > 0 && slope.isFinite
    case .vector(let slopes, let intercepts):
      slopes.count == classCount && intercepts.count == classCount
    case .matrix(let map), .dirichlet(let map): map.intercepts.count == classCount
    case .isotonic(let functions): functions.count == classCount
    }
  }
}

/// In files a map is an object with one key, the name of its method.
extension Calibrator: Codable {
  private enum MatrixCodingKeys: String, CodingKey { case _0 = "scores" }
  private enum DirichletCodingKeys: String, CodingKey { case _0 = "scores" }
  private enum IsotonicCodingKeys: String, CodingKey { case _0 = "functions" }
}
