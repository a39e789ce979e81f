import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra

/// A fitted map from the class probabilities of a classifier to calibrated ones.
///
/// Scalings work on the logarithms u of the predicted probabilities, which equal the logits up to a
/// constant per row. Temperature scaling does not depend on that constant; for vector and matrix
/// scaling u is centred, so that each row sums to zero. A predicted probability that underflows to
/// zero is treated as the smallest positive double.
public enum Calibrator: Sendable, Equatable {
  /// softmax(slope u), slope = 1 / T > 0.
  case temperature(slope: Double)
  /// softmax(a_k u_k + b_k), u centred.
  case vector(slopes: [Double], intercepts: [Double])
  /// softmax(W u + b), u centred.
  case matrix(AffineScores)
  /// softmax(W u + b), u log-probabilities.
  case dirichlet(AffineScores)
  /// g_k(q_k), divided by their sum; a row for which all of them are zero stays unchanged.
  case isotonic([IsotonicFunction])

  /// The weights W and intercepts b of an affine map of C scores.
  public struct AffineScores: Sendable, Equatable, Codable {
    /// W, C lists of C numbers.
    public let weights: [[Double]]
    /// b, C numbers.
    public let intercepts: [Double]

    /// Creates a map of C scores.
    package init(weights: [[Double]], intercepts: [Double]) {
      precondition(weights.count == intercepts.count, "one intercept per class")
      precondition(weights.allSatisfy { $0.count == intercepts.count }, "one weight a score")
      self.weights = weights
      self.intercepts = intercepts
    }
  }

  /// The calibration method.
  public var method: CalibrationMethod {
    switch self {
    case .temperature: .temperature
    case .vector: .vector
    case .matrix: .matrix
    case .dirichlet: .dirichlet
    case .isotonic: .isotonic
    }
  }

  /// The number of parameters.
  public var parameterCount: Int {
    switch self {
    case .temperature: 1
    case .vector(let slopes, let intercepts): slopes.count + intercepts.count
    case .matrix(let map), .dirichlet(let map):
      map.intercepts.count * (map.intercepts.count + 1)
    case .isotonic(let functions): functions.reduce(0) { $0 + 2 * $1.thresholds.count }
    }
  }

  /// Whether the map applies to `classCount` classes.
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

extension Calibrator {
  /// The number of classes of the map; nil if it applies to any number.
  private var classCount: Int? {
    switch self {
    case .temperature: nil
    case .vector(let slopes, let intercepts): max(slopes.count, intercepts.count)
    case .matrix(let map), .dirichlet(let map): map.intercepts.count
    case .isotonic(let functions): functions.count
    }
  }

  /// Throws `DatasetError` unless the map applies to `classCount` classes.
  func require(classCount expected: Int) throws(DatasetError) {
    if fits(classCount: expected) { return }
    if case .temperature(let slope) = self {
      throw .argument("slope", value: slope, domain: "a positive finite number")
    }
    throw .rowMismatch(
      what: "classes of the calibrator", expected: expected, found: self.classCount ?? expected)
  }
}

/// In files a map is an object with one key, the name of its method.
extension Calibrator: Codable {
  private enum MatrixCodingKeys: String, CodingKey { case _0 = "scores" }
  private enum DirichletCodingKeys: String, CodingKey { case _0 = "scores" }
  private enum IsotonicCodingKeys: String, CodingKey { case _0 = "functions" }
}
