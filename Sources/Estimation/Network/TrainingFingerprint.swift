import SurprisalDatasets
import SurprisalLinearAlgebra

/// Hashes that decide whether training may continue from the state of an earlier run: data with the
/// same hashes are, in all likelihood, the same.
public struct TrainingFingerprint: Sendable, Hashable {
  /// The hash of labels, weights and offsets, and the order of their rows.
  public let labels: String
  /// The hash of the features and the order of their rows.
  public let features: String

  /// The hashes of a data set. Complexity: O(N (C + F)).
  public init(_ data: Dataset) {
    let sum = DataChecksum(
      labels: data.labels, weights: data.weights, offsets: data.offsets, isOrdered: true
    ).value
    let matrix = data.features.matrix
    var sums = [Double](repeating: 0, count: matrix.columnCount)
    var places = [Double](repeating: 0, count: BlockedMatrix.paddedRowCount(matrix.rowCount))
    // Rows are weighted by their position: other rows in the same places train differently.
    for row in 0..<data.rowCount { places[row] = Double(row + 1) }
    matrix.addColumnSums(weights: places, to: &sums)
    let columns = sums.reduce(UInt64(0)) { hash, sum in
      (hash &* 0x9E37_79B9_7F4A_7C15) ^ sum.bitPattern
    }
    labels = String(sum.bitPattern, radix: 16)
    features = String(columns, radix: 16)
  }
}
