import RealModule

/// The standard normal distribution: the functions needed for tests and intervals.
package enum StandardNormal {
  /// The 97.5 % quantile: half the width of a 95 % interval in standard errors.
  package static let quantile975 = 1.959963984540054

  /// The density at `x`.
  package static func density(_ x: Double) -> Double {
    Double.exp(-x * x / 2) / (2 * Double.pi).squareRoot()
  }

  /// The probability of a value below `x`.
  package static func cumulative(_ x: Double) -> Double { Double.erfc(-x / 2.0.squareRoot()) / 2 }

  /// The probability that |Z| exceeds |z|, computed by erfc with full relative precision in the
  /// tail.
  package static func twoSidedTail(_ z: Double) -> Double {
    Double.erfc(z.magnitude / 2.0.squareRoot())
  }

  /// The number of standard deviations to either side that contains probability `level`: 1.96 for
  /// 0.95.
  package static func twoSided(level: Double) -> Double {
    precondition(level > 0 && level < 1, "a level lies between 0 and 1")
    return level == 0.95 ? quantile975 : magnitude(ofTwoSidedTail: 1 - level)
  }

  /// The |z| that |Z| exceeds with probability `tail`; 40 at most.
  ///
  /// Bisection on the tail, which is monotone: 64 steps from [0, 40] reach the last bit.
  package static func magnitude(ofTwoSidedTail tail: Double) -> Double {
    var (low, high) = (0.0, 40.0)
    for _ in 0..<64 {
      let middle = (low + high) / 2
      if twoSidedTail(middle) > tail { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// `E |X|` for X normal with mean `mean` and standard deviation `deviation`.
  package static func meanMagnitude(mean: Double, deviation: Double) -> Double {
    guard deviation > 0 else { return mean.magnitude }
    let ratio = mean / deviation
    return 2 * deviation * density(ratio) + mean * (2 * cumulative(ratio) - 1)
  }
}
