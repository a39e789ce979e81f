import SurprisalLinearAlgebra

/// Weighted means and standard deviations of the columns of compressed rows, without visiting zeros.
struct SparseMoments {
  /// Each column's power of two, so that squares stay within the range of doubles.
  private var units: [Double]
  /// In these units.
  private var means: [Double]
  /// Mean squares about the mean, and about zero.
  private var variances: [Double]
  private var squares: [Double]

  /// `weights` has one entry a row, and sums to `total`. Complexity: O(entries + D).
  init(of entries: CompressedRows, columnCount: Int, weights: [Double], total: Double) {
    let zeros = [Double](repeating: 0, count: columnCount)
    (units, means, variances, squares) = (zeros, zeros, zeros, zeros)
    for (column, value) in zip(entries.columns, entries.values) {
      units[Int(column)] = max(units[Int(column)], value.magnitude)
    }
    for column in units.indices {
      let top = units[column]
      units[column] =
        top > 0 ? Double(sign: .plus, exponent: top.exponent, significand: 1) : 1
    }
    var masses = zeros
    visit(entries, weights) { moments, column, value, weight in
      masses[column] += weight
      moments.means[column] += weight * value
      moments.squares[column] += weight * value * value
    }
    for column in means.indices { means[column] /= total }
    visit(entries, weights) { moments, column, value, weight in
      let difference = value - moments.means[column]
      moments.variances[column] += weight * difference * difference
    }
    for column in means.indices {
      // The rows without an entry are zeros.
      let rest = max(0, total - masses[column])
      variances[column] =
        (variances[column] + rest * means[column] * means[column]) / total
      squares[column] /= total
    }
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

  private mutating func visit(
    _ entries: CompressedRows, _ weights: [Double],
    _ body: (inout SparseMoments, Int, Double, Double) -> Void
  ) {
    for row in 0..<entries.rowCount {
      for entry in entries.entries(ofRow: row) {
        let column = Int(entries.columns[entry])
        body(&self, column, entries.values[entry] / units[column], weights[row])
      }
    }
  }
}
