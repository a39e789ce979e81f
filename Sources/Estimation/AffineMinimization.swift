import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// Which solvers run, in which order, for affine logits.
struct AffineMinimization {
  /// The largest number of parameters for which a curvature matrix is formed.
  static let largestMatrix = 3000
  /// The most units whose second derivatives, one for each pair, are written out.
  static let mostUnits = 64
  /// The most flops one curvature matrix may cost where the choice is free.
  static let affordableFlops = 5e10

  let options: FitOptions

  /// What ran, and what it cost.
  struct Run {
    var solution: Solution
    /// The solvers, in order.
    var solvers: [String]
    /// The work on samples and matrices before the solver, in passes over all rows.
    var setUpPasses = 0.0
  }

  /// Minimises the objective.
  func run<L: Likelihood, P: Prior>(
    _ objective: NegativeLogPosterior<AffineLogits, L, P>, from start: [Double],
    observing observer: Observer?
  ) -> Run {
    let stopping = options.stopping
    switch options.solver {
    case .newton:
      let solution = NewtonCholesky(stopping: stopping).minimize(
        objective, from: start, observing: observer)
      return Run(solution: solution, solvers: ["newton"])
    case .newtonCG:
      let solution = NewtonCG(stopping: stopping).minimize(
        objective, from: start, observing: observer)
      return Run(solution: solution, solvers: ["newton-cg"])
    case .lbfgs:
      let solution = LBFGS(stopping: stopping).minimize(
        objective, from: start, observing: observer)
      return finish(Run(solution: solution, solvers: ["lbfgs"]), on: objective, observer)
    case .automatic:
      if formsMatrix(objective) {
        let solution = NewtonCholesky(stopping: stopping).minimize(
          objective, from: start, observing: observer)
        return Run(solution: solution, solvers: ["newton"])
      }
      let method = PreconditionedMinimization(stopping: stopping)
      return finish(
        method.run(objective, from: start, observing: observer), on: objective, observer)
    }
  }

  /// A first-order solution that is not good enough, or whose distance from the optimum is wanted
  /// and affordable, ends with Newton steps.
  private func finish<L: Likelihood, P: Prior>(
    _ run: Run, on objective: NegativeLogPosterior<AffineLogits, L, P>, _ observer: Observer?
  ) -> Run {
    let solution = run.solution
    let isOver = solution.termination == .cancelled || solution.termination == .notFinite
    let wantsMore =
      !solution.isConverged || (solution.squaredDecrement == nil && formsMatrix(objective))
    guard !isOver, wantsMore, options.stopping.maximumIterations > solution.iterations else {
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

  private func formsMatrix<L: Likelihood, P: Prior>(
    _ objective: NegativeLogPosterior<AffineLogits, L, P>
  ) -> Bool {
    let size = Double(objective.dimension)
    return objective.dimension <= Self.largestMatrix && objective.unitCount <= Self.mostUnits
      && Double(objective.features.rowCount) * size * size <= Self.affordableFlops
  }
}
