import SurprisalKernels
import SurprisalLinearAlgebra

/// The distribution on the simplex with density exp(η·x) / C(η), for a vector η of C logits.
///
/// The density is with respect to Lebesgue measure on the first C - 1 coordinates. C(η) is the
/// divided difference of exp at η, computed as a contour integral through the saddle point. Its
/// terms do not cancel; their number (14 to 47, rarely up to 400) depends neither on the spread of
/// η nor on ties in it. Relative errors: 1e-15 in log C, 5e-13 in every entry of the mean, however
/// small.
///
/// A logit of -infinity is treated as 1e300 below the largest one. References: Gordon-Rodriguez,
/// Loaiza-Ganem and Cunningham, The continuous categorical, ICML 2020; divided differences: de
/// Boor, Surveys in Approximation Theory 1 (2005).
public enum ExponentialSimplex {
  /// `log C(η)`. If all logits equal a, it is a - log (C - 1)!. Complexity: O(C).
  public static func logNormalizer(_ logits: [Double]) -> Double {
    guard let top = logits.max() else { return -.infinity }
    return top + summary(logits).logNormalizer
  }

  /// The mean of the distribution, which is the gradient of log C. Complexity: O(C).
  public static func mean(_ logits: [Double]) -> [Double] { summary(logits).mean }

  /// `η·p - log C(η)`, the log density at a point p of the simplex; both have C entries.
  package static func logDensity(_ point: [Double], logits: [Double]) -> Double {
    precondition(point.count == logits.count)
    guard let top = logits.max() else { return 0 }
    var sum = -summary(logits).logNormalizer
    for (share, logit) in zip(point, logits) where share > 0 { sum += share * (logit - top) }
    return sum
  }

  /// Logits whose distribution has the given mean; unique up to a constant, -infinity if an entry
  /// of the mean is 0.
  ///
  /// At the saddle point a the mean is 1 / (a - η), so each step corrects the distances a - η by
  /// the difference of the inverses. The error falls at least threefold per step.
  public static func logits(ofMean mean: [Double]) -> [Double] {
    let total = mean.reduce(0, +)
    guard total > 0 else { return mean.map { _ in 0 } }
    let target = mean.map { $0 / total }
    var logits = target.map { -1 / $0 }
    for _ in 0..<80 {
      var change = 0.0
      let found = Self.mean(logits)
      for index in logits.indices where target[index] > 0 && found[index] > 0 {
        let step = 1 / found[index] - 1 / target[index]
        logits[index] += step
        change = max(change, (step * target[index]).magnitude)
      }
      if change < 1e-14 { break }
    }
    let top = logits.max() ?? 0
    return logits.map { $0 - top }
  }

  /// The mean, and the log normaliser for logits whose maximum is 0.
  private static func summary(_ logits: [Double]) -> (mean: [Double], logNormalizer: Double) {
    var tile = Tile(unitCount: logits.count, capacity: 1)
    for (unit, logit) in logits.enumerated() { tile[unit, 0] = logit }
    var normalizer = [Double](repeating: 0, count: tile.stride)
    tile.simplexMean(units: logits.count, examples: 1, logNormalizer: &normalizer)
    return (logits.indices.map { tile[$0, 0] }, normalizer[0])
  }
}

extension Tile {
  /// Replaces the first `units` units by the mean of the exponential distribution on the simplex
  /// and writes log C(η - max η).
  mutating func simplexMean(units: Int, examples: Int, logNormalizer: inout [Double]) {
    precondition(units <= unitCount && Tile.padded(examples) <= min(stride, logNormalizer.count))
    var workspace = [Double](repeating: 0, count: surprisal_simplex_workspace(units))
    let stride = stride
    withUnsafeMutableUnits { start in
      surprisal_simplex_mean(
        Tile.padded(examples), units, start, stride, &logNormalizer, &workspace)
    }
  }

  /// Sets unit u (u + 1) / 2 + v to wᵢ times the covariance of coordinates u and v.
  mutating func setSimplexCovariance(of logits: Tile, rows: Range<Int>, weights: [Double]) {
    applySimplexKernel(surprisal_simplex_covariance, of: logits, rows: rows, weights: weights)
  }

  /// Replaces directions t by wᵢ times the covariance times t.
  mutating func multiplySimplexCovariance(of logits: Tile, rows: Range<Int>, weights: [Double]) {
    applySimplexKernel(surprisal_simplex_product, of: logits, rows: rows, weights: weights)
  }

  /// A kernel of the covariance under logits: rows, units, logits with their stride, weights, this
  /// tile with its stride, workspace.
  private typealias SimplexKernel = (
    Int, Int, UnsafePointer<Double>?, Int, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?,
    Int, UnsafeMutablePointer<Double>?
  ) -> Void

  private mutating func applySimplexKernel(
    _ kernel: SimplexKernel, of logits: Tile, rows: Range<Int>, weights: [Double]
  ) {
    var workspace = [Double](repeating: 0, count: surprisal_simplex_workspace(logits.unitCount))
    let weights = Self.padded(weights, of: rows)
    let stride = stride
    logits.withUnsafeUnits { source in
      withUnsafeMutableUnits { start in
        kernel(
          Tile.padded(rows.count), logits.unitCount, source, logits.stride, weights, start, stride,
          &workspace)
      }
    }
    clearPadding(from: rows.count)
  }

  private static func padded(_ weights: [Double], of rows: Range<Int>) -> [Double] {
    var result = [Double](repeating: 0, count: padded(rows.count))
    for (example, row) in rows.enumerated() { result[example] = weights[row] }
    return result
  }
}
