import RealModule

/// The chi-square distribution.
package enum ChiSquared {
  /// The probability of a value above `x` with `freedom` degrees of freedom: Q(k/2, x/2), the
  /// regularised incomplete gamma function.
  ///
  /// Computed by a series for the complement if x is small, otherwise by a continued fraction
  /// (Lentz's method), which keeps full relative precision for small probabilities (NIST DLMF
  /// 8.11.4 and 8.9.2).
  package static func upperTail(_ x: Double, freedom: Int) -> Double {
    precondition(freedom > 0)
    guard x > 0 else { return x.isNaN ? .nan : 1 }
    guard x.isFinite else { return 0 }
    let (shape, point) = (Double(freedom) / 2, x / 2)
    let scale = Double.exp(shape * Double.log(point) - point - Double.logGamma(shape))
    return point < shape + 1
      ? max(0, 1 - scale * series(shape, point)) : scale * fraction(shape, point)
  }

  /// The logarithm of the upper tail, for x so large that the tail itself underflows.
  package static func logUpperTail(_ x: Double, freedom: Int) -> Double {
    let (shape, point) = (Double(freedom) / 2, x / 2)
    return shape * Double.log(point) - point - Double.logGamma(shape)
      + Double.log(fraction(shape, point))
  }

  /// The upper tail of an equal mixture of chi-squares with `freedom - 1` and `freedom` degrees of
  /// freedom: the null distribution of a likelihood ratio whose tested parameter lies on the
  /// boundary of its range. Reference: Self and Liang, doi:10.1080/01621459.1987.10478472.
  package static func boundaryTail(_ x: Double, freedom: Int) -> Double {
    let whole = upperTail(x, freedom: freedom)
    guard freedom > 1 else { return x > 0 ? whole / 2 : 1 }
    return (upperTail(x, freedom: freedom - 1) + whole) / 2
  }

  /// Σ xⁿ / (a (a + 1) ... (a + n)).
  private static func series(_ shape: Double, _ point: Double) -> Double {
    var term = 1 / shape
    var sum = term
    for count in 1...100_000 {
      term *= point / (shape + Double(count))
      sum += term
      if term < sum * 1e-17 { break }
    }
    return sum
  }

  private static func fraction(_ shape: Double, _ point: Double) -> Double {
    let tiny = 1e-300
    var odd = point + 1 - shape
    var ratio = 1 / tiny
    var inverse = 1 / odd
    var result = inverse
    for count in 1...100_000 {
      let step = Double(count)
      let numerator = -step * (step - shape)
      odd += 2
      inverse = numerator * inverse + odd
      if inverse.magnitude < tiny { inverse = tiny }
      ratio = odd + numerator / ratio
      if ratio.magnitude < tiny { ratio = tiny }
      inverse = 1 / inverse
      let change = inverse * ratio
      result *= change
      if (change - 1).magnitude < 1e-16 { break }
    }
    return result
  }
}
