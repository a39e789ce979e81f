import RealModule
import SurprisalLinearAlgebra

/// Functions of one vector of logits or one distribution; blocks have their own kernels.
public enum Softmax {
  /// `log sum_k exp z_k`, shifted by the maximum. All -infinity gives -infinity; empty too.
  public static func logSumExp(_ logits: [Double]) -> Double {
    guard let top = logits.max(), top > -.infinity else { return -.infinity }
    guard top < .infinity else { return top }
    return top + logNormalizer(logits, top: top)
  }

  /// `z_k - logSumExp(z)`: never exponentiates first, so it is finite for any finite logits.
  public static func logProbabilities(_ logits: [Double]) -> [Double] {
    guard let top = logits.max(), top > -.infinity else { return logits }
    let normalizer = logNormalizer(logits, top: top)
    return logits.map { ($0 - top) - normalizer }
  }

  /// `log sum_k exp(z_k - top)`, the maximum itself left out of the sum: a loss of 1e-18 is not 0.
  private static func logNormalizer(_ logits: [Double], top: Double) -> Double {
    var rest = 0.0
    var isFirst = true
    for logit in logits {
      if isFirst, logit == top { isFirst = false } else { rest += Double.exp(logit - top) }
    }
    return Double.log(onePlus: rest)
  }

  /// `exp(z_k - logSumExp(z))`, divided by its sum.
  public static func probabilities(_ logits: [Double]) -> [Double] {
    guard let top = logits.max() else { return [] }
    let scaled = logits.map { Double.exp($0 - top) }
    let sum = scaled.reduce(0, +)
    return scaled.map { $0 / sum }
  }
}
