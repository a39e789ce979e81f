import RealModule

/// The standard normal distribution, as far as tests and intervals need it.
enum StandardNormal {
  /// The 97.5 % quantile: half the width of a 95 % interval in standard errors.
  static let quantile975 = 1.959963984540054

  /// The probability that |Z| exceeds |z|, by way of erfc: every digit is right however far out.
  static func twoSidedTail(_ z: Double) -> Double { Double.erfc(z.magnitude / 2.0.squareRoot()) }
}
