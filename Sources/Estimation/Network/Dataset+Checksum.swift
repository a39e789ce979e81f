import SurprisalDatasets
import SurprisalLinearAlgebra

extension Dataset {
  /// A word that tells whether training may go on from the state of an earlier run: two data sets with
  /// the same one have, in all likelihood, the same labels, weights, offsets and features.
  public var trainingFingerprint: String {
    let labels = DataChecksum(labels: labels, weights: weights, offsets: offsets).value
    var sums = [Double](repeating: 0, count: features.matrix.columnCount)
    var places = [Double](
      repeating: 0, count: BlockedMatrix.paddedRowCount(features.matrix.rowCount))
    // Rows weigh by their place: the same rows in another order train otherwise.
    for row in 0..<rowCount { places[row] = Double(row + 1) }
    features.matrix.addColumnSums(weights: places, to: &sums)
    let columns = sums.enumerated().reduce(UInt64(0)) { hash, column in
      (hash &* 0x9E37_79B9_7F4A_7C15) ^ column.element.bitPattern
    }
    return String(labels.bitPattern, radix: 16) + "-" + String(columns, radix: 16)
  }
}
