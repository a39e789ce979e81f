/// A density on the weights of a model; intercepts are free.
///
/// Weights are those of the user's scale, or of standardised features if the fit was asked to
/// penalise these. They are independent under the prior, so that every derivative and the proximal
/// step act on one coordinate at a time. A strength may be relative to the total weight W of the
/// data, which is why every requirement is told W. A new prior is one type that conforms.
public protocol Prior: Sendable {
  /// The name used in files and reports.
  var name: String { get }

  /// The strength as it was given; nil for a prior without one.
  var strength: PriorStrength? { get }

  /// Whether the density integrates to one. An improper prior has no normalising constant.
  var isProper: Bool { get }

  /// Whether the posterior has a mode whatever the labels, so that separation need not be looked
  /// for.
  var guaranteesMaximum: Bool { get }

  /// Minus the log density without its constant, in nats; its gradient is added to `gradient`.
  ///
  /// If there is a kink at a weight, its gradient is that subgradient which is smallest.
  func penalty(of weights: [Double], totalWeight: Double, gradient: inout [Double]) -> Double

  /// The diagonal of the Hessian of the penalty at `weights`; 0 at a kink.
  func curvature(at weights: [Double], totalWeight: Double) -> [Double]

  /// The largest m for which the penalty minus m/2 Σ u² is convex; 0 if there is none that is
  /// positive.
  func strongConvexity(totalWeight: Double) -> Double

  /// The proximal step: for each coordinate v of `weights` the u with the smallest
  /// `step * penalty(u) + (u - v)² / 2`.
  func proximalPoint(of weights: [Double], step: Double, totalWeight: Double) -> [Double]

  /// The smallest strength under which zero weights are optimal, in the form in which this prior
  /// was given its own; nil if no strength does that.
  ///
  /// `gradient` is that of minus the log-likelihood in the weights, in nats, at weights of zero and
  /// intercepts that are optimal there.
  func criticalStrength(gradient: [Double], totalWeight: Double) -> PriorStrength?

  /// What the log density of `count` weights has in addition to minus the penalty.
  func logNormalizer(count: Int, totalWeight: Double) -> Double
}

extension Prior {
  public var guaranteesMaximum: Bool { isProper }

  public func strongConvexity(totalWeight: Double) -> Double { 0 }

  public func criticalStrength(gradient: [Double], totalWeight: Double) -> PriorStrength? { nil }

  /// Minus the log density without its constant, in nats.
  public func penalty(of weights: [Double], totalWeight: Double) -> Double {
    var gradient = [Double](repeating: 0, count: weights.count)
    return penalty(of: weights, totalWeight: totalWeight, gradient: &gradient)
  }
}

/// How strong a prior is, in the form in which it was given. Nothing is derived from it before it
/// is used, so that a record shows the number that a user typed.
public enum PriorStrength: Sendable, Hashable {
  /// τ, the factor of the penalty in nats: of a Gaussian prior the inverse variance of a weight.
  case precision(Double)
  /// λ = τ / W, the factor of the penalty on the mean loss.
  case lambda(Double)

  /// The number that was given.
  public var value: Double {
    switch self {
    case .precision(let value), .lambda(let value): value
    }
  }

  /// τ for data of total weight W.
  public func precision(totalWeight: Double) -> Double {
    switch self {
    case .precision(let value): value
    case .lambda(let value): value * totalWeight
    }
  }

  /// λ for data of total weight W.
  public func lambda(totalWeight: Double) -> Double {
    switch self {
    case .precision(let value): value / totalWeight
    case .lambda(let value): value
    }
  }

  /// τ in the form of this strength, for data of total weight W.
  public func expressing(precision: Double, totalWeight: Double) -> PriorStrength {
    switch self {
    case .precision: .precision(precision)
    case .lambda: .lambda(precision / totalWeight)
    }
  }
}
