/// The ranked probability score of ordered classes, expected over y ~ p, in two parts.
///
/// With P and Q the cumulative sums of label and prediction in the order of the classes, `E sum_k
/// ([y <= k] - Q_k)^2 = sum_k (P_k - Q_k)^2 + sum_k P_k (1 - P_k)`, k = 1 ... C - 1. For two
/// classes it is half the Brier score. Epstein, J. Appl. Meteorology 8 (1969),
/// doi:10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2; Murphy, ibid. 10 (1971).
public struct RankedProbabilityScore: Sendable, Equatable {
  /// `sum_k (P_k - Q_k)^2`, the part that depends on predictions.
  public let divergence: Double
  /// `sum_k P_k (1 - P_k)`, the part that depends on labels only.
  public let labelSpread: Double

  /// The sum of both parts, between 0 and C - 1. Some authors divide by C - 1.
  public var score: Double { divergence + labelSpread }
}

extension Evaluation {
  /// The ranked probability score; classes must be in their natural order. Time O(N C).
  public func rankedProbabilityScore() -> RankedProbabilityScore {
    let sums = weightedSums(count: 2) { block, offset, weight, sums in
      var (label, prediction, distance, spread) = (0.0, 0.0, 0.0, 0.0)
      for entry in block.entries(ofRowAt: offset).dropLast() {
        label += block.labels[entry]
        prediction += block.probabilities[entry]
        distance += (label - prediction) * (label - prediction)
        spread += label * (1 - label)
      }
      sums[0] += weight * distance
      sums[1] += weight * spread
    }
    return RankedProbabilityScore(
      divergence: sums[0] / totalWeight, labelSpread: sums[1] / totalWeight)
  }
}
