import SurprisalLinearAlgebra

/// Weighted means and standard deviations of the columns of a matrix. Takes two passes, after one
/// that determines the ranges.
struct ColumnMoments {
  /// The means; zeros without centring. For a constant column, with centring, its value.
  let centers: [Double]
  /// Standard deviations, or root mean squares without centring; nil if the column is constant or
  /// its spread is not a positive number.
  let spreads: [Double?]

  /// `weights` has one entry per row and sums to `total`. Complexity: O(N D).
  init(
    of matrix: BlockedMatrix, weights: [Double], total: Double, centering: Bool,
    threads: any Reducer
  ) {
    let (tree, columns) = (SummationTree(blockCount: matrix.blockCount), matrix.columnCount)
    let ranges = threads.reduce(tree, from: ColumnRanges(count: columns)) { ranges, blocks in
      for block in blocks { ranges.add(matrix, block: block) }
    }
    // Squares of very large or small values would overflow or underflow; scaling by a power of two
    // is exact.
    let units = (0..<columns).map { ranges.unit($0) }
    // Differences from an entry of the column are exact if the spread is small compared with the
    // mean.
    let bases = (0..<columns).map { centering ? ranges.low[$0] / units[$0] : 0 }
    let zeros = [Double](repeating: 0, count: columns)
    /// Means of `term` over the rows for each column that is not constant.
    func weightedMeans(_ term: @Sendable (Int, Double) -> Double) -> [Double] {
      threads.reduce(tree, from: zeros) { sums, blocks in
        for block in blocks {
          for column in 0..<columns where !ranges.isConstant(column) {
            matrix.withSegment(ofColumn: column, block: block) { segment, rows in
              var part = 0.0
              for (offset, row) in rows.enumerated() {
                part += weights[row] * term(column, segment[offset])
              }
              sums[column] += part
            }
          }
        }
      }.map { $0 / total }
    }
    let means = centering ? weightedMeans { $1 / units[$0] - bases[$0] } : zeros
    let squares = weightedMeans { column, value in
      let difference = (value / units[column] - bases[column]) - means[column]
      return difference * difference
    }
    centers = (0..<columns).map { column in
      if ranges.isConstant(column) {
        return centering && ranges.low[column].isFinite ? ranges.low[column] : 0
      }
      return (bases[column] + means[column]) * units[column]
    }
    spreads = (0..<columns).map { column -> Double? in
      guard !ranges.isConstant(column) else { return nil }
      let scale = squares[column].squareRoot() * units[column]
      return scale > 0 && scale.isFinite ? scale : nil
    }
  }
}

/// The minimum and the maximum of each column.
private struct ColumnRanges: PartialSum {
  private(set) var low: [Double]
  private(set) var high: [Double]

  init(count: Int) {
    low = [Double](repeating: .infinity, count: count)
    high = [Double](repeating: -.infinity, count: count)
  }

  /// Whether all values of a column are equal.
  func isConstant(_ column: Int) -> Bool { !(low[column] < high[column]) }

  /// A power of two close to the largest magnitude of a column.
  func unit(_ column: Int) -> Double {
    guard !isConstant(column) else { return 1 }
    let top = max(low[column].magnitude, high[column].magnitude)
    return Double(sign: .plus, exponent: top.exponent, significand: 1)
  }

  mutating func add(_ matrix: BlockedMatrix, block: Int) {
    for column in low.indices {
      var (least, greatest) = (low[column], high[column])
      matrix.withSegment(ofColumn: column, block: block) { segment, _ in
        for value in segment {
          least = min(least, value)
          greatest = max(greatest, value)
        }
      }
      (low[column], high[column]) = (least, greatest)
    }
  }

  mutating func add(_ other: ColumnRanges) {
    for column in low.indices {
      low[column] = min(low[column], other.low[column])
      high[column] = max(high[column], other.high[column])
    }
  }

  func appendNumbers(to numbers: inout [Double]) {
    low.appendNumbers(to: &numbers)
    high.appendNumbers(to: &numbers)
  }

  mutating func takeNumbers(from numbers: inout ArraySlice<Double>) {
    low.takeNumbers(from: &numbers)
    high.takeNumbers(from: &numbers)
  }
}
