/// Expectation maximisation with squared extrapolation: the value never decreases by more than the
/// rounding of its sum.
///
/// Two steps give a direction and its change, along which the third point is extrapolated (Varadhan
/// and Roland, doi:10.1111/j.1467-9469.2007.00585.x). It is accepted if its value is above that of
/// the second point, or equal up to rounding with a smaller gradient; otherwise the plain step is
/// taken. Once the predicted gain is below `nearGain`, Anderson mixing of the last points replaces
/// the extrapolation, by the same rule. Near the maximum differences of values are below rounding,
/// and the gradient alone decides when to stop.
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

  typealias Trial = (point: Parameters, step: VoteLikelihood.Step)

  /// The maximum reached from initial posteriors.
  func maximum(from start: [Double]) -> Maximum {
    var ascent = EMAscent(self, from: likelihood.parameters(of: start))
    while ascent.hasConverged == nil { ascent.advance() }
    let (best, step) = ascent.current
    return Maximum(
      parameters: best, posterior: likelihood.posterior(at: best),
      logLikelihood: step.logLikelihood, value: step.value, gradient: step.gradient,
      hasConverged: ascent.hasConverged ?? false, values: ascent.values,
      iterations: ascent.iterations)
  }

  /// The relative rounding error of a sum: of blocks of 192 terms, each rounded a few times.
  static let rounding = 4e-15
  /// The distance from the maximum that counts as zero, in rounding errors of the value.
  static let nearness = 1e-3
  /// The decrement, in nats, below which steps are mixed.
  static let nearGain = 10.0
  /// The number of successive steps that may neither raise the value nor halve the
  /// gradient.
  static let patience = 100

  /// The step length of the extrapolation: `|r| / |v|` with r the first step and v the change from
  /// it to the second.
  func length(_ first: Parameters, _ second: Parameters, _ third: Parameters) -> Double {
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
  func extrapolated(
    _ first: Parameters, _ second: Parameters, _ third: Parameters, by length: Double
  ) -> Parameters {
    @Sendable func further(_ a: Double, _ b: Double, _ c: Double) -> Double {
      let step = b - a
      let change = (c - b) - step
      return max(a + length * (2 * step + length * change), c / 100)
    }
    return normalized(
      prior: first.prior.indices.map {
        further(first.prior[$0], second.prior[$0], third.prior[$0])
      }
    ) { further(first.table[$0], second.table[$0], third.table[$0]) }
  }

  /// `point + change`, prior before table. Probabilities are at least a hundredth of those in
  /// `point`, and have the same sums.
  func moved(_ point: Parameters, by change: [Double]) -> Parameters {
    let count = point.prior.count
    @Sendable func further(_ a: Double, _ step: Double) -> Double { max(a + step, a / 100) }
    return normalized(prior: point.prior.indices.map { further(point.prior[$0], change[$0]) }) {
      further(point.table[$0], change[count + $0])
    }
  }

  /// The parameters with a prior and entries of the table up to factors.
  private func normalized(
    prior: [Double], entry: @Sendable (Int) -> Double
  ) -> Parameters {
    let classCount = likelihood.classCount
    let size = classCount * classCount
    let total = prior.reduce(0, +)
    let count = likelihood.votes.annotatorCount * size
    let table = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      let target = VoteLikelihood.Storage(buffer)
      _ = likelihood.mapAnnotators { annotators in
        for annotator in annotators {
          let (matrix, start) = (target.row(annotator, size), annotator * size)
          for k in 0..<classCount {
            var sum = 0.0
            for index in stride(from: k, to: size, by: classCount) {
              matrix[index] = entry(start + index)
              sum += matrix[index]
            }
            for index in stride(from: k, to: size, by: classCount) { matrix[index] /= sum }
          }
        }
        return 0
      }
      initialized = count
    }
    return Parameters(prior: prior.map { $0 / total }, table: table)
  }
}
