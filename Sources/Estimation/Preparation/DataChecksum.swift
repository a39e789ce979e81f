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
      let start: UInt64 = 0x9e37_79b9_7f4a_7c15
      var hash = Self.mix(isOrdered ? Self.mix(start, Double(row + 1)) : start, weights[row])
      hash = Self.mix(hash, labels.multiplicity(ofRow: row))
      for share in labels.distribution(ofRow: row) { hash = Self.mix(hash, share) }
      if let offsets {
        for column in 0..<offsets.columnCount { hash = Self.mix(hash, offsets[row, column]) }
      }
      sum &+= hash
    }
    value = Double(sum >> 11)
  }

  /// One round of the mixing function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
  private static func mix(_ state: UInt64, _ number: Double) -> UInt64 {
    // -0 and 0 are the same label, so zero has no sign here.
    var mixed = state ^ (number == 0 ? 0 : number.bitPattern)
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return (mixed ^ (mixed >> 31)) &+ 0x9e37_79b9_7f4a_7c15
  }
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
