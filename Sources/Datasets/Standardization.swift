import SurprisalLinearAlgebra

/// The affine change of variables x -> (x - center) / scale, column by column.
///
/// A fit works in these coordinates, in which one gradient tolerance suits all data. The model
/// keeps them, so prediction uses the same arithmetic as training; `W x + b` on raw features with a
/// large mean would lose digits.
///
/// A few very large values can move the mean so far from the other rows that subtracting it loses
/// their digits. The center of such a column is a median, or zero if that is among the other rows.
///
/// Compressed rows are scaled but not centred, so that zeros stay zeros; the scales are the same.
public struct Standardization: Sendable, Equatable, Codable {
  /// The values that are subtracted; zero if there is no intercept to compensate.
  public let centers: [Double]
  /// The divisors; positive.
  public let scales: [Double]

  /// Creates a change of variables, for readers of model files: one center and scale per column.
  package init(centers: [Double], scales: [Double]) {
    precondition(centers.count == scales.count, "one center and scale a column")
    self.centers = centers
    self.scales = scales
  }

  /// The change of variables that leaves D columns unchanged.
  package static func identity(columnCount: Int) -> Standardization {
    Standardization(
      centers: [Double](repeating: 0, count: columnCount),
      scales: [Double](repeating: 1, count: columnCount))
  }

  /// Weighted means and standard deviations of the columns, in two passes.
  ///
  /// Scales are sqrt(Σ w (x - mean)² / Σ w), or the root mean square without centring. A constant
  /// column keeps scale 1, and becomes zero when centred. A scale may be subnormal: it has then
  /// lost digits, and coefficients on the user's scale may be infinite. If `scale` is `.common`,
  /// all columns have the root of the mean of the squares of these numbers, constant columns
  /// excluded. `weights` has one entry per row. Complexity: O(N D).
  package init(
    of matrix: BlockedMatrix, weights: [Double], centering: Bool, scale: InputScale = .columns,
    threads: any Reducer
  ) {
    let total = SummationTree.sum(ofRows: matrix.rowCount) { weights[$0] }
    let spreads: [Double?]
    if let entries = matrix.compressedRows {
      centers = [Double](repeating: 0, count: matrix.columnCount)
      spreads = SparseMoments(
        of: entries, columnCount: matrix.columnCount, weights: weights, total: total,
        threads: threads
      ).spreads(centering: centering)
    } else {
      let moments = ColumnMoments(
        of: matrix, weights: weights, total: total, centering: centering, threads: threads)
      centers = moments.centers.indices.map { column in
        guard centering, moments.spreads[column] != nil else { return moments.centers[column] }
        return TypicalRows(of: matrix, column: column).center(insteadOf: moments.centers[column])
      }
      spreads = moments.spreads
    }
    switch scale {
    case .columns: scales = spreads.map { $0 ?? 1 }
    case .common:
      scales = [Double](
        repeating: Self.rootMeanSquare(spreads.compactMap(\.self)), count: spreads.count)
    }
  }

  /// Applies the change in place; centring turns compressed rows into a dense matrix. Complexity:
  /// O(N D), or O(entries).
  package func apply(to matrix: inout BlockedMatrix) {
    precondition(matrix.columnCount == centers.count)
    if matrix.storageKind == .sparse {
      if centers.allSatisfy({ $0 == 0 }) {
        matrix.scaleColumns(by: scales.map { 1 / $0 })
        return
      }
      matrix = matrix.stored(as: .double)
    }
    for column in 0..<matrix.columnCount {
      let (center, scale) = (centers[column], scales[column])
      if center == 0 && scale == 1 { continue }
      matrix.updateColumn(column) { segment, _ in
        for index in segment.indices { segment[index] = (segment[index] - center) / scale }
      }
    }
  }

  /// The change of variables of the columns at `indices`.
  package func selecting(_ indices: [Int]) -> Standardization {
    Standardization(centers: indices.map { centers[$0] }, scales: indices.map { scales[$0] })
  }

  /// The root mean square, computed relative to the largest number to avoid overflow; 1 if there
  /// are no numbers.
  private static func rootMeanSquare(_ spreads: [Double]) -> Double {
    guard let largest = spreads.max() else { return 1 }
    let squares = spreads.reduce(0.0) { $0 + ($1 / largest) * ($1 / largest) }
    return largest * (squares / Double(spreads.count)).squareRoot()
  }
}

/// The unit of a standardised feature.
public enum InputScale: String, Sendable, Hashable, Codable, CaseIterable {
  /// Each column's own standard deviation: makes columns of different units comparable.
  case columns
  /// One number for all columns, the root of their mean variance. For columns of one unit, such as
  /// the pixels of an image or the coordinates of an embedding, it keeps relative sizes, and a
  /// column that hardly varies stays small.
  case common
}
