import RealModule
import SurprisalLinearAlgebra

/// Independent normal weights of mean zero and precision τ.
///
/// - Penalty: τ/2 Σ u². Divided by the total weight W it is λ/2 Σ u² with λ = τ / W, the ridge
///   penalty of the mean cross entropy.
/// - Constant: P/2 log(τ / 2π) for P weights.
public struct GaussianPrior: Prior {
  /// How the strength is given.
  public enum Strength: Sendable, Hashable {
    /// τ, the inverse variance of a weight.
    case precision(Double)
    /// λ = τ / W, relative to the total weight of the data.
    case ridge(Double)
  }

  /// The strength as it was given.
  public let strength: Strength

  /// A prior of positive, finite strength.
  public init(_ strength: Strength) {
    switch strength {
    case .precision(let value), .ridge(let value):
      precondition(value > 0 && value.isFinite, "a Gaussian prior needs a positive finite strength")
    }
    self.strength = strength
  }

  public var name: String { "gaussian" }

  public var isProper: Bool { true }

  /// τ for data of total weight W.
  public func precision(totalWeight: Double) -> Double {
    switch strength {
    case .precision(let value): value
    case .ridge(let value): value * totalWeight
    }
  }

  public func penalty(
    of weights: [Double], totalWeight: Double, gradient: inout [Double]
  ) -> Double {
    let precision = precision(totalWeight: totalWeight)
    gradient.add(precision, times: weights)
    return precision / 2 * weights.dot(weights)
  }

  public func curvature(at weights: [Double], totalWeight: Double) -> [Double] {
    [Double](repeating: precision(totalWeight: totalWeight), count: weights.count)
  }

  public func logNormalizer(count: Int, totalWeight: Double) -> Double {
    Double(count) / 2 * Double.log(precision(totalWeight: totalWeight) / (2 * .pi))
  }
}

extension Prior where Self == GaussianPrior {
  /// Independent normal weights of precision τ.
  public static func gaussian(precision: Double) -> GaussianPrior {
    GaussianPrior(.precision(precision))
  }

  /// The penalty λ/2 Σ u² on the mean cross entropy.
  public static func ridge(_ lambda: Double) -> GaussianPrior { GaussianPrior(.ridge(lambda)) }
}
