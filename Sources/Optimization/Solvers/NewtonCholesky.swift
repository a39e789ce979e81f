import SurprisalLinearAlgebra

/// Newton's method with a factorised curvature matrix.
///
/// A handful of steps whatever the conditioning, each O(N P²) to form the matrix and P³ / 3 to
/// factorise it: for up to a few thousand parameters. A matrix that is singular to working
/// precision gets the smallest ridge of a geometric series that makes it factorise.
public struct NewtonCholesky: Solver {
  public var stopping: StoppingRule

  /// The method; it has no options but when to stop.
  public init(stopping: StoppingRule = StoppingRule()) {
    self.stopping = stopping
  }

  public var name: String { "newton" }

  /// Minimises an objective whose curvature can be written out.
  public func minimize<O: ExplicitCurvatureObjective>(
    _ objective: O, from start: [Double], observing observer: Observer? = nil
  ) -> Solution {
    DescentLoop(stopping: stopping).run(
      Rule<O>(), on: objective, from: start, observing: observer)
  }

  private struct Rule<Target: ExplicitCurvatureObjective>: DescentRule {
    var curvatureEvaluations = 0

    mutating func direction(at iterate: Iterate, of objective: Target) -> DescentDirection {
      curvatureEvaluations += 1
      let matrix = objective.curvature(at: iterate.point)
      var vector = Self.solve(matrix, iterate.gradient) ?? iterate.gradient
      vector.scale(by: -1)
      return DescentDirection(
        vector: vector, squaredDecrement: -vector.dot(iterate.gradient), isNewtonStep: true)
    }

    mutating func learn(step: [Double], gradientChange: [Double]) {}

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
