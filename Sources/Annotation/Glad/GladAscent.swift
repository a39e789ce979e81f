import SurprisalLinearAlgebra
import SurprisalOptimization

/// The way from posteriors to a maximum of the density, by limited-memory BFGS.
///
/// The initial curvature is the diagonal of the information of votes with known classes. It changes
/// on the way, so it is computed anew after a few steps, and later after more and more of them.
struct GladAscent: Sendable {
  /// The point reached.
  private(set) var point: [Double]
  /// The log-likelihood plus the log densities there.
  private(set) var value = -Double.infinity
  /// The largest derivative of the value.
  private(set) var gradient = Double.infinity
  /// The number of evaluations.
  private(set) var iterations = 0
  /// Whether the point is a maximum, up to rounding.
  private(set) var hasConverged = false
  /// The value after each step.
  private(set) var values: [Double] = []

  /// The steps before the initial curvature is computed anew for the first time, and the factor of
  /// their number.
  private static let (firstSteps, growth) = (10, 3)
  /// The number of steps that are stored.
  private static let depth = 20

  init(_ likelihood: GladLikelihood, _ options: AggregationOptions, from posterior: [Double]) {
    point = likelihood.start(from: posterior)
    var steps = Self.firstSteps
    while run(likelihood, options, steps: steps) { steps *= Self.growth }
  }

  /// Goes on by a number of steps; false at the end.
  private mutating func run(
    _ likelihood: GladLikelihood, _ options: AggregationOptions, steps: Int
  ) -> Bool {
    let inverse = InverseDiagonal(likelihood.curvatures(at: point))
    let rest = options.maximumIterations - iterations
    let stopping = StoppingRule(
      tolerance: max(
        options.tolerance, ExpectationMaximization.rounding * Double(likelihood.votes.count)),
      maximumIterations: max(1, min(steps, rest)))
    var values = values
    let solution = LBFGS(stopping: stopping, memory: Self.depth)
      .minimize(
        likelihood, from: point, preconditioner: inverse,
        visiting: { progress, _ in
          values.append(-progress.value)
          return true
        })
    self.values = values
    iterations += solution.evaluations
    (point, value, gradient) = (solution.point, -solution.value, solution.gradientNorm)
    if solution.termination == .iterationLimit { return iterations < options.maximumIterations }
    // Twice the gain that the diagonal of the information predicts.
    let decrement = solution.gradient.dot(inverse.multiply(solution.gradient))
    // A vote adds up to tens of nats to the terms of an item, most of which cancel.
    let terms = max(value.magnitude, 16 * Double(likelihood.votes.count))
    hasConverged = solution.isConverged || decrement <= ExpectationMaximization.rounding * terms
    return false
  }
}

/// The inverse of a diagonal matrix.
private struct InverseDiagonal: Preconditioner {
  let diagonal: [Double]
  var estimatesDecrement: Bool { false }

  init(_ diagonal: [Double]) { self.diagonal = diagonal }

  func multiply(_ vector: [Double]) -> [Double] { zip(vector, diagonal).map { $0 / $1 } }
}
