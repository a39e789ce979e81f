import SurprisalKernels

extension Cholesky {
  /// The number of rows of L that are substituted one by one; earlier rows are one matrix product.
  private static var blockSize: Int { 48 }

  /// Replaces right-hand sides by solutions: `columns` is n x `count`, row-major, `count` a
  /// multiple of `Tile.lanes`. The factor is read twice for any number of columns. Complexity: 2 n²
  /// count flops, near peak speed for several columns.
  public func solve(_ columns: inout [Double], count: Int) {
    precondition(count % Tile.lanes == 0 && columns.count == dimension * count)
    guard !columns.isEmpty else { return }
    columns.withUnsafeMutableBufferPointer { columns in
      withFactor { factor in
        guard let x = columns.baseAddress, let factor = factor.baseAddress else { return }
        let starts = stride(from: 0, to: dimension, by: Self.blockSize)
        for start in starts { substituteForward(factor, x, count, from: start) }
        var transposed = [Double](repeating: 0, count: Self.blockSize * dimension)
        for start in starts.reversed() {
          substituteBackward(factor, x, count, from: start, &transposed)
        }
      }
    }
  }

  private func rows(from start: Int) -> Range<Int> {
    start..<min(start + Self.blockSize, dimension)
  }

  /// Solves the rows of a block of L x = b, given the earlier ones.
  private func substituteForward(
    _ factor: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>, _ count: Int,
    from start: Int
  ) {
    let block = rows(from: start)
    let n = dimension
    if start > 0 {
      var products = [Double](repeating: 0, count: block.count * count)
      surprisal_add_product(
        count, start, block.count, x, count, factor + start * n, n, &products, count)
      surprisal_add_scaled(products.count, -1, products, x + start * count)
    }
    for row in block {
      for column in start..<row {
        surprisal_add_scaled(count, -factor[row * n + column], x + column * count, x + row * count)
      }
      divide(x + row * count, count, by: factor[row * n + row])
    }
  }

  /// Solves the rows of a block of Lᵀ x = b and subtracts their contribution to earlier rows.
  private func substituteBackward(
    _ factor: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>, _ count: Int,
    from start: Int, _ transposed: UnsafeMutablePointer<Double>
  ) {
    let block = rows(from: start)
    let n = dimension
    for row in block.reversed() {
      divide(x + row * count, count, by: factor[row * n + row])
      for column in start..<row {
        surprisal_add_scaled(count, -factor[row * n + column], x + row * count, x + column * count)
      }
    }
    guard start > 0 else { return }
    writeTransposed(factor + block.lowerBound * n, block.count, columns: start, to: transposed)
    surprisal_add_product(
      count, block.count, start, x + start * count, count, transposed, block.count, x, count)
  }

  /// Writes minus the first `columns` columns of some rows of L, column by column. Eight columns at
  /// a time, so that each cache line is read once.
  private func writeTransposed(
    _ rows: UnsafePointer<Double>, _ count: Int, columns: Int,
    to transposed: UnsafeMutablePointer<Double>
  ) {
    for first in stride(from: 0, to: columns, by: Tile.lanes) {
      let last = min(first + Tile.lanes, columns)
      for row in 0..<count {
        let source = rows + row * dimension
        for column in first..<last { transposed[column * count + row] = -source[column] }
      }
    }
  }

  private func divide(_ row: UnsafeMutablePointer<Double>, _ count: Int, by pivot: Double) {
    for index in 0..<count { row[index] /= pivot }
  }
}
