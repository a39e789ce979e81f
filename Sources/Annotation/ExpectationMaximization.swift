/// Expectation maximisation with squared extrapolation: the value never decreases by more than the
/// rounding of its sum.
///
/// Two steps give a direction and its change, along which the third point is extrapolated (Varadhan
/// and Roland, doi:10.1111/j.1467-9469.2007.00585.x). It is accepted if its value is above that of
/// the second point, or equal up to rounding with a smaller gradient; otherwise the plain step is
/// taken. Near the maximum differences of values are below rounding, and the gradient alone decides
/// when to stop.
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
    /// The maximised value: the log-likelihood plus the log density of the pseudo-counts.
    var value: Double
    var gradient: Double
    var hasConverged: Bool
    /// The value at every accepted point, in order.
    var values: [Double]
    /// The number of computed steps.
    var iterations: Int
  }

  private typealias Trial = (point: Parameters, step: VoteLikelihood.Step)

  /// The maximum reached from initial posteriors.
  func maximum(from start: [Double]) -> Maximum {
    var (iterations, values) = (0, [Double]())
    func trial(_ point: Parameters) -> Trial {
      iterations += 1
      return (point, likelihood.step(from: point))
    }
    func maximum(_ best: Trial, hasConverged: Bool) -> Maximum {
      Maximum(
        parameters: best.point, posterior: likelihood.posterior(at: best.point),
        logLikelihood: best.step.logLikelihood, value: best.step.value,
        gradient: best.step.gradient, hasConverged: hasConverged, values: values,
        iterations: iterations)
    }
    var current = trial(likelihood.parameters(of: start))
    var (reach, idle, least) = (4.0, 0, Double.infinity)
    let goal = max(tolerance, Self.rounding * Double(likelihood.votes.count))
    while true {
      values.append(current.step.value)
      if current.step.gradient <= goal { return maximum(current, hasConverged: true) }
      let plain = trial(current.step.next)
      let noise = Self.rounding * current.step.value.magnitude
      values.append(plain.step.value)
      idle = plain.step.value > current.step.value + noise ? 0 : idle + 1
      if plain.step.gradient < least / 2 { (least, idle) = (plain.step.gradient, 0) }
      let isNear = distance(current.step, plain.step) <= Self.nearness * noise
      if plain.step.gradient <= goal || isNear || idle > Self.patience {
        return maximum(plain, hasConverged: true)
      }
      if iterations >= maximumIterations { return maximum(plain, hasConverged: false) }
      let length = length(current.point, plain.point, plain.step.next)
      let further = trial(
        extrapolated(current.point, plain.point, plain.step.next, by: min(length, reach)))
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
  /// The distance from the maximum that counts as zero, in rounding errors of the value.
  private static let nearness = 1e-6
  /// The number of successive pairs of steps that may neither raise the value nor halve the
  /// gradient.
  private static let patience = 100

  /// The distance of the value from its maximum at the second of two points that are a plain step
  /// apart: a step gains half the decrement, and the decrements decrease by the square of the rate
  /// of the parameters' distance. Infinite if they do not decrease.
  private func distance(_ first: VoteLikelihood.Step, _ second: VoteLikelihood.Step) -> Double {
    let rate = (second.decrement / first.decrement).squareRoot()
    return rate < 1 ? second.decrement / (2 * (1 - rate)) : .infinity
  }

  /// The step length of the extrapolation: `|r| / |v|` with r the first step and v the change from
  /// it to the second.
  private func length(_ first: Parameters, _ second: Parameters, _ third: Parameters) -> Double {
    @Sendable func sums(
      _ a: [Double], _ b: [Double], _ c: [Double], _ range: Range<Int>
    ) -> (steps: Double, changes: Double) {
      var (steps, changes) = (0.0, 0.0)
      for index in range {
        let step = b[index] - a[index]
        let change = (c[index] - b[index]) - step
        steps += step * step
        changes += change * change
      }
      return (steps, changes)
    }
    let size = likelihood.classCount * likelihood.classCount
    let parts = likelihood.mapAnnotators {
      sums(first.table, second.table, third.table, $0.lowerBound * size..<$0.upperBound * size)
    }
    let whole = parts.reduce(sums(first.prior, second.prior, third.prior, first.prior.indices)) {
      ($0.steps + $1.steps, $0.changes + $1.changes)
    }
    return whole.changes > 0 ? max(1, (whole.steps / whole.changes).squareRoot()) : 1
  }

  /// `a + 2 s (b - a) + s² (c - 2 b + a)`, which is `c` for s = 1. Probabilities are at least a
  /// hundredth of those in `c`, and have the same sums.
  private func extrapolated(
    _ first: Parameters, _ second: Parameters, _ third: Parameters, by length: Double
  ) -> Parameters {
    let classCount = likelihood.classCount
    let size = classCount * classCount
    @Sendable func further(_ a: Double, _ b: Double, _ c: Double) -> Double {
      let step = b - a
      let change = (c - b) - step
      return max(a + length * (2 * step + length * change), c / 100)
    }
    let prior = first.prior.indices.map {
      further(first.prior[$0], second.prior[$0], third.prior[$0])
    }
    let total = prior.reduce(0, +)
    let table = [Double](unsafeUninitializedCapacity: third.table.count) { buffer, count in
      let target = VoteLikelihood.Storage(buffer)
      _ = likelihood.mapAnnotators { annotators in
        for annotator in annotators {
          let (matrix, start) = (target.row(annotator, size), annotator * size)
          for k in 0..<classCount {
            var sum = 0.0
            for index in stride(from: k, to: size, by: classCount) {
              let place = start + index
              matrix[index] = further(first.table[place], second.table[place], third.table[place])
              sum += matrix[index]
            }
            for index in stride(from: k, to: size, by: classCount) { matrix[index] /= sum }
          }
        }
        return 0
      }
      count = third.table.count
    }
    return Parameters(prior: prior.map { $0 / total }, table: table)
  }
}
