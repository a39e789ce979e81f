import SurprisalLinearAlgebra
import SurprisalOptimization

extension DifferentiableObjective {
  /// The Hessian by central differences of the gradient, with a step of 1e-4 in each coordinate,
  /// symmetrised. Its relative error, about 1e-9, limits the accuracy of a Newton step. Complexity:
  /// two gradients per parameter.
  func curvatureByDifferences(at point: [Double]) -> SymmetricMatrix {
    let step = 1e-4
    let columns = (0..<dimension).map { index -> [Double] in
      var (high, low) = (point, point)
      high[index] += step
      low[index] -= step
      var (above, below) = ([Double](), [Double]())
      _ = evaluate(at: high, gradient: &above)
      _ = evaluate(at: low, gradient: &below)
      return zip(above, below).map { ($0 - $1) / (2 * step) }
    }
    var result = SymmetricMatrix(dimension: dimension)
    for row in 0..<dimension {
      for column in 0...row {
        result[row, column] = (columns[column][row] + columns[row][column]) / 2
      }
    }
    return result
  }
}
