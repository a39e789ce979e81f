import SurprisalLinearAlgebra
import SurprisalOptimization
import Testing

/// Newton's method on a function with a saddle point: `x⁴ / 4 - x² / 2 + y²`, minima at x = ±1.
@Suite struct NonconvexTests {
  private struct DoubleWell: ExplicitCurvatureObjective {
    var dimension: Int { 2 }

    func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
      let (x, y) = (point[0], point[1])
      gradient = [x * x * x - x, 2 * y]
      return x * x * x * x / 4 - x * x / 2 + y * y
    }

    func hessian(at point: [Double]) -> SymmetricMatrix? {
      matrix(3 * point[0] * point[0] - 1)
    }

    func curvature(at point: [Double]) -> SymmetricMatrix { matrix(3 * point[0] * point[0] + 1) }

    private func matrix(_ first: Double) -> SymmetricMatrix {
      var result = SymmetricMatrix(dimension: 2)
      (result[0, 0], result[1, 1]) = (first, 2)
      return result
    }
  }

  /// The second and third start are on the axis of the saddle, or so close to it that the gradient
  /// there is within the tolerance.
  @Test(arguments: [[0.3, 2], [1e-9, 3], [1e-12, 0], [-2, 1]])
  func endsAtAMinimum(start: [Double]) {
    let solution = NewtonCholesky().minimize(DoubleWell(), from: start)
    #expect(solution.isConverged)
    #expect((solution.value + 0.25).magnitude <= 1e-14, "\(solution.value)")
    #expect((solution.point[0].magnitude - 1).magnitude <= 1e-7)
    #expect(solution.iterations <= 20, "\(solution.iterations)")
  }

  @Test func findsNegativeCurvature() throws {
    var matrix = SymmetricMatrix(dimension: 3)
    (matrix[0, 0], matrix[1, 1], matrix[2, 2]) = (2, 1, 3)
    (matrix[1, 0], matrix[2, 0], matrix[2, 1]) = (2, 1, 0.5)
    let direction = try #require(NegativeCurvature(of: matrix)).direction
    #expect(direction.dot(matrix.multiply(direction)) < -0.9)
    matrix[1, 0] = 0
    #expect(NegativeCurvature(of: matrix) == nil)
  }
}
