import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// A checksum of labels, weights and offsets, to compare the data of two fits.
///
/// It is a sum over rows, so by default the order of rows does not matter. Features are not
/// included, because compared models differ in them. Different data have the same checksum with
/// probability 2⁻⁵³.
struct DataChecksum {
  /// 53 bits, which a double holds exactly.
  let value: Double

  init(labels: Labels, weights: RowWeights, offsets: BlockedMatrix?, isOrdered: Bool = false) {
    var sum: UInt64 = 0
    for row in 0..<labels.rowCount {
      let start =
        isOrdered ? NumberHash.mix(NumberHash.start, Double(row + 1)) : NumberHash.start
      sum &+= Self.hash(ofRow: row, labels, weights, offsets, start: start)
    }
    value = Self.value(of: sum)
  }

  /// That of the given rows, if equal rows were merged.
  init(_ merged: MergedRows) {
    value = Self.value(of: merged.checksums.reduce(0, &+))
  }

  /// The summand of a row, without its place.
  static func hash(
    ofRow row: Int, _ labels: Labels, _ weights: RowWeights, _ offsets: BlockedMatrix?,
    start: UInt64 = NumberHash.start
  ) -> UInt64 {
    var hash = NumberHash.mix(start, weights[row])
    hash = NumberHash.mix(hash, labels.multiplicity(ofRow: row))
    for share in labels.distribution(ofRow: row) { hash = NumberHash.mix(hash, share) }
    if let offsets {
      for column in 0..<offsets.columnCount { hash = NumberHash.mix(hash, offsets[row, column]) }
    }
    return hash
  }

  private static func value(of sum: UInt64) -> Double { Double(sum >> 11) }
}

extension FitStatistics {
  /// Whether the fit was made from the same labels, weights and offsets, in any order.
  public func areOf(_ data: Dataset) -> Bool {
    guard let dataChecksum else { return false }
    let used = data.droppingZeroWeights()
    return dataChecksum
      == DataChecksum(labels: used.labels, weights: used.weights, offsets: used.offsets).value
  }
}
