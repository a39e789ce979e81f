import SurprisalLinearAlgebra

/// Weighted means and standard deviations of the columns of compressed rows, computed without
/// visiting zeros.
struct SparseMoments {
  /// For each column a power of two, so that squares stay within the range of doubles.
  private let units: [Double]
  /// Mean squares about the mean, and about zero, in these units.
  private let variances: [Double]
  private let squares: [Double]

  /// `weights` has one entry per row and sums to `total`. Complexity: O(entries + D).
  init(
    of entries: CompressedRows, columnCount: Int, weights: [Double], total: Double,
    threads: any Reducer
  ) {
    var units = [Double](repeating: 0, count: columnCount)
    for (column, value) in zip(entries.columns, entries.values) {
      units[Int(column)] = max(units[Int(column)], value.magnitude)
    }
    for column in units.indices {
      let top = units[column]
      units[column] =
        top > 0 ? Double(sign: .plus, exponent: top.exponent, significand: 1) : 1
    }
    let scan = Scan(entries: entries, units: units, weights: weights)
    let sums = scan.sums(count: 3 * columnCount, threads) { sum, column, value, weight in
      sum[column] += weight
      sum[columnCount + column] += weight * value
      sum[2 * columnCount + column] += weight * value * value
    }
    let means = sums[columnCount..<2 * columnCount].map { $0 / total }
    let squares = scan.sums(count: columnCount, threads) { sum, column, value, weight in
      let difference = value - means[column]
      sum[column] += weight * difference * difference
    }
    variances = means.indices.map { column in
      // The weight of the rows whose entry in the column is an implicit zero.
      let rest = max(0, total - sums[column])
      return (squares[column] + rest * means[column] * means[column]) / total
    }
    self.squares = sums[(2 * columnCount)...].map { $0 / total }
    self.units = units
  }

  /// Standard deviations, or root mean squares without centring; nil for a column that is constant
  /// up to rounding.
  func spreads(centering: Bool) -> [Double?] {
    units.indices.map { column in
      let square = centering ? variances[column] : squares[column]
      let scale = square.squareRoot() * units[column]
      let isConstant = square <= 64 * .ulpOfOne * .ulpOfOne * squares[column]
      return scale > 0 && scale.isFinite && !isConstant ? scale : nil
    }
  }

  /// Compressed rows in units of their columns.
  private struct Scan: Sendable {
    let entries: CompressedRows
    let units: [Double]
    let weights: [Double]

    /// Sums over entries, reduced along the tree of the row blocks; `body` receives a sum, a
    /// column, a value in the column's unit, and the weight of its row.
    func sums(
      count: Int, _ threads: any Reducer,
      _ body: @Sendable (inout [Double], Int, Double, Double) -> Void
    ) -> [Double] {
      let zeros = [Double](repeating: 0, count: count)
      return threads.reduce(SummationTree(rowCount: entries.rowCount), from: zeros) {
        sum, blocks in
        for block in blocks {
          for row in BlockedMatrix.rows(ofBlock: block, rowCount: entries.rowCount) {
            for entry in entries.entries(ofRow: row) {
              let column = Int(entries.columns[entry])
              body(&sum, column, entries.values[entry] / units[column], weights[row])
            }
          }
        }
      }
    }
  }
}
