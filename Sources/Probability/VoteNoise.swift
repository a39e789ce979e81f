import RealModule

/// The expected divergence of random votes from the probabilities they were drawn with.
///
/// The proportions n/N of N votes drawn with probabilities q differ from q, so their mean
/// divergence is positive although q is true: `E KL(n/N, q) = H(q) - E H(n/N)`. It is H(q) for one
/// vote and close to (C - 1) / (2 N) for many.
public enum VoteNoise {
  /// `E KL(n/N, q)` over n multinomial(N, q), in nats, for whole N >= 1 and q that sums to one.
  ///
  /// Computed as the sum over classes of `E[x log(x/q) - x + q]`, x = n_k/N with n_k binomial(N,
  /// q_k). The terms are not negative, so nothing cancels; at least 12 digits are correct.
  /// Complexity: O(C), times at most some hundred terms.
  public static func expectedDivergence(votes: Double, probabilities: [Double]) -> Double {
    probabilities.reduce(0) { $0 + classTerm(votes, $1) }
  }

  /// The expected count above which the series is accurate to the last digits.
  static let seriesStart = 400.0

  static func classTerm(_ votes: Double, _ q: Double) -> Double {
    guard q > 0, q < 1 else { return 0 }
    return votes * q < seriesStart ? sum(votes, q) : series(votes, q)
  }

  /// The binomial sum, from the mode outwards until terms are negligible.
  static func sum(_ votes: Double, _ q: Double) -> Double {
    let mean = votes * q
    let logQ = Double.log(q)
    func value(_ count: Double) -> Double {
      guard count > 0 else { return q }
      let d = (count - mean) / mean
      if d.magnitude < 1 { return q * ((1 + d) * Double.log(onePlus: d) - d) }
      let x = count / votes
      return x * (Double.log(x) - logQ) - x + q
    }
    let mode = min(votes, ((votes + 1) * q).rounded(.down))
    var (total, mass) = (value(mode), 1.0)
    var (count, probability) = (mode, 1.0)
    while count < votes, probability > 1e-20 {
      probability *= (votes - count) / (count + 1) * (q / (1 - q))
      count += 1
      total += probability * value(count)
      mass += probability
    }
    (count, probability) = (mode, 1)
    while count > 0, probability > 1e-20 {
      probability *= count / (votes - count + 1) * ((1 - q) / q)
      count -= 1
      total += probability * value(count)
      mass += probability
    }
    return total / mass
  }

  /// `q sum_j (-1)^j m_j / (j (j - 1) (N q)^j)` with the central moments m_j of the binomial, from
  /// the recurrence `m_r = sum_{j < r - 1} binom(r-1, j) (N q (1 - q) m_j - q m_{j+1})`.
  static func series(_ votes: Double, _ q: Double) -> Double {
    let mean = votes * q
    let variance = mean * (1 - q)
    var moments = [1.0, 0.0]
    var total = 0.0
    var (power, sign) = (mean, -1.0)
    for order in 2...16 {
      var moment = 0.0
      var binomial = 1.0
      for j in 0..<(order - 1) {
        moment += binomial * (variance * moments[j] - q * moments[j + 1])
        binomial *= Double(order - 1 - j) / Double(j + 1)
      }
      moments.append(moment)
      power *= mean
      sign = -sign
      total += sign * moment / (Double(order * (order - 1)) * power)
    }
    return q * total
  }
}
