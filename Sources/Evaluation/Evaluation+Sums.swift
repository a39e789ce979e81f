import SurprisalLinearAlgebra

extension Evaluation {
  /// Weighted sums over the rows of several values at once, block by block in a fixed order.
  ///
  /// `add` gets a block, the place of a row in it, the row's mass and the sums of the block so far.
  func weightedSums(
    count: Int, _ add: @Sendable (DistributionBlock, Int, Double, inout [Double]) -> Void
  ) -> [Double] {
    let masses = masses.observations
    let partials = pairs.mapBlocks { block in
      var sums = [Double](repeating: 0, count: count)
      for (offset, row) in block.rows.enumerated() where masses[row] > 0 {
        add(block, offset, masses[row], &sums)
      }
      return sums
    }
    var totals = [Double](repeating: 0, count: count)
    for partial in partials {
      for index in totals.indices { totals[index] += partial[index] }
    }
    return totals
  }
}
