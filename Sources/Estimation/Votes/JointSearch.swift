import RealModule
import SurprisalAnnotation
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalOptimization
import SurprisalProbability

/// Starts of a joint fit, and the best of what they lead to.
///
/// Generalised expectation maximisation starts at posteriors of the rows: T has a closed form, θ
/// takes a few steps of a soft-label fit. Newton's method, or L-BFGS beyond a thousand parameters,
/// finishes. The value never becomes worse. Reference: Dempster, Laird and Rubin, J. R. Stat. Soc.
/// B 39 (1977).
struct JointSearch<P: Prior> {
  let data: JointData<P>
  let options: FitOptions
  /// The coefficients from which the first fit begins.
  let start: [Double]
  /// Shares of the votes, row after row: the posteriors of the first start.
  let shares: [Double]
  var observer: Observer?

  /// A maximum.
  struct Found {
    var state: JointState<P>
    /// The solver that ended the search; its point is that of the last objective.
    var solution: Solution
    var solver: String
    /// The value after each accepted step.
    var values: [Double]
    /// Whether a class has more votes for another label than for its own.
    var isSwitched: Bool
  }

  /// The largest number of parameters for Newton's method.
  private static var mostParameters: Int { 1200 }
  /// The most steps of expectation maximisation.
  private static var mostSteps: Int { 60 }
  /// The gain, in nats, below which a step of expectation maximisation is the last.
  private static var leastGain: Double { 1e-3 }
  /// Entries with fewer expected votes are at zero.
  private static var leastVotes: Double { 1e-10 }
  /// The largest product of votes and classes for which there are further starts by default.
  private static var mostCells: Int { 200_000 }

  /// The best maximum, and the distinct values of all, ascending; nil if no start is finite.
  func run() -> (best: Found, optima: [Double])? {
    guard var best = search(from: shares, isFirst: true) else { return nil }
    var values = best.solution.isConverged ? [best.state.value] : []
    let votes = data.votes.votes
    let count =
      options.restarts
      ?? (votes.count * votes.classCount <= Self.mostCells ? Multistart.defaultRestarts : 0)
    for index in 0..<count where best.solution.termination != .cancelled {
      guard let found = search(from: start(index), isFirst: false) else { continue }
      if found.solution.isConverged, !found.isSwitched { values.append(found.state.value) }
      let isBetter =
        found.isSwitched == best.isSwitched
        ? found.state.value < best.state.value - Multistart.resolution(best.state.value)
        : best.isSwitched
      if isBetter || found.solution.termination == .cancelled { best = found }
    }
    return (best, Multistart.distinct(values))
  }

  // MARK: One start

  private func search(from posterior: [Double], isFirst: Bool) -> Found? {
    guard let near = approach(from: posterior), var found = finish(near.state, near.values)
    else { return nil }
    if !isFirst, found.isSwitched,
      let renamed = matching(found.state).renamed(found.state.posterior)
    {
      guard let near = approach(from: renamed), let other = finish(near.state, near.values)
      else { return found }
      found = other
    }
    return found
  }

  private func matching(_ state: JointState<P>) -> ClassMatching {
    ClassMatching(counts: state.counts, classCount: data.classCount)
  }

  /// Expectation maximisation until a step gains little.
  private func approach(
    from posterior: [Double]
  ) -> (state: JointState<P>, values: [Double])? {
    var fit = options
    fit.stopping = StoppingRule(tolerance: 1e-6, maximumIterations: 50)
    let first = data.theta(of: posterior, from: start, options: fit).solution.point
    guard var state = data.state(theta: first, table: data.table(of: posterior)) else {
      return nil
    }
    fit.stopping.maximumIterations = 5
    var values = [state.value]
    for _ in 0..<Self.mostSteps {
      let theta = data.theta(of: state.posterior, from: state.theta, options: fit).solution.point
      guard let next = data.state(theta: theta, table: data.table(of: state.posterior)),
        next.value <= state.value
      else { break }
      let gain = (state.value - next.value) * data.plain.totalWeight
      state = next
      values.append(state.value)
      if gain < Self.leastGain { break }
    }
    return (state, values)
  }

  /// Steps on the marginal likelihood. Entries at zero are held there; if a step of expectation
  /// maximisation moves them, the search continues with a new objective.
  private func finish(_ near: JointState<P>, _ path: [Double]) -> Found? {
    var (state, values) = (near, path)
    var last: (solution: Solution, solver: String)?
    for _ in 0..<5 {
      let joint = JointObjective(
        data, table: state.table, counts: state.counts, least: Self.leastVotes)
      let path = Path()
      var (solution, solver) = minimize(joint, from: joint.point(theta: state.theta)) {
        path.values.append($0)
      }
      guard let reached = joint.state(at: solution.point) else { break }
      if let last { solution.add(workOf: last.solution) }
      last = (solution, solver)
      state = reached
      values += path.values
      guard solution.isConverged, heldGradient(joint, state) > 1e-6,
        let moved = data.state(theta: state.theta, table: data.table(of: state.posterior)),
        moved.value <= state.value
      else { break }
      state = moved
      values.append(state.value)
    }
    guard let last else { return nil }
    return Found(
      state: state, solution: last.solution, solver: last.solver, values: values,
      isSwitched: matching(state).isSwitched)
  }

  /// The values that a solver visits, in its own thread.
  private final class Path: @unchecked Sendable { var values: [Double] = [] }

  private func minimize(
    _ joint: JointObjective<P>, from start: [Double], noting note: @escaping (Double) -> Void
  ) -> (Solution, String) {
    // Probabilities that tend to zero do so by a factor a step: the gradient shows how far they
    // are.
    var stopping = options.stopping
    stopping.tolerance = min(
      stopping.tolerance, max(1e-9 / data.plain.totalWeight, 1e-14))
    let path = Path()
    let observer = observer
    let watch: Observer = { progress in
      path.values.append(progress.value)
      return observer?(progress) ?? true
    }
    var solution: Solution
    let size = Double(joint.dimension)
    let isSmall =
      joint.dimension <= Self.mostParameters
      && Double(data.rowCount) * size * size <= AffineMinimization.affordableFlops
      && joint.work <= VoteUncertainty.mostWork
    if isSmall, options.solver != .lbfgs {
      solution = NewtonCholesky(stopping: stopping).minimize(joint, from: start, observing: watch)
    } else {
      stopping.tolerance = options.stopping.tolerance
      let memory = min(20, max(3, 50_000_000 / joint.dimension))
      solution = LBFGS(stopping: stopping, memory: memory).minimize(
        joint, from: start, preconditioner: joint.preconditioner(at: start), observing: watch)
    }
    path.values.forEach(note)
    if options.stopping.accepts(gradientNorm: solution.gradientNorm),
      solution.termination == .noProgress || solution.termination == .iterationLimit
    {
      solution.termination = .converged
    }
    return (solution, isSmall && options.solver != .lbfgs ? "newton" : "lbfgs")
  }

  /// The largest gradient, in votes, of probabilities that were held.
  private func heldGradient(_ joint: JointObjective<P>, _ state: JointState<P>) -> Double {
    let next = data.table(of: state.posterior)
    let classCount = data.classCount
    var result = 0.0
    for (index, row) in joint.rows.enumerated() {
      let start = index / classCount * classCount * classCount + index % classCount
      let entries = (0..<classCount).map { start + $0 * classCount }
      let total = entries.reduce(0) { $0 + joint.expected($1, state.counts) }
      for entry in entries where row.map({ !$0.entries.contains(entry) }) ?? true {
        result = max(result, total * (next[entry] - state.table[entry]).magnitude)
      }
    }
    return result
  }

  private func start(_ index: Int) -> [Double] {
    data.votes.posterior(ofStart: index, seed: options.seed, shares: shares)
  }
}

extension JointObjective {
  /// The inverse of the diagonal of the curvature of known classes.
  struct DiagonalInverse: Preconditioner {
    let estimatesDecrement = false
    let factors: [Double]

    func multiply(_ vector: [Double]) -> [Double] { zip(vector, factors).map { $0 * $1 } }
  }

  func preconditioner(at point: [Double]) -> DiagonalInverse {
    var diagonal = [Double](repeating: 1, count: dimension)
    if let state = state(at: point) {
      let shares = shares(state.table)
      for row in rows.compactMap({ $0 }) {
        let total = expected(row, state.counts)
        for (entry, place) in zip(row.entries, row.places) {
          let share = shares[entry]
          diagonal[thetaCount + place] =
            max(total * share * (1 - share), 1e-3) / data.plain.totalWeight
        }
      }
    }
    return DiagonalInverse(factors: diagonal.map { 1 / $0 })
  }
}
