import RealModule
import SurprisalDatasets
import SurprisalProbability

/// Randomised quantile residuals of counts: normal with mean 0 and variance 1 if the model is true.
///
/// For a class with y of n votes and prediction q, F is the distribution function of the binomial:
/// the residual is the normal quantile of a random number between F(y - 1) and F(y). Dunn and
/// Smyth, doi:10.1080/10618600.1996.10474708.
struct QuantileResidual {
  private var generator: SplitMix64

  /// The random numbers of a row; they depend on the seed and the row only.
  init(seed: UInt64, row: Int) {
    var first = SplitMix64(seed: seed)
    generator = SplitMix64(seed: first.next() ^ (UInt64(row) &* 0xD134_2543_DE82_EF95))
  }

  /// The residual of the next class; nil unless there are whole numbers of votes.
  mutating func next(votes: Double, of total: Double, probability: Double) -> Double? {
    let uniform = Double(generator.next() >> 11) * 0x1p-53
    return Self.value(votes: votes, of: total, probability: probability, uniform: uniform)
  }

  /// The residual at the fraction `uniform` between F(y - 1) and F(y).
  static func value(
    votes: Double, of total: Double, probability: Double, uniform: Double
  ) -> Double? {
    guard total >= 1, votes >= 0, votes <= total, total.rounded() == total,
      votes.rounded() == votes, total <= 1e7, probability >= 0, probability <= 1
    else { return nil }
    // The smaller tail is summed, so that it keeps its digits.
    let isLow = votes <= total * probability
    let (y, q) = isLow ? (votes, probability) : (total - votes, 1 - probability)
    let mass = Double.exp(
      Double.logGamma(total + 1) - Double.logGamma(y + 1) - Double.logGamma(total - y + 1)
        + (y == 0 ? 0 : y * Double.log(q))
        + (y == total ? 0 : (total - y) * Double.log(onePlus: -q)))
    var (below, term, count) = (0.0, mass, y)
    while count > 0, term > 1e-18 * below {
      term *= count / (total - count + 1) * (1 - q) / q
      below += term
      count -= 1
    }
    let tail = below + (isLow ? uniform : 1 - uniform) * mass
    let size = StandardNormal.magnitude(ofTwoSidedTail: 2 * min(tail, max(0, 1 - tail)))
    return (tail <= 0.5) == isLow ? -size : size
  }
}
