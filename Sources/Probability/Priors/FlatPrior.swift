/// The improper constant density: the maximum a posteriori estimate is the maximum likelihood one.
public struct FlatPrior: Prior {
  /// Creates the prior; it has no options.
  public init() {}

  public var name: String { "flat" }

  public var strength: PriorStrength? { nil }

  public var isProper: Bool { false }

  public func penalty(
    of weights: [Double], totalWeight: Double, gradient: inout [Double]
  ) -> Double { 0 }

  public func curvature(at weights: [Double], totalWeight: Double) -> [Double] {
    [Double](repeating: 0, count: weights.count)
  }

  public func proximalPoint(
    of weights: [Double], step: Double, totalWeight: Double
  ) -> [Double] { weights }

  public func logNormalizer(count: Int, totalWeight: Double) -> Double { 0 }
}

extension Prior where Self == FlatPrior {
  /// The improper constant density.
  public static var flat: FlatPrior { FlatPrior() }
}
