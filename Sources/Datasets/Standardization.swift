import SurprisalLinearAlgebra

/// The affine change of variables x -> (x - center) / scale, column by column.
///
/// A fit works in these coordinates, where one gradient tolerance suits all data, and its model
/// keeps them: prediction runs through the same arithmetic as training, which keeps digits that
/// `W x + b` on raw features of large mean would lose.
///
/// A few very large values move the mean so far from the other rows that these lose their digits
/// when it is subtracted. The center of such a column is a median, or zero where that is among the
/// other rows.
///
/// Compressed rows are scaled and not centred, so that zeros stay zeros; the scales are the same.
public struct Standardization: Sendable, Equatable, Codable {
  /// What is subtracted; zero where there is no intercept to take it up.
  public let centers: [Double]
  /// What is divided by; positive.
  public let scales: [Double]

  /// A change of variables; for readers of model files.
  public init(centers: [Double], scales: [Double]) {
    precondition(centers.count == scales.count)
    self.centers = centers
    self.scales = scales
  }

  /// The change that leaves D columns as they are.
  public static func identity(columnCount: Int) -> Standardization {
    Standardization(
      centers: [Double](repeating: 0, count: columnCount),
      scales: [Double](repeating: 1, count: columnCount))
  }

  /// Weighted means and standard deviations of the columns, in two passes.
  ///
  /// Scales are sqrt(Σ w (x - mean)² / Σ w), or the root mean square without centring. A constant
  /// column keeps scale 1, and becomes zero when centred. A scale may be subnormal: it has then
  /// lost digits, and no coefficient on the user's scale is sure to be finite. With `scale`
  /// `.common` all columns have the root of the mean of the squares of these numbers, constant
  /// columns aside. Complexity: O(N D).
  public init(
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

  /// Applies the change in place; compressed rows that are to be centred become a full matrix.
  /// Complexity: O(N D), or O(entries).
  public func apply(to matrix: inout BlockedMatrix) {
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

  /// The change of the columns at `indices`.
  public func selecting(_ indices: [Int]) -> Standardization {
    Standardization(centers: indices.map { centers[$0] }, scales: indices.map { scales[$0] })
  }

  /// 1 for no numbers. In units of the largest: squares stay within the range of doubles.
  private static func rootMeanSquare(_ spreads: [Double]) -> Double {
    guard let largest = spreads.max() else { return 1 }
    let squares = spreads.reduce(0.0) { $0 + ($1 / largest) * ($1 / largest) }
    return largest * (squares / Double(spreads.count)).squareRoot()
  }
}

/// What one unit of a standardised feature is.
public enum InputScale: String, Sendable, Hashable, Codable, CaseIterable {
  /// Each column's own standard deviation: columns of different units become comparable.
  case columns
  /// One number for all columns, the root of their mean variance: columns of one unit, such as the
  /// pixels of an image or the coordinates of an embedding, keep their sizes beside each other, and
  /// a column that hardly varies stays small.
  case common
}
