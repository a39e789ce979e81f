import RealModule
import SurprisalLinearAlgebra

/// Functions of one vector of logits or one distribution; blocks have their own kernels.
public enum Softmax {
  /// `log sum_k exp z_k`, shifted by the maximum. All -infinity gives -infinity; empty too.
  public static func logSumExp(_ logits: [Double]) -> Double {
    guard let top = logits.max(), top > -.infinity else { return -.infinity }
    guard top < .infinity else { return top }
    return top + Double.log(logits.reduce(0) { $0 + Double.exp($1 - top) })
  }

  /// `z_k - logSumExp(z)`: never exponentiates first, so it is finite for any finite logits.
  public static func logProbabilities(_ logits: [Double]) -> [Double] {
    guard let top = logits.max(), top > -.infinity else { return logits }
    let normalizer = Double.log(logits.reduce(0) { $0 + Double.exp($1 - top) })
    return logits.map { ($0 - top) - normalizer }
  }

  /// `exp(z_k - logSumExp(z))`, divided by its sum.
  public static func probabilities(_ logits: [Double]) -> [Double] {
    guard let top = logits.max() else { return [] }
    let scaled = logits.map { Double.exp($0 - top) }
    let sum = scaled.reduce(0, +)
    return scaled.map { $0 / sum }
  }
}
