import RealModule

/// The standard normal distribution, as far as tests and intervals need it.
package enum StandardNormal {
  /// The 97.5 % quantile: half the width of a 95 % interval in standard errors.
  package static let quantile975 = 1.959963984540054

  /// The probability that |Z| exceeds |z|, by way of erfc: every digit is right however far out.
  package static func twoSidedTail(_ z: Double) -> Double {
    Double.erfc(z.magnitude / 2.0.squareRoot())
  }

  /// How many standard errors to either side hold `level` of the mass: 1.96 for 0.95.
  ///
  /// Bisection on the tail, which is monotone: 64 steps from [0, 40] reach the last bit.
  package static func twoSided(level: Double) -> Double {
    if level == 0.95 { return quantile975 }
    var (low, high) = (0.0, 40.0)
    for _ in 0..<64 {
      let middle = (low + high) / 2
      if twoSidedTail(middle) > 1 - level { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
