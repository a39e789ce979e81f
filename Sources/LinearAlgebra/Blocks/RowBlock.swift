import SurprisalKernels

/// A block of rows of a `BlockedMatrix` and the products that models need.
///
/// Only this type knows how the features are stored: models, likelihoods and solvers use these
/// products.
public struct RowBlock: Sendable {
  let matrix: BlockedMatrix
  /// The index of the block in the matrix.
  public let index: Int
  /// The rows of the block.
  public let rows: Range<Int>

  /// D, the number of columns.
  public var columnCount: Int { matrix.columnCount }

  /// `tile[u, i] += sum_d weights[u * D + d] * x[i, d]` for units `0..<units`.
  ///
  /// `weights` starts at `offset` and is unit-major. The sum over d runs in ascending order, so the
  /// logits of a row have the same bits at any position.
  public func addProduct(
    with weights: [Double], from offset: Int = 0, units: Int, to tile: inout Tile
  ) {
    precondition(offset + units * columnCount <= weights.count)
    weights.withUnsafeBufferPointer { weights in
      guard let base = weights.baseAddress else { return }
      addProduct(base + offset, columnCount, 1, units, to: &tile)
    }
  }

  /// As above, with all units of weights that were arranged for the matrix: the same bits.
  public func addProduct(with weights: ArrangedWeights, to tile: inout Tile) {
    precondition(weights.columnCount == columnCount)
    precondition(weights.isArranged(for: matrix.storageKind))
    addProduct(
      weights.buffer.start, weights.unitStride, weights.columnStride, weights.unitCount, to: &tile)
  }

  /// `gradient[u * D + d] += sum_i tile[u, i] * x[i, d]` for units `0..<units`; `gradient` from
  /// `offset` on. The padding of the tile must be finite because it is multiplied by zero rows.
  public func addOuterProduct(
    with tile: Tile, units: Int, to gradient: inout [Double], from offset: Int = 0
  ) {
    precondition(offset + units * columnCount <= gradient.count)
    gradient.withUnsafeMutableBufferPointer { gradient in
      guard let base = gradient.baseAddress else { return }
      addOuterProduct(tile, units, to: base + offset, columnCount, 1)
    }
  }

  /// As above, added to all units of a sum that is arranged for the matrix.
  public func addOuterProduct(with tile: Tile, to sum: inout ArrangedWeights) {
    precondition(sum.columnCount == columnCount && sum.isArranged(for: matrix.storageKind))
    let units = sum.unitCount
    let unitStride = sum.unitStride
    let columnStride = sum.columnStride
    sum.withMutableStart { addOuterProduct(tile, units, to: $0, unitStride, columnStride) }
  }

  /// `gram[f, e] += sum_i weights[i] * x[i, f] * x[i, e]`, lower triangle of a D x D matrix.
  ///
  /// `weights` has `Tile.padded(rows.count)` entries, finite in the padding.
  public func addWeightedGram(_ weights: UnsafePointer<Double>, to gram: inout [Double]) {
    precondition(gram.count == columnCount * columnCount)
    let count = columnCount
    gram.withUnsafeMutableBufferPointer { gram in
      guard let base = gram.baseAddress else { return }
      visit { columns, stride in
        surprisal_add_weighted_gram(stride, count, columns, stride, weights, base, count)
      } single: { columns, stride in
        surprisal_add_weighted_gram_single(stride, count, columns, stride, weights, base, count)
      } sparse: { entries in
        surprisal_add_sparse_gram(entries, weights, base, count)
      }
    }
  }

  /// As above, for some of the columns: `places[d]` is the row of column d in the matrix,
  /// ascending, or negative if the column is left out. Used for storage other than double
  /// precision, which has no faster method.
  public func addWeightedGram(
    _ weights: UnsafePointer<Double>, places: [Int32], to gram: inout SymmetricMatrix
  ) {
    precondition(places.count == columnCount)
    let size = gram.dimension
    var entries: [(place: Int, value: Double)] = []
    gram.elements.withUnsafeMutableBufferPointer { gram in
      for (example, row) in rows.enumerated() where weights[example] != 0 {
        entries.removeAll(keepingCapacity: true)
        matrix.forEachEntry(ofRow: row) { column, value in
          if places[column] >= 0 { entries.append((Int(places[column]), value)) }
        }
        for (index, high) in entries.enumerated() {
          let scaled = weights[example] * high.value
          let first = high.place * size
          for low in entries[...index] { gram[first + low.place] += scaled * low.value }
        }
      }
    }
  }

  /// `result[d] += sum_i weights[i] * x[i, d]`, with `weights` padded as above.
  public func addWeightedSum(
    _ weights: UnsafePointer<Double>, to result: inout [Double], from offset: Int = 0
  ) {
    precondition(offset + columnCount <= result.count)
    let count = columnCount
    result.withUnsafeMutableBufferPointer { result in
      guard let base = result.baseAddress.map({ $0 + offset }) else { return }
      visit { columns, stride in
        for column in 0..<count {
          base[column] += surprisal_dot(stride, columns + column * stride, weights)
        }
      } single: { columns, stride in
        surprisal_add_outer_product_single(
          stride, count, 1, columns, stride, weights, stride, base, count)
      } sparse: { entries in
        surprisal_add_sparse_outer_product(entries, 1, weights, 0, base, 0, 1)
      }
    }
  }

  /// `result[d] += sum_i weights[i] * x[i, d]²`, with `weights` padded as above.
  public func addWeightedSquares(_ weights: UnsafePointer<Double>, to result: inout [Double]) {
    precondition(columnCount <= result.count)
    let count = columnCount
    result.withUnsafeMutableBufferPointer { result in
      guard let base = result.baseAddress else { return }
      visit { columns, stride in
        for column in 0..<count {
          let values = columns + column * stride
          for row in 0..<stride { base[column] += weights[row] * values[row] * values[row] }
        }
      } single: { columns, stride in
        for column in 0..<count {
          let values = columns + column * stride
          for row in 0..<stride {
            base[column] += weights[row] * Double(values[row]) * Double(values[row])
          }
        }
      } sparse: { view in
        let entries = view.pointee
        for row in 0..<entries.rows {
          for entry in entries.starts[row]..<entries.starts[row + 1] {
            base[Int(entries.columns[entry])] +=
              weights[row] * entries.values[entry] * entries.values[entry]
          }
        }
      }
    }
  }

  /// The block's columns: column d starts at `base + d * stride` and has `rows.count` values, then
  /// zeros up to `stride`. Copies the D columns of the block if the matrix is not stored in double
  /// precision; prefer products for such matrices.
  public func withColumns<R>(_ body: (UnsafePointer<Double>, Int) throws -> R) rethrows -> R {
    let stride = matrix.stride(ofBlock: index)
    if case .double(let buffer) = matrix.storage {
      return try withExtendedLifetime(buffer) {
        try body(UnsafePointer(buffer.start + firstEntry), stride)
      }
    }
    let copy = AlignedBuffer(count: columnCount * stride)
    for row in rows {
      matrix.forEachEntry(ofRow: row) { column, value in
        copy.start[column * stride + row - rows.lowerBound] = value
      }
    }
    return try withExtendedLifetime(copy) { try body(UnsafePointer(copy.start), stride) }
  }
}
