import SurprisalLinearAlgebra

extension Evaluation {
  /// The proportion of observations whose class is among the `count` most probable ones; equal to
  /// the entry of `topK` if there is one, and 1 for `count >= C`. Precondition: `count` is
  /// positive. Time O(N C count).
  public func topKAccuracy(_ count: Int) -> Double {
    precondition(count > 0, "at least one class")
    if count <= topK.count { return topK[count - 1] }
    guard count < classCount else { return 1 }
    let masses = masses.observations
    let sums = pairs.sums(count: count) { $1.add($0.topMasses(count: count, masses: masses)) }
    return sums[count - 1] / totalWeight
  }

  /// Weighted sums of several values over the rows, reduced along the tree of the row blocks.
  ///
  /// `add` receives a block, the position of a row in it, the row's mass and the sums of the block
  /// so far.
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
