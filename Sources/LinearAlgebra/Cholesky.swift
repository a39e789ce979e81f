import RealModule
import SurprisalKernels

/// The Cholesky factor L of a symmetric positive definite matrix, A = L Lᵀ.
public struct Cholesky: Sendable {
  /// The number of rows.
  public let dimension: Int
  /// L, row-major; entries above the diagonal are unspecified.
  private var factor: [Double]

  /// Factorises, or returns nil when a pivot is not above `tolerance` times its diagonal entry:
  /// the matrix is then singular or indefinite at that precision.
  ///
  /// Row-oriented (Cholesky-Crout): each entry is a dot product of two contiguous rows.
  /// Complexity: n³ / 3 flops.
  public init?(_ matrix: SymmetricMatrix, tolerance: Double = 1e-14) {
    let n = matrix.dimension
    dimension = n
    factor = matrix.elements
    let succeeded = factor.withUnsafeMutableBufferPointer { buffer -> Bool in
      guard let base = buffer.baseAddress else { return n == 0 }
      for row in 0..<n {
        let current = base + row * n
        for column in 0..<row {
          let other = base + column * n
          current[column] =
            (current[column] - surprisal_dot(column, current, other)) / other[column]
        }
        let diagonal = current[row]
        let pivot = diagonal - surprisal_dot(row, current, current)
        guard pivot > tolerance * diagonal, pivot.isFinite, pivot > 0 else { return false }
        current[row] = pivot.squareRoot()
      }
      return true
    }
    guard succeeded else { return nil }
  }

  /// The solution x of A x = b. Complexity: 2 n² flops.
  public func solve(_ rightSide: [Double]) -> [Double] {
    precondition(rightSide.count == dimension)
    var x = rightSide
    let n = dimension
    factor.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in 0..<n {
        x[row] = (x[row] - surprisal_dot(row, base + row * n, x)) / base[row * n + row]
      }
      for row in stride(from: n - 1, through: 0, by: -1) {
        x[row] /= base[row * n + row]
        let value = x[row]
        for column in 0..<row { x[column] -= value * base[row * n + column] }
      }
    }
    return x
  }

  /// log det A.
  public var logDeterminant: Double {
    2 * (0..<dimension).reduce(0) { $0 + Double.log(factor[$1 * dimension + $1]) }
  }

  /// A⁻¹. Complexity: O(n³).
  public var inverse: SymmetricMatrix {
    var result = SymmetricMatrix(dimension: dimension)
    var unit = [Double](repeating: 0, count: dimension)
    for column in 0..<dimension {
      unit[column] = 1
      let solution = solve(unit)
      for row in column..<dimension { result[row, column] = solution[row] }
      unit[column] = 0
    }
    return result
  }
}
