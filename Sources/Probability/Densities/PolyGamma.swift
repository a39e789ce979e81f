import RealModule

/// The first two derivatives of log Γ at positive numbers, and the remainders of log Γ and of these
/// derivatives after the leading terms of Stirling's formula.
///
/// Likelihoods with a precision parameter need differences of log Γ at large arguments. Formed from
/// log Γ itself they lose all digits; formed from these remainders, with the leading terms
/// cancelled analytically, they lose none. Arguments below 10 are moved up by the recurrences,
/// after which the asymptotic series have an error below 1e-17.
public enum PolyGamma {
  /// ψ(x) = d/dx log Γ(x), x > 0; -infinity at 0.
  public static func digamma(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    return Double.log(x) - scaledDeficit(x) / x
  }

  /// ψ′(x), x > 0; infinity at 0.
  public static func trigamma(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? .infinity : .nan }
    return (1 + scaledExcess(x) / x) / x
  }

  /// `log Γ(x) - (x - 1/2) log x + x - log(2π) / 2`: infinite at 0, then falls to 0 like 1 / 12x.
  public static func stirlingRemainder(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? .infinity : .nan }
    guard x < shift else { return series(stirling, 1 / (x * x)) / x }
    return Double.logGamma(x) - (x - 0.5) * Double.log(x) + x - halfLogTwoPi
  }

  /// `x (log x - ψ(x))`: falls from 1 at 0 to 1/2 at infinity.
  public static func scaledDeficit(_ x: Double) -> Double {
    guard x >= shift else { return shiftedDeficit(x) }
    let inverse = 1 / x
    return 0.5 + inverse * series(digammaTerms, inverse * inverse)
  }

  /// `x² ψ′(x) - x`: falls from 1 at 0 to 1/2 at infinity.
  public static func scaledExcess(_ x: Double) -> Double {
    guard x >= shift else { return shiftedExcess(x) }
    let inverse = 1 / x
    return 0.5 + inverse * series(trigammaTerms, inverse * inverse)
  }

  /// log(2π) / 2.
  static let halfLogTwoPi = 0.918_938_533_204_672_741_78

  private static let shift = 10.0
  /// B_2k / (2k (2k - 1)).
  private static let stirling: [Double] = [
    1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360_360, 1.0 / 156,
    -3617.0 / 122_400,
  ]
  /// B_2k / 2k.
  private static let digammaTerms: [Double] = [
    1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12,
    -3617.0 / 8160,
  ]
  /// B_2k.
  private static let trigammaTerms: [Double] = [
    1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
  ]

  private static func series(_ terms: [Double], _ x: Double) -> Double {
    var sum = 0.0
    for index in stride(from: terms.count - 1, through: 0, by: -1) { sum = sum * x + terms[index] }
    return sum
  }

  /// log x - ψ(x) = Σ 1 / (x + j) - log(y / x) + (log y - ψ(y)), y = x + n.
  private static func shiftedDeficit(_ x: Double) -> Double {
    guard x > 1e-300 else { return 1 }
    var (y, sum) = (x, 0.0)
    while y < shift {
      sum += 1 / y
      y += 1
    }
    return x * ((sum - Double.log(y / x)) + scaledDeficit(y) / y)
  }

  /// ψ′(x) - 1/x = Σ 1 / ((x + j)² (x + j + 1)) + (ψ′(y) - 1/y): no term is negative.
  private static func shiftedExcess(_ x: Double) -> Double {
    guard x > 1e-150 else { return 1 }
    var (y, sum) = (x + 1, 1 / (x + 1))
    while y < shift {
      let ratio = x / y
      sum += ratio * ratio / (y + 1)
      y += 1
    }
    let ratio = x / y
    return sum + ratio * ratio * scaledExcess(y)
  }
}
