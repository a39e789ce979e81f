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

  /// The solution, and the names of the solvers that were used.
  func run<L: Likelihood, P: Prior>(
    _ objective: NegativeLogPosterior<AffineLogits, L, P>, from start: [Double],
    observing observer: Observer?
  ) -> (solution: Solution, solvers: [String]) {
    let stopping = options.stopping
    switch options.solver {
    case .newton:
      return first(
        NewtonCholesky(stopping: stopping).minimize(
          objective, from: start, observing: observer), "newton")
    case .newtonCG:
      return first(
        NewtonCG(stopping: stopping).minimize(
          objective, from: start, observing: observer), "newton-cg")
    case .lbfgs:
      let solution = LBFGS(stopping: stopping).minimize(
        objective, from: start, observing: observer)
      return finish(solution, on: objective, after: "lbfgs", observing: observer)
    case .automatic:
      if formsMatrix(objective) {
        return first(
          NewtonCholesky(stopping: stopping).minimize(
            objective, from: start, observing: observer), "newton")
      }
      var coarse = stopping
      coarse.tolerance = max(stopping.tolerance, 1e-5)
      let solution = LBFGS(stopping: coarse).minimize(
        objective, from: start, observing: observer)
      return finish(solution, on: objective, after: "lbfgs", observing: observer)
    }
  }

  private func first(_ solution: Solution, _ name: String) -> (Solution, [String]) {
    (solution, [name])
  }

  /// Up to `largestMatrix` parameters a first-order solution ends with Newton steps: they bring the
  /// decrement, and with it the certificate of distance.
  private func finish<L: Likelihood, P: Prior>(
    _ solution: Solution, on objective: NegativeLogPosterior<AffineLogits, L, P>,
    after name: String, observing observer: Observer?
  ) -> (Solution, [String]) {
    let isOver = solution.termination == .cancelled || solution.termination == .notFinite
    let wantsMore =
      objective.dimension <= Self.largestMatrix
      || solution.gradientNorm > options.stopping.tolerance
    guard !isOver, wantsMore, options.stopping.maximumIterations > solution.iterations else {
      return (solution, [name])
    }
    var stopping = options.stopping
    stopping.maximumIterations -= solution.iterations
    var refined: Solution
    let finisher: String
    if formsMatrix(objective) {
      refined = NewtonCholesky(stopping: stopping).minimize(
        objective, from: solution.point, observing: observer)
      finisher = "newton"
    } else {
      refined = NewtonCG(stopping: stopping).minimize(
        objective, from: solution.point, observing: observer)
      finisher = "newton-cg"
    }
    refined.iterations += solution.iterations
    refined.evaluations += solution.evaluations
    if refined.lastStep.isEmpty { refined.lastStep = solution.lastStep }
    return (refined, [name, finisher])
  }

  private func formsMatrix<L: Likelihood, P: Prior>(
    _ objective: NegativeLogPosterior<AffineLogits, L, P>
  ) -> Bool {
    let size = Double(objective.dimension)
    return objective.dimension <= Self.largestMatrix && objective.unitCount <= Self.mostUnits
      && Double(objective.features.rowCount) * size * size <= Self.affordableFlops
  }
}
