import RealModule

/// Logarithms of numbers near 1, computed without cancellation.
enum Logarithms {
  /// `log(1 + x) - x`, x > -1; about -x² / 2 near 0.
  static func onePlusMinus(_ x: Double) -> Double {
    guard x.magnitude < 0.3 else { return Double.log(onePlus: x) - x }
    // log(1 + x) = 2 artanh r with r = x / (2 + x), and 2 r - x = -r x.
    let r = x / (2 + x)
    let square = r * r
    var (sum, power, k) = (0.0, square, 3.0)
    while power > 1e-18 {
      sum += power / k
      power *= square
      k += 2
    }
    return r * (2 * sum - x)
  }

  /// `log(q / p)` of two positive numbers whose logarithms are also known.
  @inline(__always)
  static func ratio(_ q: Double, _ p: Double, logs: (q: Double, p: Double)) -> Double {
    (q - p).magnitude < 0.5 * p ? Double.log(onePlus: (q - p) / p) : logs.q - logs.p
  }

  /// `q log(q / p) - q + p`, never negative: the contribution of a class to KL(q, p).
  static func divergenceTerm(_ q: Double, _ p: Double, logs: (q: Double, p: Double)) -> Double {
    guard (q - p).magnitude < 0.3 * p else {
      return q > 0 ? q * (logs.q - logs.p) - q + p : p
    }
    let x = (q - p) / p
    let remainder = onePlusMinus(x)
    return p * (x * x + (1 + x) * remainder)
  }
}
