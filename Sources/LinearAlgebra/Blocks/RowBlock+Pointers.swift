extension RowBlock {
  /// `target[u * stride + i] += sum_d weights[u * unitStride + d * columnStride] * x[i, d]` for
  /// units `0..<units`, for callers whose units are part of a larger array than a tile.
  ///
  /// A dense matrix requires a column stride of 1. `target` has `Tile.padded(rows.count)` columns;
  /// the bits of an entry do not depend on `units`.
  public func addProduct(
    weights: UnsafePointer<Double>, unitStride: Int, columnStride: Int = 1, units: Int,
    to target: UnsafeMutablePointer<Double>, stride tileStride: Int
  ) {
    guard columnCount > 0 else { return }
    addProduct(weights, unitStride, columnStride, units, toUnits: target, tileStride)
  }

  /// `result[u * unitStride + d * columnStride] += sum_i scores[u * stride + i] * x[i, d]` for
  /// units `0..<units`. Scores are finite in the padding.
  public func addOuterProduct(
    scores: UnsafePointer<Double>, stride scoreStride: Int, units: Int,
    to result: UnsafeMutablePointer<Double>, unitStride: Int, columnStride: Int = 1
  ) {
    guard columnCount > 0 else { return }
    addOuterProduct(ofUnits: scores, scoreStride, units, to: result, unitStride, columnStride)
  }
}
