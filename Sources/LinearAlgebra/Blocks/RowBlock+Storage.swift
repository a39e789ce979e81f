import SurprisalKernels

extension RowBlock {
  /// Where the block starts in a dense buffer.
  var firstEntry: Int { index * BlockedMatrix.blockSize * columnCount }

  /// `tile[u, i] += sum_d weights[u * unitStride + d * columnStride] * x[i, d]`; a dense matrix has
  /// a column stride of 1.
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

  /// The same into units of a tile.
  func addProduct(
    _ weights: UnsafePointer<Double>, _ unitStride: Int, _ columnStride: Int, _ units: Int,
    toUnits target: UnsafeMutablePointer<Double>, _ tileStride: Int
  ) {
    let count = columnCount
    let hasNext = index + 1 < matrix.blockCount
    // The next block lies behind this one; fetching it meanwhile hides the memory.
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

  /// The same of units of a tile.
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

  /// The block in the form in which it is stored: columns and their stride, or compressed rows.
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
  /// Some rows as the kernels take them, for tests that run a kernel set by name. `body` is not
  /// called for a matrix without entries: nothing is added then.
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
