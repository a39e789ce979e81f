/// Jeffreys' density: the root of the determinant of the information of the coefficients.
///
/// - Penalty: -½ log det I(θ). It depends on the features and weights of the data, intercepts
///   included, so it is no function of the weights alone; `Estimation` adds it.
/// - Effect: removes the bias of first order from the maximum likelihood estimate, and keeps estimates
///   finite where classes are separated. No strength has to be chosen, and what is estimated does not
///   depend on the scale of features or the reference class.
/// - Labels: known classes and votes, whose likelihood has this information.
/// - Constant: none; the density is improper, and 0 stands for it.
/// - Reference: Firth, doi:10.1093/biomet/80.1.27; Heinze and Schemper, doi:10.1002/sim.1047; Kosmidis
///   and Firth, doi:10.1093/biomet/asaa052, for finiteness.
public struct JeffreysPrior: Prior {
  /// The prior; it has no options.
  public init() {}

  public var name: String { "jeffreys" }

  public var isProper: Bool { false }

  public var usesInformation: Bool { true }

  public var guaranteesMaximum: Bool { true }

  public func penalty(
    of weights: [Double], totalWeight: Double, gradient: inout [Double]
  ) -> Double { 0 }

  public func curvature(at weights: [Double], totalWeight: Double) -> [Double] {
    [Double](repeating: 0, count: weights.count)
  }

  public func logNormalizer(count: Int, totalWeight: Double) -> Double { 0 }
}

extension Prior where Self == JeffreysPrior {
  /// The root of the determinant of the information.
  public static var jeffreys: JeffreysPrior { JeffreysPrior() }
}
