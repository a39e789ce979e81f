import SurprisalLinearAlgebra

/// The rows of a matrix in a layout that makes it fast to draw a batch of arbitrary rows.
///
/// A `BlockedMatrix` spreads a row over its block, one cache line per feature; here dense rows are
/// contiguous. Uses as much memory as the matrix in double precision.
public struct ExampleRows: Sendable {
  enum Storage: Sendable {
    /// One unit per row, padded with zeros.
    case dense(Tile)
    case sparse(BlockedMatrix)
  }

  let storage: Storage
  /// N.
  public let rowCount: Int

  /// Copies the rows of a matrix. Complexity: O(N D).
  public init(_ matrix: BlockedMatrix, threads: any Reducer = .one) {
    rowCount = matrix.rowCount
    if matrix.storageKind == .sparse {
      storage = .sparse(matrix)
      return
    }
    var rows = Tile(unitCount: matrix.rowCount, capacity: matrix.columnCount)
    let stride = rows.stride
    rows.withUnsafeMutableUnits { start in
      let target = Target(start: start)
      _ = threads.map(count: matrix.blockCount) { index in
        let block = matrix.block(index)
        block.withColumns { source, sourceStride in
          for (example, row) in block.rows.enumerated() {
            let row = target.start + row * stride
            for column in 0..<matrix.columnCount {
              row[column] = source[column * sourceStride + example]
            }
          }
        }
      }
    }
    storage = .dense(rows)
  }

  /// Threads write to different rows.
  private struct Target: @unchecked Sendable {
    let start: UnsafeMutablePointer<Double>
  }
}
