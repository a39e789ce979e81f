/// The way from a start to a maximum of the bound.
///
/// A plain step sets all posteriors to what maximises the bound for the others: exactly so for
/// one item, and with all at once the value may fall, after which the step is shortened. Near the
/// maximum the last points are mixed. A point counts if its value is not below that of the point
/// before it, by more than rounding.
struct CollapsedAscent {
  let bound: CollapsedBound
  let tolerance: Double
  let maximumIterations: Int

  /// The result of an ascent.
  struct Maximum: Sendable {
    var state: CollapsedBound.State
    /// The posteriors after another step, and the evidence of which they are made.
    var posterior: [Double]
    var logEvidence: [Double]
    /// The largest change of a posterior probability by that step.
    var change: Double
    var hasConverged: Bool
    var values: [Double]
    var iterations: Int
  }

  /// The relative rounding error of a value.
  private static let rounding = 4e-15
  /// The largest change below which points are mixed.
  private static let near = 0.1
  /// The smallest fraction of a step that is tried.
  private static let leastLength = 1e-3
  private static let depth = 6
  /// The change at which a point that no step improves on counts as a maximum.
  private static let nearlyZero = 1e-6

  /// The maximum reached from posteriors.
  func maximum(from start: [Double]) -> Maximum {
    var state = bound.state(of: start, guess: nil)
    var mixing = AndersonMixing(depth: Self.depth(of: start.count))
    var (values, iterations) = ([state.value], 1)
    while true {
      let evidence = bound.logEvidence(at: state)
      let next = bound.posterior(evidence, prior: state.classPrior)
      let change = zip(next, state.posterior).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
      func end(_ hasConverged: Bool) -> Maximum {
        Maximum(
          state: state, posterior: next, logEvidence: evidence, change: change,
          hasConverged: hasConverged, values: values, iterations: iterations)
      }
      if change <= tolerance { return end(true) }
      if iterations >= maximumIterations { return end(false) }
      guard let better = better(than: state, next, change, &mixing, &iterations) else {
        return end(change < Self.nearlyZero)
      }
      state = better
      values.append(state.value)
    }
  }

  /// The number of points that are mixed, for this many numbers.
  static func depth(of count: Int) -> Int { min(depth, 20_000_000 / max(1, count)) }

  /// The mixed point, or the end of the plain step, or of a part of it; nil if all are worse.
  private func better(
    than state: CollapsedBound.State, _ next: [Double], _ change: Double,
    _ mixing: inout AndersonMixing, _ iterations: inout Int
  ) -> CollapsedBound.State? {
    let least = state.value - Self.rounding * state.value.magnitude
    if change < Self.near, mixing.depth > 1 {
      if let move = mixing.change(at: state.posterior, image: next) {
        iterations += 1
        let mixed = bound.state(of: moved(next, by: move), guess: state.prior)
        if mixed.value >= least { return mixed }
        mixing.reset()
      }
    }
    var length = 1.0
    while length >= Self.leastLength {
      iterations += 1
      let point =
        length == 1
        ? next : zip(state.posterior, next).map { $0 + length * ($1 - $0) }
      let found = bound.state(of: point, guess: state.prior)
      if found.value >= least { return found }
      mixing.reset()
      length /= 2
    }
    return nil
  }

  /// `point + change`, with probabilities at least a hundredth of those of `point` and the same
  /// sums.
  private func moved(_ point: [Double], by change: [Double]) -> [Double] {
    var result = zip(point, change).map { max($0 + $1, $0 / 100) }
    let classCount = bound.classCount
    for start in stride(from: 0, to: result.count, by: classCount) {
      let total = result[start..<start + classCount].reduce(0, +)
      for place in start..<start + classCount { result[place] /= total }
    }
    return result
  }
}
