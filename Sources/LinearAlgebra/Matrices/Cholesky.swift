import RealModule
import SurprisalKernels

/// The Cholesky factor L of a symmetric positive definite matrix, A = L Lᵀ.
public struct Cholesky: Sendable {
  /// The number of rows.
  public let dimension: Int
  /// L, row-major; entries above the diagonal are unspecified.
  private var factor: [Double]

  /// Factorises; nil if a pivot is not above `tolerance` times its diagonal entry: the matrix is
  /// then singular or indefinite at that precision.
  ///
  /// Blocks of columns from left to right: the contribution of earlier columns to a block is one
  /// matrix product, the block itself is factorised row by row (Cholesky-Crout). Complexity: n³ / 3
  /// flops.
  public init?(_ matrix: SymmetricMatrix, tolerance: Double = 1e-14) {
    let n = matrix.dimension
    dimension = n
    factor = matrix.elements
    let diagonal = matrix.diagonal
    let succeeded = factor.withUnsafeMutableBufferPointer { buffer -> Bool in
      guard let base = buffer.baseAddress else { return n == 0 }
      var blocks = CholeskyBlocks(base: base, dimension: n)
      for block in blocks.blocks {
        blocks.subtractColumns(before: block)
        guard blocks.factorize(block, diagonal: diagonal, tolerance: tolerance) else {
          return false
        }
        blocks.divideRows(below: block)
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
        surprisal_add_scaled(row, -x[row], base + row * n, &x)
      }
    }
    return x
  }

  func withFactor(_ body: (UnsafeBufferPointer<Double>) -> Void) {
    factor.withUnsafeBufferPointer(body)
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
