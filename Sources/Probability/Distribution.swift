import RealModule

/// Entropy, cross entropy and divergence of one label p and one prediction q, in nats.
///
/// 0 log 0 is 0, also if log q is -infinity; p > 0 with q = 0 gives +infinity. No epsilon is added.
/// `cross entropy = entropy + divergence`.
package enum Distribution {
  /// `H(p) = - sum_k p_k log p_k`.
  package static func entropy(_ p: [Double]) -> Double {
    var sum = CompensatedSum()
    for p in p where p > 0 { sum.add(-p * Double.log(p)) }
    return sum.value
  }

  /// `CE(p, q) = - sum_k p_k log q_k`.
  package static func crossEntropy(_ p: [Double], _ q: [Double]) -> Double {
    crossEntropy(p, logProbabilities: q.map { Double.log($0) })
  }

  /// `- sum_k p_k log q_k` from log q, the output of a log-softmax.
  package static func crossEntropy(_ p: [Double], logProbabilities: [Double]) -> Double {
    precondition(p.count == logProbabilities.count)
    var sum = CompensatedSum()
    for (weight, log) in zip(p, logProbabilities) where weight > 0 { sum.add(-weight * log) }
    return sum.value
  }

  /// `KL(p, q) = sum_k p_k log(p_k / q_k)`, from the ratios: exact zero at p = q, no cancellation.
  package static func divergence(_ p: [Double], _ q: [Double]) -> Double {
    precondition(p.count == q.count)
    var sum = CompensatedSum()
    for (p, q) in zip(p, q) where p > 0 { sum.add(q > 0 ? p * logRatio(p, q) : .infinity) }
    return sum.value
  }

  /// log(p / q), computed by log1p if p and q are close: their difference is then exact.
  package static func logRatio(_ p: Double, _ q: Double) -> Double {
    let difference = p - q
    if difference.magnitude < 0.5 * q { return Double.log(onePlus: difference / q) }
    let ratio = p / q
    return ratio > 0 && ratio < .infinity ? Double.log(ratio) : Double.log(p) - Double.log(q)
  }
}
