/// A density on the weights of a model; intercepts are unpenalised.
///
/// The density refers to weights on the user's scale, or of standardised features if the fit
/// penalises those. Weights are independent under the prior, so all derivatives and the proximal
/// step act on one coordinate at a time. A strength may be relative to the total weight W of the
/// data, so every requirement receives W. To add a prior, conform one type to this protocol.
public protocol Prior: Sendable {
  /// The name used in files and reports.
  var name: String { get }

  /// The strength as given; nil for a prior without one.
  var strength: PriorStrength? { get }

  /// Whether the density integrates to one. An improper prior has no normalising constant.
  var isProper: Bool { get }

  /// Whether the posterior has a mode for all labels, so that separation need not be checked.
  var guaranteesMaximum: Bool { get }

  /// Minus the log density without its constant, in nats; its gradient is added to `gradient`.
  ///
  /// At a kink, the smallest subgradient is used.
  func penalty(of weights: [Double], totalWeight: Double, gradient: inout [Double]) -> Double

  /// The diagonal of the Hessian of the penalty at `weights`; 0 at a kink.
  func curvature(at weights: [Double], totalWeight: Double) -> [Double]

  /// The largest m >= 0 such that the penalty minus m/2 Σ u² is convex.
  func strongConvexity(totalWeight: Double) -> Double

  /// The proximal step: for each coordinate v of `weights`, the u that minimises `step * penalty(u)
  /// + (u - v)² / 2`.
  func proximalPoint(of weights: [Double], step: Double, totalWeight: Double) -> [Double]

  /// The smallest strength for which zero weights are optimal, in the same form as this prior's own
  /// strength; nil if there is none.
  ///
  /// `gradient` is the gradient of minus the log-likelihood with respect to the weights, in nats,
  /// at zero weights and the intercepts that are optimal there.
  func criticalStrength(gradient: [Double], totalWeight: Double) -> PriorStrength?

  /// The log normalising constant c: the log density of `count` weights is c minus the penalty.
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

/// The strength of a prior in the form in which it was given. It is converted only when it is used,
/// so that a record contains the number that the user typed.
public enum PriorStrength: Sendable, Hashable {
  /// τ, the factor of the penalty in nats; for a Gaussian prior the inverse variance of a weight.
  case precision(Double)
  /// λ = τ / W, the factor of the penalty on the mean loss.
  case lambda(Double)

  /// The number as given.
  public var value: Double {
    switch self {
    case .precision(let value), .lambda(let value): value
    }
  }

  /// τ for data with total weight W.
  public func precision(totalWeight: Double) -> Double {
    switch self {
    case .precision(let value): value
    case .lambda(let value): value * totalWeight
    }
  }

  /// λ for data with total weight W.
  public func lambda(totalWeight: Double) -> Double {
    switch self {
    case .precision(let value): value / totalWeight
    case .lambda(let value): value
    }
  }

  /// The precision τ in the form of this strength, for data with total weight W.
  public func expressing(precision: Double, totalWeight: Double) -> PriorStrength {
    switch self {
    case .precision: .precision(precision)
    case .lambda: .lambda(precision / totalWeight)
    }
  }
}
