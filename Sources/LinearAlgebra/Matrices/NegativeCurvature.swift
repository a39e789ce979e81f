import SurprisalKernels

/// A direction v of a symmetric matrix A with v' A v < 0, by more than rounding explains.
public struct NegativeCurvature: Sendable {
  /// Pivots above minus this, relative to the diagonal, may be due to rounding.
  private static let roundingPivot = 1e-8

  /// The direction v; one of its entries is 1.
  public let direction: [Double]

  /// Factorises up to the first pivot that is not positive; nil if there is none, or if it may be
  /// due to rounding. Complexity: n³ / 3 flops.
  public init?(of matrix: SymmetricMatrix) {
    var factor: [[Double]] = []
    for row in 0..<matrix.dimension {
      var entries = (0..<row).map { matrix[row, $0] }
      for place in entries.indices {
        let known = surprisal_dot(place, entries, factor[place])
        entries[place] = (entries[place] - known) / factor[place][place]
      }
      let pivot = matrix[row, row] - surprisal_dot(row, entries, entries)
      if pivot > 0 {
        factor.append(entries + [pivot.squareRoot()])
        continue
      }
      guard pivot < -Self.roundingPivot * matrix[row, row].magnitude else { return nil }
      // L' v = -L⁻¹ a for the earlier rows, so that A v is zero except in this row.
      for place in entries.indices.reversed() {
        entries[place] /= factor[place][place]
        surprisal_add_scaled(place, -entries[place], factor[place], &entries)
      }
      direction =
        entries.map { -$0 } + [1]
        + [Double](repeating: 0, count: matrix.dimension - row - 1)
      return
    }
    return nil
  }
}
