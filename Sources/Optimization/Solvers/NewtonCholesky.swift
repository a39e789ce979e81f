import SurprisalLinearAlgebra

/// Newton's method with a factorised curvature matrix.
///
/// Takes few steps for any conditioning, each O(N P²) to form the matrix and P³ / 3 to factorise
/// it: for up to a few thousand parameters. If the matrix is singular to working precision, the
/// smallest ridge of a geometric series that allows a factorisation is added.
///
/// An objective that is not convex has a Hessian H besides its semi-definite curvature K. Steps
/// then use (1 - t) H + t K for the smallest t of a short series that makes it positive definite: t
/// = 1 far from a minimum, as in an EM algorithm, and t = 0 near one, for quadratic convergence. At
/// a stationary point with negative curvature a step is taken along that direction.
public struct NewtonCholesky: Solver {
  public var stopping: StoppingRule

  /// Creates the method; its only option is the stopping rule.
  public init(stopping: StoppingRule = StoppingRule()) {
    self.stopping = stopping
  }

  public var name: String { "newton" }

  /// Minimises an objective with an explicit curvature matrix.
  public func minimize<O: ExplicitCurvatureObjective>(
    _ objective: O, from start: [Double], observing observer: Observer? = nil
  ) -> Solution {
    DescentLoop(stopping: stopping).run(
      Rule<O>(stopping: stopping), on: objective, from: start, observing: observer)
  }

  private struct Rule<Target: ExplicitCurvatureObjective>: DescentRule {
    let stopping: StoppingRule
    var curvatureEvaluations = 0

    mutating func direction(at iterate: Iterate, of objective: Target) -> DescentDirection {
      curvatureEvaluations += 1
      guard let hessian = objective.hessian(at: iterate.point) else {
        return newtonStep(objective.curvature(at: iterate.point), iterate)
      }
      if let factor = Cholesky(hessian) {
        return newtonStep(factor.solve(iterate.gradient), iterate)
      }
      curvatureEvaluations += 1
      let curvature = objective.curvature(at: iterate.point)
      var result: DescentDirection?
      for share in [0x1p-12, 0x1p-9, 0x1p-6, 0x1p-4, 0x1p-2, 0x1p-1] where result == nil {
        var mixed = curvature
        mixed.elements.scale(by: share)
        mixed.elements.add(1 - share, times: hessian.elements)
        result = Cholesky(mixed).map { newtonStep($0.solve(iterate.gradient), iterate) }
      }
      var direction = result ?? newtonStep(curvature, iterate)
      if stopping.accepts(gradientNorm: iterate.gradient.infinityNorm),
        let escape = NegativeCurvature(of: hessian)?.direction
      {
        let sign = escape.dot(iterate.gradient) > 0 ? -1.0 : 1
        direction.vector.add(sign / escape.infinityNorm, times: escape)
        direction.isNewtonStep = false
        direction.leavesSaddle = true
      }
      return direction
    }

    mutating func learn(step: [Double], gradientChange: [Double]) {}

    private func newtonStep(_ matrix: SymmetricMatrix, _ iterate: Iterate) -> DescentDirection {
      newtonStep(Self.solve(matrix, iterate.gradient) ?? iterate.gradient, iterate)
    }

    private func newtonStep(_ solution: [Double], _ iterate: Iterate) -> DescentDirection {
      var vector = solution
      vector.scale(by: -1)
      return DescentDirection(
        vector: vector, squaredDecrement: -vector.dot(iterate.gradient), isNewtonStep: true)
    }

    private static func solve(_ matrix: SymmetricMatrix, _ gradient: [Double]) -> [Double]? {
      if let factor = Cholesky(matrix) { return factor.solve(gradient) }
      let top = matrix.diagonal.infinityNorm
      guard top.isFinite, top > 0 else { return nil }
      for share in [1e-13, 1e-11, 1e-9, 1e-7, 1e-4, 1e-1] {
        var shifted = matrix
        let ridge = top * share
        for index in 0..<matrix.dimension { shifted[index, index] += ridge }
        if let factor = Cholesky(shifted) { return factor.solve(gradient) }
      }
      return nil
    }
  }
}
