import SurprisalKernels

/// A block of rows of a `BlockedMatrix` with the products that models need of it.
///
/// How the features are stored is known here and nowhere else: a model, a likelihood and a solver
/// see only these products.
public struct RowBlock: Sendable {
  let matrix: BlockedMatrix
  /// Which block of the matrix this is.
  public let index: Int
  /// The rows it holds.
  public let rows: Range<Int>

  /// D, the number of columns.
  public var columnCount: Int { matrix.columnCount }

  /// `tile[u, i] += sum_d weights[u * D + d] * x[i, d]` for units `0..<units`.
  ///
  /// `weights` starts at `offset` and is unit-major. The sum over d runs in ascending order, so the
  /// logits of a row have the same bits wherever the row stands.
  public func addProduct(
    with weights: [Double], from offset: Int = 0, units: Int, to tile: inout Tile
  ) {
    precondition(offset + units * columnCount <= weights.count && units <= tile.unitCount)
    precondition(rows.count <= tile.capacity)
    guard columnCount > 0 else { return }
    let tileStride = tile.stride
    weights.withUnsafeBufferPointer { weights in
      guard let base = weights.baseAddress else { return }
      tile.withUnsafeMutableUnits { target in
        withColumns { columns, stride in
          surprisal_add_product_fetching(
            stride, columnCount, units, columns, stride, base + offset, columnCount, target,
            tileStride, next(after: columns))
        }
      }
    }
  }

  /// `gradient[u * D + d] += sum_i tile[u, i] * x[i, d]` for units `0..<units`; `gradient` from
  /// `offset` on. Padding of the tile must be finite: it meets zero rows.
  public func addOuterProduct(
    with tile: Tile, units: Int, to gradient: inout [Double], from offset: Int = 0
  ) {
    precondition(offset + units * columnCount <= gradient.count && units <= tile.unitCount)
    guard columnCount > 0 else { return }
    gradient.withUnsafeMutableBufferPointer { gradient in
      guard let base = gradient.baseAddress else { return }
      tile.withUnsafeUnits { scores in
        withColumns { columns, stride in
          surprisal_add_outer_product(
            stride, columnCount, units, columns, stride, scores, tile.stride, base + offset,
            columnCount)
        }
      }
    }
  }

  /// `gram[f, e] += sum_i weights[i] * x[i, f] * x[i, e]`, lower triangle of a D x D matrix.
  ///
  /// `weights` are `Tile.padded(rows.count)` doubles, finite in the padding.
  public func addWeightedGram(_ weights: UnsafePointer<Double>, to gram: inout [Double]) {
    precondition(gram.count == columnCount * columnCount)
    guard columnCount > 0 else { return }
    gram.withUnsafeMutableBufferPointer { gram in
      guard let base = gram.baseAddress else { return }
      withColumns { columns, stride in
        surprisal_add_weighted_gram(
          stride, columnCount, columns, stride, weights, base, columnCount)
      }
    }
  }

  /// `result[d] += sum_i weights[i] * x[i, d]`, `weights` padded as above.
  public func addWeightedSum(
    _ weights: UnsafePointer<Double>, to result: inout [Double], from offset: Int = 0
  ) {
    precondition(offset + columnCount <= result.count)
    withColumns { columns, stride in
      for column in 0..<columnCount {
        result[offset + column] += surprisal_dot(stride, columns + column * stride, weights)
      }
    }
  }

  /// Where the next block of the matrix starts, for fetching it into the cache while this one is
  /// used: work goes through the blocks in order.
  private func next(after columns: UnsafePointer<Double>) -> UnsafePointer<Double>? {
    guard index + 1 < matrix.blockCount else { return nil }
    return columns + BlockedMatrix.blockSize * columnCount
  }

  /// The block's columns: column d starts at `base + d * stride` and holds `rows.count` values,
  /// then zeros up to `stride`.
  public func withColumns<R>(_ body: (UnsafePointer<Double>, Int) throws -> R) rethrows -> R {
    try withExtendedLifetime(matrix.buffer) {
      let start = matrix.buffer.start + index * BlockedMatrix.blockSize * columnCount
      return try body(UnsafePointer(start), matrix.stride(ofBlock: index))
    }
  }
}
