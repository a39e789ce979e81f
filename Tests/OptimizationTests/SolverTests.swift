import Foundation
import SurprisalOptimization
import TestSupport
import Testing

/// Every solver on every problem.
@Suite struct SolverTests {
  enum Method: String, CaseIterable {
    case newton
    case newtonCG = "newton-cg"
    case lbfgs

    func minimize(
      _ problem: MinimumProblem, from start: [Double]? = nil,
      stopping: StoppingRule = StoppingRule(), observing observer: Observer? = nil
    ) -> Solution {
      let start = start ?? problem.start
      switch self {
      case .newton:
        return NewtonCholesky(stopping: stopping).minimize(
          problem, from: start, observing: observer)
      case .newtonCG:
        return NewtonCG(stopping: stopping).minimize(problem, from: start, observing: observer)
      case .lbfgs:
        return LBFGS(stopping: stopping).minimize(problem, from: start, observing: observer)
      }
    }
  }

  @Test(arguments: Method.allCases, MinimumProblem.all)
  func reachesTheMinimum(_ method: Method, _ problem: MinimumProblem) throws {
    let solution = method.minimize(problem)
    #expect(solution.termination == .converged)
    #expect(solution.isConverged)
    #expect(solution.gradientNorm <= 1e-8)
    #expect(solution.gradientNorm == solution.gradient.map(\.magnitude).max())
    let gap = solution.value - problem.minimum
    #expect(gap >= -1e-15 * max(1, problem.minimum.magnitude), "\(gap)")
    #expect(gap <= problem.valueTolerance * max(1, problem.minimum.magnitude), "\(gap)")
    let minimizer = try #require(problem.minimizer)
    for (found, expected) in zip(solution.point, minimizer) {
      #expect((found - expected).magnitude <= problem.pointTolerance)
    }
    #expect(solution.evaluations > solution.iterations)
    #expect((solution.curvatureEvaluations > 0) == (method != .lbfgs))
    #expect((solution.squaredDecrement != nil) == (method != .lbfgs))
  }

  @Test(arguments: MinimumProblem.all)
  func newtonTakesFewSteps(_ problem: MinimumProblem) {
    let solution = Method.newton.minimize(problem)
    #expect(solution.iterations <= 30, "\(solution.iterations)")
  }

  /// The gradient of a problem without a minimum becomes small far out: the value is close to the
  /// infimum and the last step points in the direction of unbounded decrease.
  @Test(arguments: Method.allCases)
  func headsForInfinity(_ method: Method) {
    let solution = method.minimize(.separable)
    #expect(solution.value < 1e-7)
    #expect(solution.point.allSatisfy { $0 > 15 })
    #expect(solution.lastStep.count == 2)
    #expect(solution.lastStep.allSatisfy { $0 > 0 })
  }

  @Test(arguments: Method.allCases)
  func staysAtTheMinimum(_ method: Method) {
    let solution = method.minimize(.logSumExp, from: [0, 0, 0, 0])
    #expect(solution.termination == .converged)
    #expect(solution.iterations == 0)
    #expect(solution.evaluations == 1)
    #expect(solution.point == [0, 0, 0, 0])
  }

  @Test(arguments: Method.allCases, [0, 1, 3])
  func stopsAtTheIterationLimit(_ method: Method, _ limit: Int) {
    let stopping = StoppingRule(maximumIterations: limit)
    let solution = method.minimize(.rosenbrock, stopping: stopping)
    #expect(solution.termination == .iterationLimit)
    #expect(!solution.isConverged)
    #expect(solution.iterations == limit)
    if limit == 0 { #expect(solution.point == MinimumProblem.rosenbrock.start) }
  }

  @Test(arguments: Method.allCases)
  func stopsWhereTheObserverAsks(_ method: Method) {
    let solution = method.minimize(.rosenbrock) { $0.iteration < 2 }
    #expect(solution.termination == .cancelled)
    #expect(solution.iterations == 2)
  }

  @Test(arguments: Method.allCases)
  func everyStepDecreasesTheValue(_ method: Method) {
    let seen = Values()
    _ = method.minimize(.rosenbrock) { progress in
      seen.append(progress)
      return true
    }
    let values = [24.2] + seen.all.map(\.value)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(seen.all.map(\.iteration) == Array(1...seen.all.count))
  }

  @Test(arguments: Method.allCases)
  func saysThatTheStartIsOutside(_ method: Method) {
    let solution = method.minimize(.wall, from: [2])
    #expect(solution.termination == .notFinite)
    #expect(solution.point == [2])
  }

  /// A gradient with the wrong sign: no step decreases the objective, and the solver reports it.
  @Test(arguments: Method.allCases)
  func saysThatNothingDecreases(_ method: Method) {
    let problem = MinimumProblem(
      name: "wrong gradient", start: [1], minimum: 0,
      function: { x in (x[0] * x[0], [-2 * x[0]]) }, hessian: { _ in [[2]] })
    let solution = method.minimize(problem)
    #expect(solution.termination == .noProgress)
    #expect(solution.point == [1])
  }

  @Test(arguments: Method.allCases)
  func curvatureMayBeSingular(_ method: Method) {
    // Constant along (1, -1): any point of x + y = 4 is a minimiser.
    let problem = MinimumProblem(
      name: "valley", start: [7, 1], minimum: 0,
      function: { x in
        let sum = x[0] + x[1] - 4
        return (sum * sum / 2, [sum, sum])
      }, hessian: { _ in [[1, 1], [1, 1]] })
    let solution = method.minimize(problem)
    #expect(solution.isConverged)
    #expect((solution.point[0] + solution.point[1] - 4).magnitude < 1e-8)
    // Steps do not move along the valley.
    #expect((solution.point[0] - solution.point[1] - 6).magnitude < 1e-6)
  }

  @Test func toleranceIsAboutTheGradientAndTheDecrement() {
    let rule = StoppingRule(tolerance: 1e-3)
    #expect(rule.accepts(gradientNorm: 1e-3))
    #expect(!rule.accepts(gradientNorm: 1.1e-3))
    #expect(!rule.accepts(gradientNorm: .nan))
    #expect(rule.accepts(squaredDecrement: 2e-4, value: 0.5))
    #expect(!rule.accepts(squaredDecrement: 2.1e-4, value: -1))
    #expect(rule.accepts(squaredDecrement: 2e-2, value: -100))
    #expect(StoppingRule().tolerance == 1e-8)
    #expect(StoppingRule().maximumIterations == 1000)
  }
}

/// The values that an observer received; solvers call it from one thread at a time.
private final class Values: @unchecked Sendable {
  private let lock = NSLock()
  private var seen: [SolverProgress] = []
  func append(_ progress: SolverProgress) { lock.withLock { seen.append(progress) } }
  var all: [SolverProgress] { lock.withLock { seen } }
}
