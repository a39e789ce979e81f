import SurprisalKernels

/// The steps of a left-looking factorisation A = L Lᵀ, block of columns by block of columns, in
/// place: row-major, lower triangle.
struct CholeskyBlocks {
  /// The number of columns of a block: a multiple of `Tile.lanes`, small compared with the
  /// dimension.
  private static let width = 48
  /// The number of columns whose products are summed at a time, so that the rows of a block fit in
  /// the cache.
  private static let stripWidth = 240

  private let base: UnsafeMutablePointer<Double>
  private let dimension: Int
  /// The products of all rows with the rows of a block, `width` per row.
  private var products: [Double]

  init(base: UnsafeMutablePointer<Double>, dimension: Int) {
    self.base = base
    self.dimension = dimension
    products = [Double](repeating: 0, count: dimension * Self.width)
  }

  /// The blocks of columns, from left to right.
  var blocks: [Range<Int>] {
    Swift.stride(from: 0, to: dimension, by: Self.width).map {
      $0..<Swift.min($0 + Self.width, dimension)
    }
  }

  /// Subtracts from the columns of a block, on and below the diagonal, the products of rows of L
  /// over the earlier columns.
  mutating func subtractColumns(before block: Range<Int>) {
    guard block.lowerBound > 0 else { return }
    let n = dimension
    let count = n - block.lowerBound
    let rows = base + block.lowerBound * n
    products.withUnsafeMutableBufferPointer { products in
      guard let start = products.baseAddress else { return }
      start.update(repeating: 0, count: count * Self.width)
      for first in Swift.stride(from: 0, to: block.lowerBound, by: Self.stripWidth) {
        let width = Swift.min(Self.stripWidth, block.lowerBound - first)
        surprisal_add_outer_product(
          width, block.count, count, rows + first, n, rows + first, n, start, Self.width)
      }
      for row in 0..<count {
        surprisal_add_scaled(
          Swift.min(row + 1, block.count), -1, start + row * Self.width,
          rows + row * n + block.lowerBound)
      }
    }
  }

  /// Factorises the diagonal square of a block; false if a pivot is not above `tolerance` times its
  /// diagonal entry of the matrix.
  func factorize(_ block: Range<Int>, diagonal: [Double], tolerance: Double) -> Bool {
    for row in block {
      let current = base + row * dimension + block.lowerBound
      solve(current, against: block.lowerBound..<row)
      let count = row - block.lowerBound
      let pivot = current[count] - surprisal_dot(count, current, current)
      guard pivot > tolerance * diagonal[row], pivot.isFinite, pivot > 0 else { return false }
      current[count] = pivot.squareRoot()
    }
    return true
  }

  /// Turns the rows below a factorised square into rows of L.
  func divideRows(below block: Range<Int>) {
    for row in block.upperBound..<dimension {
      solve(base + row * dimension + block.lowerBound, against: block)
    }
  }

  /// Forward substitution of one row with the triangle of `columns`.
  private func solve(_ row: UnsafeMutablePointer<Double>, against columns: Range<Int>) {
    for (offset, column) in columns.enumerated() {
      let other = base + column * dimension + columns.lowerBound
      row[offset] = (row[offset] - surprisal_dot(offset, row, other)) / other[offset]
    }
  }
}
