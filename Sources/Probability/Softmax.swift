import RealModule
import SurprisalKernels
import SurprisalLinearAlgebra

/// Functions of one vector of logits or one distribution; blocks of rows use separate kernels.
public enum Softmax {
  /// `log sum_k exp z_k`, shifted by the maximum; -infinity if all entries are -infinity or there
  /// are none.
  public static func logSumExp(_ logits: [Double]) -> Double {
    guard let top = logits.max(), top > -.infinity else { return -.infinity }
    guard top < .infinity else { return top }
    return top + logNormalizer(logits, top: top)
  }

  /// `z_k - logSumExp(z)`: finite for any finite logits because no probability is formed first.
  public static func logProbabilities(_ logits: [Double]) -> [Double] {
    guard let top = logits.max(), top > -.infinity else { return logits }
    let normalizer = logNormalizer(logits, top: top)
    return logits.map { ($0 - top) - normalizer }
  }

  /// `log sum_k exp(z_k - top)`, by log1p without the term of the maximum: a result of 1e-18 is not
  /// rounded to 0.
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

  /// `exp z_k`: the probabilities whose logarithms are z.
  package static func exponentials(_ logProbabilities: [Double]) -> [Double] {
    logProbabilities.map { Double.exp($0) }
  }

  /// The same of every entry of a matrix.
  package static func exponentials(_ logProbabilities: BlockedMatrix) -> BlockedMatrix {
    var result = logProbabilities
    for column in 0..<result.columnCount {
      result.updateColumn(column) { segment, _ in
        for place in segment.indices { segment[place] = Double.exp(segment[place]) }
      }
    }
    return result
  }

  /// `1 / (1 + exp(-z))`, the probability of the first of two classes whose log odds are z.
  public static func logistic(_ logit: Double) -> Double { 1 / (1 + Double.exp(-logit)) }
}

/// A sum of exponentials, stored as exp(top) times a number between one and the number of terms.
package struct ExponentialSum: Sendable {
  /// The largest exponent; -infinity if the sum is 0.
  package private(set) var top = -Double.infinity
  /// The sum of exp(z - top).
  package private(set) var scaled = 0.0

  init() {}

  /// The sum of exp z over `logits`, in their order.
  package init(_ logits: some Collection<Double>) {
    for logit in logits { top = max(top, logit) }
    guard top > -.infinity else { return }
    for logit in logits { scaled += Double.exp(logit - top) }
  }

  /// The sum of exp z over the first `units` units of an example that satisfy a condition.
  @inline(__always)
  init(_ example: TileExample, units: Int, where isMember: (Int) -> Bool) {
    for unit in 0..<units where isMember(unit) { top = max(top, example[unit]) }
    guard top > -.infinity else { return }
    for unit in 0..<units where isMember(unit) { scaled += Double.exp(example[unit] - top) }
  }

  /// exp z divided by the sum; 0 if the sum is 0.
  @inline(__always)
  package func share(of logit: Double) -> Double {
    top > -.infinity ? Double.exp(logit - top) / scaled : 0
  }

  /// The factor that turns a scaled term into a proportion of the sum; 0 if the sum is 0.
  var inverse: Double { scaled > 0 ? 1 / scaled : 0 }

  /// log(self / other). If both maxima are equal, they cancel exactly.
  func logRatio(to other: ExponentialSum) -> Double {
    guard top > -.infinity else { return -.infinity }
    return (top - other.top) + Double.log(scaled / other.scaled)
  }
}

extension TileExample {
  /// The sum of exp zₖ over the first `units` units that satisfy a condition.
  @inline(__always)
  func exponentialSum(_ units: Int, where isMember: (Int) -> Bool) -> ExponentialSum {
    ExponentialSum(self, units: units, where: isMember)
  }
}

extension Tile {
  /// `log sum_k exp z_k` of the first `units` units, for each of the first `examples` examples.
  ///
  /// Shifted by the maximum; a column of -infinity gives -infinity. `result` holds at least
  /// `Tile.padded(examples)` entries.
  public func logSumExp(units: Int, examples: Int, into result: inout [Double]) {
    precondition(units <= unitCount && Tile.padded(examples) <= min(stride, result.count))
    withUnsafeUnits { start in
      surprisal_log_sum_exp(Tile.padded(examples), units, start, stride, &result)
    }
  }

  /// Replaces the first `units` units by their softmax and writes the log of the normaliser.
  public mutating func softmax(units: Int, examples: Int, logSumExp result: inout [Double]) {
    precondition(units <= unitCount && Tile.padded(examples) <= min(stride, result.count))
    let stride = stride
    withUnsafeMutableUnits { start in
      surprisal_softmax(Tile.padded(examples), units, start, stride, &result)
    }
  }

  /// Replaces logits by exp(z - max z) and returns the sums. A column of -infinity becomes zeros.
  mutating func exponentiate(units: Int, examples: Int) -> [ExponentialSum] {
    var sums = [ExponentialSum](repeating: ExponentialSum(), count: examples)
    let stride = stride
    withUnsafeMutableUnits { start in
      ExponentialSum.exponentiate(start, stride, units: units, &sums)
    }
    return sums
  }
}

extension ExponentialSum {
  fileprivate static func exponentiate(
    _ start: UnsafeMutablePointer<Double>, _ stride: Int, units: Int,
    _ sums: inout [ExponentialSum]
  ) {
    let examples = sums.count
    for unit in 0..<units {
      for example in 0..<examples {
        sums[example].top = max(sums[example].top, start[unit * stride + example])
      }
    }
    for unit in 0..<units {
      for example in 0..<examples {
        let top = sums[example].top
        start[unit * stride + example] -= top > -.infinity ? top : 0
      }
    }
    surprisal_exp(units * stride, start, start)
    for unit in 0..<units {
      for example in 0..<examples { sums[example].scaled += start[unit * stride + example] }
    }
  }
}
