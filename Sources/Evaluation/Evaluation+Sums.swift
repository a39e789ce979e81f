import SurprisalLinearAlgebra

extension Evaluation {
  /// The share of observations among the `count` most probable classes, for any number of them; an
  /// entry of `topK` where that has one. One for C classes and more. Time O(N C count).
  public func topKAccuracy(_ count: Int) -> Double {
    precondition(count > 0, "at least one class")
    if count <= topK.count { return topK[count - 1] }
    guard count < classCount else { return 1 }
    let masses = masses.observations
    let sums = pairs.sums(count: count) { $1.add($0.topMasses(count: count, masses: masses)) }
    return sums[count - 1] / totalWeight
  }

  /// Weighted sums over the rows of several values at once, along the tree of the row blocks.
  ///
  /// `add` gets a block, the place of a row in it, the row's mass and the sums of the block so far.
  func weightedSums(
    count: Int, _ add: @Sendable (DistributionBlock, Int, Double, inout [Double]) -> Void
  ) -> [Double] {
    let masses = masses.observations
    return pairs.sums(count: count) { block, totals in
      var sums = [Double](repeating: 0, count: count)
      for (offset, row) in block.rows.enumerated() where masses[row] > 0 {
        add(block, offset, masses[row], &sums)
      }
      totals.add(sums)
    }
  }
}
