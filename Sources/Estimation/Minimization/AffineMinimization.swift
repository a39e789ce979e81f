import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// Selects the solvers, and their order, for affine logits.
struct AffineMinimization {
  /// The largest number of parameters for which a curvature matrix is formed.
  static let largestMatrix = 3000
  /// The largest number of parameters for which Newton's method is used alone.
  static let smallMatrix = 256
  /// The gradient norm at which Newton's method takes over.
  static let nearness = 1e-5
  /// The most units for which the second derivatives of all pairs are stored.
  static let mostUnits = 64
  /// The most flops of one curvature matrix if the solver is chosen automatically.
  static let affordableFlops = 5e10

  let options: FitOptions

  /// The solvers that ran, and their cost.
  struct Run {
    var solution: Solution
    /// The solvers, in order.
    var solvers: [String]
    /// The work on samples and matrices before the solver, in passes over all rows.
    var setUpPasses = 0.0
  }

  /// Minimises the objective.
  func run<L: Likelihood, P: Prior>(
    _ objective: AffineObjective<L, P>, from start: [Double],
    observing observer: Observer?
  ) -> Run {
    let stopping = options.stopping
    switch options.solver {
    case .newton where mayFormMatrix(objective):
      let solution = NewtonCholesky(stopping: stopping).minimize(
        objective, from: start, observing: observer)
      return Run(solution: solution, solvers: ["newton"])
    case .newton, .newtonCG:
      let solution = NewtonCG(stopping: stopping).minimize(
        objective, from: start, observing: observer)
      return Run(solution: solution, solvers: ["newton-cg"])
    case .lbfgs:
      let solution = LBFGS(stopping: stopping).minimize(
        objective, from: start, observing: observer)
      return finish(Run(solution: solution, solvers: ["lbfgs"]), on: objective, observer)
    case .automatic:
      if formsMatrix(objective), !approachesFirst(objective) {
        let solution = NewtonCholesky(stopping: stopping).minimize(
          objective, from: start, observing: observer)
        return Run(solution: solution, solvers: ["newton"])
      }
      var method = PreconditionedMinimization(stopping: stopping)
      if formsMatrix(objective) {
        method.stopping.tolerance = max(stopping.tolerance, Self.nearness)
        method.endsWithNewton = true
      }
      return finish(
        method.run(objective, from: start, observing: observer), on: objective, observer)
    }
  }

  /// Whether first-order steps lead to the start of Newton's method. A matrix costs some P / 4
  /// passes: beyond a few hundred parameters first-order steps are cheaper for most of the way.
  private func approachesFirst<L: Likelihood, P: Prior>(
    _ objective: AffineObjective<L, P>
  ) -> Bool {
    objective.dimension > Self.smallMatrix && objective.likelihood.isLogConcave
      && objective.auxiliaryCount == 0
  }

  /// Ends with Newton steps if the first-order solution is not accurate enough, or if its distance
  /// from the optimum is needed and a matrix is affordable.
  private func finish<L: Likelihood, P: Prior>(
    _ run: Run, on objective: AffineObjective<L, P>, _ observer: Observer?
  ) -> Run {
    let solution = run.solution
    let isOver = solution.termination == .cancelled || solution.termination == .notFinite
    let isInaccurate =
      !solution.isConverged || solution.gradientNorm > options.stopping.tolerance
      || (solution.squaredDecrement == nil && formsMatrix(objective))
    guard !isOver, isInaccurate, options.stopping.maximumIterations > solution.iterations else {
      return run
    }
    var stopping = options.stopping
    stopping.maximumIterations -= solution.iterations
    var result = run
    if formsMatrix(objective) {
      result.solution = NewtonCholesky(stopping: stopping).minimize(
        objective, from: solution.point, observing: observer)
      result.solvers.append("newton")
    } else {
      result.solution = NewtonCG(stopping: stopping).minimize(
        objective, from: solution.point, observing: observer)
      result.solvers.append("newton-cg")
    }
    result.solution.add(workOf: solution)
    return result
  }

  /// Whether a requested matrix is possible: within 1.2 GB, and few enough pairs of units.
  private func mayFormMatrix<L: Likelihood, P: Prior>(
    _ objective: AffineObjective<L, P>
  ) -> Bool {
    Self.mayFormMatrix(dimension: objective.dimension, units: objective.unitCount)
  }

  private func formsMatrix<L: Likelihood, P: Prior>(
    _ objective: AffineObjective<L, P>
  ) -> Bool {
    Self.formsMatrix(
      rows: objective.features.rowCount, dimension: objective.dimension,
      units: objective.unitCount)
  }

  /// Whether Newton's method, requested by name, forms its matrix; otherwise conjugate gradients
  /// are used.
  static func mayFormMatrix(dimension: Int, units: Int) -> Bool {
    dimension <= 4 * largestMatrix && units <= 4 * mostUnits
  }

  /// Whether a curvature matrix of all rows is formed if the solver is chosen automatically.
  static func formsMatrix(rows: Int, dimension: Int, units: Int) -> Bool {
    let size = Double(dimension)
    return formsSampleMatrix(dimension: dimension, units: units)
      && Double(rows) * size * size <= affordableFlops
  }

  /// Whether a curvature matrix of a sample of the rows is formed.
  static func formsSampleMatrix(dimension: Int, units: Int) -> Bool {
    dimension <= largestMatrix && units <= mostUnits
  }
}
