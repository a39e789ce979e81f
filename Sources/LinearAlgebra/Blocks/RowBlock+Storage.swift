import SurprisalKernels

extension RowBlock {
  /// The start of the block in a dense buffer.
  var firstEntry: Int { index * BlockedMatrix.blockSize * columnCount }

  /// `tile[u, i] += sum_d weights[u * unitStride + d * columnStride] * x[i, d]`; a dense matrix
  /// requires a column stride of 1.
  func addProduct(
    _ weights: UnsafePointer<Double>, _ unitStride: Int, _ columnStride: Int, _ units: Int,
    to tile: inout Tile
  ) {
    precondition(units <= tile.unitCount && rows.count <= tile.capacity)
    guard columnCount > 0 else { return }
    let tileStride = tile.stride
    tile.withUnsafeMutableUnits { target in
      addProduct(weights, unitStride, columnStride, units, toUnits: target, tileStride)
    }
  }

  /// As above, into units of a tile.
  func addProduct(
    _ weights: UnsafePointer<Double>, _ unitStride: Int, _ columnStride: Int, _ units: Int,
    toUnits target: UnsafeMutablePointer<Double>, _ tileStride: Int
  ) {
    let count = columnCount
    let hasNext = index + 1 < matrix.blockCount
    // The next block follows this one; prefetching it hides the memory latency.
    visit { columns, stride in
      surprisal_add_product_fetching(
        stride, count, units, columns, stride, weights, unitStride, target, tileStride,
        hasNext ? columns + BlockedMatrix.blockSize * count : nil)
    } single: { columns, stride in
      surprisal_add_product_single(
        stride, count, units, columns, stride, weights, unitStride, target, tileStride,
        hasNext ? columns + BlockedMatrix.blockSize * count : nil)
    } sparse: { entries in
      surprisal_add_sparse_product(
        entries, units, weights, unitStride, columnStride, target, tileStride)
    }
  }

  /// `result[u * unitStride + d * columnStride] += sum_i tile[u, i] * x[i, d]`.
  func addOuterProduct(
    _ tile: Tile, _ units: Int, to result: UnsafeMutablePointer<Double>, _ unitStride: Int,
    _ columnStride: Int
  ) {
    precondition(units <= tile.unitCount && rows.count <= tile.capacity)
    guard columnCount > 0 else { return }
    tile.withUnsafeUnits { scores in
      addOuterProduct(ofUnits: scores, tile.stride, units, to: result, unitStride, columnStride)
    }
  }

  /// As above, from units of a tile.
  func addOuterProduct(
    ofUnits scores: UnsafePointer<Double>, _ tileStride: Int, _ units: Int,
    to result: UnsafeMutablePointer<Double>, _ unitStride: Int, _ columnStride: Int
  ) {
    let count = columnCount
    visit { columns, stride in
      surprisal_add_outer_product(
        stride, count, units, columns, stride, scores, tileStride, result, unitStride)
    } single: { columns, stride in
      surprisal_add_outer_product_single(
        stride, count, units, columns, stride, scores, tileStride, result, unitStride)
    } sparse: { entries in
      surprisal_add_sparse_outer_product(
        entries, units, scores, tileStride, result, unitStride, columnStride)
    }
  }

  /// The block as it is stored: columns and their stride, or compressed rows.
  func visit(
    double: (UnsafePointer<Double>, Int) -> Void, single: (UnsafePointer<Float>, Int) -> Void,
    sparse: (UnsafePointer<surprisal_sparse_rows>) -> Void
  ) {
    let stride = matrix.stride(ofBlock: index)
    switch matrix.storage {
    case .double(let buffer):
      withExtendedLifetime(buffer) { double(UnsafePointer(buffer.start + firstEntry), stride) }
    case .single(let buffer):
      withExtendedLifetime(buffer) { single(UnsafePointer(buffer.start + firstEntry), stride) }
    case .sparse(let entries):
      entries.withUnsafeRows(rows, sparse)
    }
  }
}

extension CompressedRows {
  /// Some rows in the layout that the kernels read, for tests of a named kernel set. If the matrix
  /// has no entries, `body` is not called.
  public func withUnsafeRows(
    _ rows: Range<Int>, _ body: (UnsafePointer<surprisal_sparse_rows>) -> Void
  ) {
    starts.withUnsafeBufferPointer { starts in
      columns.withUnsafeBufferPointer { columns in
        values.withUnsafeBufferPointer { values in
          guard let start = starts.baseAddress, let column = columns.baseAddress,
            let value = values.baseAddress
          else { return }
          var view = surprisal_sparse_rows(
            rows: rows.count, starts: start + rows.lowerBound, columns: column, values: value)
          body(&view)
        }
      }
    }
  }
}
