import RealModule

/// The six measures commonly used for label-distribution learning, each a weighted mean over rows.
///
/// Definitions as in Geng, "Label Distribution Learning", IEEE TKDE 28 (2016),
/// doi:10.1109/TKDE.2016.2545658. If label and prediction are both zero, the term in Clark and
/// Canberra is zero. Programs that replace zeros by a small number differ by about that number, and
/// print a finite divergence where this one is infinite.
public struct LabelDistributionMeasures: Sendable, Equatable {
  /// `max_k |p_k - q_k|`; smaller is better.
  public let chebyshev: Double
  /// `sqrt(sum_k ((p_k - q_k) / (p_k + q_k))^2)`; smaller is better, at most C^(1/2).
  public let clark: Double
  /// `sum_k |p_k - q_k| / (p_k + q_k)`; smaller is better, at most C.
  public let canberra: Double
  /// `sum_k p_k log(p_k / q_k)`, in nats; smaller is better. Equal to `klDivergence` of the
  /// evaluation.
  public let kl: Double
  /// `p.q / (|p| |q|)`; at most 1, larger is better.
  public let cosine: Double
  /// `sum_k min(p_k, q_k)`; at most 1, larger is better.
  public let intersection: Double
}

extension Evaluation {
  /// The six measures of label-distribution learning. Time O(N C).
  public func labelDistributionMeasures() -> LabelDistributionMeasures {
    let sums = weightedSums(count: 5) { block, offset, weight, sums in
      for (index, value) in block.distances(ofRowAt: offset).enumerated() {
        sums[index] += weight * value
      }
    }
    let means = sums.map { $0 / totalWeight }
    return LabelDistributionMeasures(
      chebyshev: means[0], clark: means[1], canberra: means[2], kl: klDivergence,
      cosine: means[3], intersection: means[4])
  }
}

extension DistributionBlock {
  /// Chebyshev, Clark, Canberra, cosine and intersection of one row.
  fileprivate func distances(ofRowAt offset: Int) -> [Double] {
    var (largest, squares, ratios, shared) = (0.0, 0.0, 0.0, 0.0)
    var (product, labelNorm, probabilityNorm) = (0.0, 0.0, 0.0)
    for entry in entries(ofRowAt: offset) {
      let (p, q) = (labels[entry], probabilities[entry])
      let difference = (p - q).magnitude
      let ratio = p + q > 0 ? difference / (p + q) : 0
      largest = max(largest, difference)
      squares += ratio * ratio
      ratios += ratio
      shared += min(p, q)
      product += p * q
      labelNorm += p * p
      probabilityNorm += q * q
    }
    let cosine = product / (labelNorm.squareRoot() * probabilityNorm.squareRoot())
    return [largest, squares.squareRoot(), ratios, cosine, shared]
  }
}
