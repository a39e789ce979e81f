import Foundation
import SurprisalLinearAlgebra
import SurprisalOptimization

/// A function with a known minimum, its gradient and a positive semi-definite curvature.
struct MinimumProblem: TwiceDifferentiableObjective, ExplicitCurvatureObjective,
  CustomStringConvertible
{
  struct Matrix: LinearOperator {
    let matrix: SymmetricMatrix
    func multiply(_ vector: [Double]) -> [Double] { matrix.multiply(vector) }
  }

  let name: String
  let start: [Double]
  /// The smallest value.
  let minimum: Double
  /// The minimiser; nil if there is none.
  var minimizer: [Double]?
  /// The error of the value that is possible with a gradient of 1e-8.
  var valueTolerance = 1e-14
  /// The corresponding error of the point.
  var pointTolerance = 1e-6
  let function: @Sendable ([Double]) -> (value: Double, gradient: [Double])
  let hessian: @Sendable ([Double]) -> [[Double]]

  var dimension: Int { start.count }
  var description: String { name }

  func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
    let result = function(point)
    gradient = result.gradient
    return result.value
  }

  func curvature(at point: [Double]) -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: dimension)
    for (row, entries) in hessian(point).enumerated() {
      for column in 0...row { result[row, column] = entries[column] }
    }
    return result
  }

  func linearize(at point: [Double]) -> Matrix { Matrix(matrix: curvature(at: point)) }
}

extension MinimumProblem {
  static let all = [
    quadratic(condition: 1), quadratic(condition: 1e8), hilbert, rosenbrock, logSumExp,
    roundedCone, wall, offsetValue,
  ]

  /// `sum d_i (x_i - 1)^2 / 2`, d from 1 to `condition`.
  static func quadratic(condition: Double) -> MinimumProblem {
    let scales = (0..<8).map { pow(condition, Double($0) / 7) }
    return MinimumProblem(
      name: "quadratic of condition \(condition)", start: [Double](repeating: -3, count: 8),
      minimum: 0, minimizer: [Double](repeating: 1, count: 8),
      function: { x in
        let slopes = zip(x, scales).map { ($0 - 1) * $1 }
        return (zip(x, slopes).reduce(0) { $0 + ($1.0 - 1) * $1.1 / 2 }, slopes)
      },
      hessian: { _ in diagonal(scales) })
  }

  /// `xᵀHx / 2 - bᵀx` with the Hilbert matrix of order 5 and the minimiser (1, ..., 1): condition
  /// 5e5, no axis of it along a coordinate.
  static let hilbert: MinimumProblem = {
    let matrix = (0..<5).map { row in (0..<5).map { 1 / Double(row + $0 + 1) } }
    return MinimumProblem(
      name: "Hilbert matrix", start: [0, 0, 0, 0, 0], minimum: 0,
      minimizer: [1, 1, 1, 1, 1], valueTolerance: 1e-10, pointTolerance: 1e-2,
      function: { x in
        let shifted = x.map { $0 - 1 }
        let slopes = matrix.map { $0.dot(shifted) }
        return (shifted.dot(slopes) / 2, slopes)
      },
      hessian: { _ in matrix })
  }()

  /// `100 (y - x²)² + (1 - x)²`; the curvature is that of Gauss and Newton.
  static let rosenbrock = MinimumProblem(
    name: "Rosenbrock", start: [-1.2, 1], minimum: 0, minimizer: [1, 1],
    function: { x in
      let (a, b) = (x[1] - x[0] * x[0], 1 - x[0])
      return (100 * a * a + b * b, [-400 * a * x[0] - 2 * b, 200 * a])
    },
    hessian: { x in [[800 * x[0] * x[0] + 2, -400 * x[0]], [-400 * x[0], 200]] })

  /// `log sum (exp x_i + exp -x_i)`, log 2n at 0.
  static let logSumExp = MinimumProblem(
    name: "log-sum-exp", start: [3, -2, 0.5, 7], minimum: log(8), minimizer: [0, 0, 0, 0],
    valueTolerance: 1e-15,
    function: { x in
      let top = x.map(\.magnitude).max() ?? 0
      let sum = x.reduce(0) { $0 + exp($1 - top) + exp(-$1 - top) }
      return (top + log(sum), x.map { (exp($0 - top) - exp(-$0 - top)) / sum })
    },
    hessian: { x in
      let top = x.map(\.magnitude).max() ?? 0
      let sum = x.reduce(0) { $0 + exp($1 - top) + exp(-$1 - top) }
      let slopes = x.map { (exp($0 - top) - exp(-$0 - top)) / sum }
      return x.indices.map { row in
        x.indices.map { column in
          let own = row == column ? (exp(x[row] - top) + exp(-x[row] - top)) / sum : 0
          return own - slopes[row] * slopes[column]
        }
      }
    })

  /// `sum (x² + 1e-4)^(3/4)`: like |x|^1.5, with small curvature far out and large curvature at the
  /// minimum.
  static let roundedCone = MinimumProblem(
    name: "rounded |x|^1.5", start: [4, -90], minimum: 2e-3, minimizer: [0, 0],
    function: { x in
      let squares = x.map { $0 * $0 + 1e-4 }
      return (
        squares.reduce(0) { $0 + pow($1, 0.75) },
        zip(x, squares).map { 1.5 * $0 * pow($1, -0.25) }
      )
    },
    hessian: { x in
      diagonal(
        x.map { x in
          let square = x * x + 1e-4
          return 1.5 * pow(square, -0.25) - 0.75 * x * x * pow(square, -1.25)
        })
    })

  /// `-2x - log(1 - x)`, NaN from 1 on; the minimum log 2 - 1 is at 1/2.
  static let wall = MinimumProblem(
    name: "wall", start: [-20], minimum: log(2) - 1, minimizer: [0.5],
    function: { x in
      guard x[0] < 1 else { return (.nan, [.infinity]) }
      return (-2 * x[0] - log(1 - x[0]), [-2 + 1 / (1 - x[0])])
    },
    hessian: { x in [[1 / ((1 - x[0]) * (1 - x[0]))]] })

  /// `1e6 + (x - 2)² / 2`: near the minimum all values round to one number.
  static let offsetValue = MinimumProblem(
    name: "large constant", start: [50], minimum: 1e6, minimizer: [2], valueTolerance: 1e-15,
    function: { x in (1e6 + (x[0] - 2) * (x[0] - 2) / 2, [x[0] - 2]) },
    hessian: { _ in [[1]] })

  /// `sum log(1 + exp(-x_i))`: a separated logistic regression; the infimum 0 is at infinity.
  static let separable = MinimumProblem(
    name: "separable", start: [0, 1], minimum: 0,
    function: { x in
      (
        x.reduce(0) { $0 + log1p(exp(-$1)) }, x.map { -1 / (1 + exp($0)) }
      )
    },
    hessian: { x in diagonal(x.map { 1 / (2 + exp($0) + exp(-$0)) }) })

  private static func diagonal(_ values: [Double]) -> [[Double]] {
    values.indices.map { row in values.indices.map { $0 == row ? values[row] : 0 } }
  }
}
