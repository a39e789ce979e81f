/// Expectation maximisation with squared extrapolation: the value never falls by more than the
/// rounding of its sum.
///
/// Two steps give a direction and its change, along which the third point is extrapolated (Varadhan
/// and Roland, doi:10.1111/j.1467-9469.2007.00585.x). It is taken if its value is above that of the
/// second point, or equal up to rounding with a smaller gradient; else the plain step is. Near the
/// maximum the value has no digits left, and the gradient alone decides when to end.
struct ExpectationMaximization {
  typealias Parameters = VoteLikelihood.Parameters

  let likelihood: VoteLikelihood
  let tolerance: Double
  let maximumIterations: Int

  /// A point that no step improves on.
  struct Maximum: Sendable {
    var parameters: Parameters
    /// The posterior of each item, `classCount` numbers each.
    var posterior: [Double]
    var logLikelihood: Double
    /// What was maximised: the log-likelihood plus the log density of the pseudo-counts.
    var value: Double
    var gradient: Double
    var hasConverged: Bool
    /// The value at every accepted point, in order.
    var values: [Double]
    /// How many steps were computed.
    var iterations: Int
  }

  private typealias Trial = (point: Parameters, step: VoteLikelihood.Step)

  /// The maximum that is reached from posteriors.
  func maximum(from start: [Double]) -> Maximum {
    var posterior = start
    var (iterations, values) = (0, [Double]())
    func trial(_ point: Parameters) -> Trial {
      iterations += 1
      return (point, likelihood.step(from: point, posterior: &posterior))
    }
    func maximum(_ best: Trial, hasConverged: Bool) -> Maximum {
      let last = trial(best.point).step
      return Maximum(
        parameters: best.point, posterior: posterior, logLikelihood: last.logLikelihood,
        value: last.value, gradient: last.gradient, hasConverged: hasConverged, values: values,
        iterations: iterations)
    }
    var current = trial(likelihood.parameters(of: start))
    var (reach, idle, least) = (4.0, 0, Double.infinity)
    let goal = max(tolerance, Self.rounding * likelihood.totalWeight)
    while true {
      values.append(current.step.value)
      if current.step.gradient <= goal { return maximum(current, hasConverged: true) }
      let plain = trial(current.step.next)
      let noise = Self.rounding * current.step.value.magnitude
      values.append(plain.step.value)
      idle = plain.step.value > current.step.value + noise ? 0 : idle + 1
      if plain.step.gradient < least / 2 { (least, idle) = (plain.step.gradient, 0) }
      if plain.step.gradient <= goal || idle > Self.patience {
        return maximum(plain, hasConverged: true)
      }
      if iterations >= maximumIterations { return maximum(plain, hasConverged: false) }
      let length = Self.length(current.point, plain.point, plain.step.next)
      let further = trial(
        Self.extrapolated(current.point, plain.point, plain.step.next, by: min(length, reach)))
      let gain = further.step.value - plain.step.value
      if gain > noise || gain >= -noise && further.step.gradient <= plain.step.gradient {
        if length >= reach { reach *= 4 }
        current = further
      } else {
        reach = max(2, reach / 4)
        current = trial(plain.step.next)
      }
    }
  }

  /// The relative rounding error of a sum: of blocks of 192 terms, each rounded a few times.
  static let rounding = 4e-15
  /// How many pairs of steps may neither raise the value nor halve the gradient.
  private static let patience = 100

  /// How far to go: `|r| / |v|` with r the first step and v the change from it to the second.
  private static func length(
    _ first: Parameters, _ second: Parameters, _ third: Parameters
  ) -> Double {
    var (steps, changes) = (0.0, 0.0)
    func add(_ a: [Double], _ b: [Double], _ c: [Double]) {
      for index in a.indices {
        let step = b[index] - a[index]
        let change = (c[index] - b[index]) - step
        steps += step * step
        changes += change * change
      }
    }
    add(first.prior, second.prior, third.prior)
    add(first.table, second.table, third.table)
    return changes > 0 ? max(1, (steps / changes).squareRoot()) : 1
  }

  /// `a + 2 s (b - a) + s² (c - 2 b + a)`, which is `c` for s = 1. Probabilities keep a hundredth
  /// of what they are in `c` at least, and the sums that it has.
  private static func extrapolated(
    _ first: Parameters, _ second: Parameters, _ third: Parameters, by length: Double
  ) -> Parameters {
    func further(_ a: [Double], _ b: [Double], _ c: [Double]) -> [Double] {
      a.indices.map { index in
        let step = b[index] - a[index]
        let change = (c[index] - b[index]) - step
        return max(a[index] + length * (2 * step + length * change), c[index] / 100)
      }
    }
    var result = Parameters(
      prior: further(first.prior, second.prior, third.prior),
      table: further(first.table, second.table, third.table))
    let total = result.prior.reduce(0, +)
    for k in result.prior.indices { result.prior[k] /= total }
    normalize(&result.table, classCount: result.prior.count)
    return result
  }

  /// Divides the rows of each matrix by their sums.
  private static func normalize(_ table: inout [Double], classCount: Int) {
    let size = classCount * classCount
    for matrix in stride(from: 0, to: table.count, by: size) {
      for k in 0..<classCount {
        var total = 0.0
        for label in 0..<classCount { total += table[matrix + label * classCount + k] }
        for label in 0..<classCount { table[matrix + label * classCount + k] /= total }
      }
    }
  }
}
