import RealModule

/// The reference distribution of an estimate divided by its standard error: standard normal, or
/// Student's t if the error comes from few independent clusters.
///
/// With G clusters t has G - 1 degrees of freedom, and the joint statistic of q estimates, divided
/// by q, is compared with F with q and G - 1 degrees of freedom. References: Bell and McCaffrey,
/// Survey Methodology 28 (2002); Cameron and Miller, doi:10.3368/jhr.50.2.317.
package struct WaldDistribution: Sendable, Equatable {
  /// The degrees of freedom of t; nil for the normal distribution.
  package let freedom: Double?

  package init(freedom: Double? = nil) { self.freedom = freedom }

  /// The two-sided p-value of `z`.
  package func twoSidedTail(_ z: Double) -> Double {
    guard let freedom else { return StandardNormal.twoSidedTail(z) }
    return Self.tail(z * z, 1, freedom)
  }

  /// The number of standard errors to either side that contains probability `level`.
  package func twoSided(level: Double) -> Double {
    guard freedom != nil else { return StandardNormal.twoSided(level: level) }
    precondition(level > 0 && level < 1, "a level lies between 0 and 1")
    var (low, high) = (0.0, 1.0)
    while twoSidedTail(high) > 1 - level, high < 1e300 { (low, high) = (high, 2 * high) }
    for _ in 0..<64 {
      let middle = (low + high) / 2
      if twoSidedTail(middle) > 1 - level { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The p-value of a joint statistic `b' V⁻¹ b` for the hypothesis that `count` estimates are
  /// zero.
  package func jointTail(_ statistic: Double, count: Int) -> Double {
    guard let freedom else { return ChiSquared.upperTail(statistic, freedom: count) }
    guard statistic > 0 else { return statistic.isNaN ? .nan : 1 }
    return Self.tail(statistic, Double(count), freedom)
  }

  /// The logarithm of `jointTail`, finite also if that underflows; `count` is 1 for the square of
  /// z.
  package func logJointTail(_ statistic: Double, count: Int) -> Double {
    let tail = jointTail(statistic, count: count)
    guard tail < 1e-290, statistic.isFinite else { return Double.log(tail) }
    guard let freedom else { return ChiSquared.logUpperTail(statistic, freedom: count) }
    let (a, b) = (freedom / 2, Double(count) / 2)
    let x = freedom / (freedom + statistic)
    return Self.logScale(x, statistic / (freedom + statistic), a, b)
      + Double.log(Self.fraction(x, a, b) / a)
  }

  /// P(q F > x) for F with q and m degrees of freedom: `I(m / (m + x); m/2, q/2)`.
  private static func tail(_ x: Double, _ count: Double, _ freedom: Double) -> Double {
    guard freedom > 0, !x.isNaN else { return .nan }
    guard x.isFinite else { return 0 }
    return incompleteBeta(
      freedom / (freedom + x), complement: x / (freedom + x), freedom / 2, count / 2)
  }

  /// The regularised incomplete beta function I(x; a, b), by the continued fraction of NIST DLMF
  /// 8.17.22, on the side on which it converges fast; `complement` is 1 - x.
  static func incompleteBeta(_ x: Double, complement: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if complement <= 0 { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(complement, complement: x, b, a) }
    return Double.exp(logScale(x, complement, a, b)) * fraction(x, a, b) / a
  }

  /// log xᵃ (1 - x)ᵇ / B(a, b).
  private static func logScale(
    _ x: Double, _ complement: Double, _ a: Double, _ b: Double
  ) -> Double {
    a * Double.log(x) + b * Double.log(complement) + Double.logGamma(a + b) - Double.logGamma(a)
      - Double.logGamma(b)
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    var ratio = 1.0
    var inverse = 1 / kept(1 - (a + b) * x / (a + 1))
    var result = inverse
    for count in 1...100_000 {
      let m = Double(count)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      var change = 1.0
      for term in [even, odd] {
        inverse = 1 / kept(1 + term * inverse)
        ratio = kept(1 + term / ratio)
        change = ratio * inverse
        result *= change
      }
      if (change - 1).magnitude < 1e-16 { break }
    }
    return result
  }
}
