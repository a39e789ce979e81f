/// A density on the weights of a model; intercepts are free.
///
/// Weights are those of the user's scale, or of standardised features where the fit was asked to
/// penalise these. A strength may be relative to the total weight W of the data, which is why every
/// requirement is told W.
public protocol Prior: Sendable {
  /// The name used in files and reports.
  var name: String { get }

  /// Whether the density integrates to one. An improper prior has no normalising constant.
  var isProper: Bool { get }

  /// Whether the density is that of Jeffreys, the root of the determinant of the information, which
  /// depends on the data: no function of weights says it, so `Estimation` adds it.
  var usesInformation: Bool { get }

  /// Whether the posterior has a mode whatever the labels, so that separation need not be looked
  /// for.
  var guaranteesMaximum: Bool { get }

  /// Minus the log density without its constant, in nats; its gradient is added to `gradient`.
  func penalty(of weights: [Double], totalWeight: Double, gradient: inout [Double]) -> Double

  /// The second derivatives of the penalty at `weights`. Priors here are independent across
  /// weights, so the Hessian is diagonal.
  func curvature(at weights: [Double], totalWeight: Double) -> [Double]

  /// What the log density of `count` weights has in addition to minus the penalty.
  func logNormalizer(count: Int, totalWeight: Double) -> Double
}

extension Prior {
  public var usesInformation: Bool { false }

  public var guaranteesMaximum: Bool { isProper }
}
