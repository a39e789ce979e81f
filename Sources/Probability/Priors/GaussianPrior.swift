import RealModule
import SurprisalLinearAlgebra

/// Independent normal weights with mean zero and precision τ.
///
/// - Penalty: τ/2 Σ u². Divided by the total weight W it is λ/2 Σ u² with λ = τ / W, the ridge
///   penalty on the mean cross entropy.
/// - Proximal step: u / (1 + t τ).
/// - Critical strength: none; no finite strength shrinks a weight to exactly zero.
/// - Constant: P/2 log(τ / 2π) for P weights.
public struct GaussianPrior: Prior {
  private let given: PriorStrength

  /// A prior. Precondition: its strength is positive and finite.
  public init(_ strength: PriorStrength) {
    precondition(
      strength.value > 0 && strength.value.isFinite,
      "a Gaussian prior needs a positive finite strength")
    given = strength
  }

  public var name: String { "gaussian" }

  public var strength: PriorStrength? { given }

  public var isProper: Bool { true }

  /// τ for data with total weight W.
  public func precision(totalWeight: Double) -> Double { given.precision(totalWeight: totalWeight) }

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

  public func strongConvexity(totalWeight: Double) -> Double { precision(totalWeight: totalWeight) }

  public func proximalPoint(
    of weights: [Double], step: Double, totalWeight: Double
  ) -> [Double] {
    let divisor = 1 + step * precision(totalWeight: totalWeight)
    return weights.map { $0 / divisor }
  }

  public func logNormalizer(count: Int, totalWeight: Double) -> Double {
    Double(count) / 2 * Double.log(precision(totalWeight: totalWeight) / (2 * .pi))
  }
}

extension Prior where Self == GaussianPrior {
  /// Independent normal weights with precision τ.
  public static func gaussian(precision: Double) -> GaussianPrior {
    GaussianPrior(.precision(precision))
  }

  /// The ridge penalty λ/2 Σ u² on the mean cross entropy.
  public static func ridge(_ lambda: Double) -> GaussianPrior { GaussianPrior(.lambda(lambda)) }
}
