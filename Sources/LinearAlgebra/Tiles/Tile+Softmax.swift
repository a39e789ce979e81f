import SurprisalKernels

extension Tile {
  /// `log sum_k exp z_k` of the first `units` units, for each of the first `examples` examples.
  ///
  /// Shifted by the maximum; a column of -infinity gives -infinity. `result` holds at least
  /// `Tile.padded(examples)` entries.
  public func logSumExp(units: Int, examples: Int, into result: inout [Double]) {
    precondition(units <= unitCount && Tile.padded(examples) <= min(stride, result.count))
    withUnsafeUnits { start in
      surprisal_log_sum_exp(Tile.padded(examples), units, start, stride, &result)
    }
  }

  /// Replaces the first `units` units by their softmax and writes the log of the normaliser.
  public mutating func softmax(units: Int, examples: Int, logSumExp result: inout [Double]) {
    precondition(units <= unitCount && Tile.padded(examples) <= min(stride, result.count))
    let stride = stride
    withUnsafeMutableUnits { start in
      surprisal_softmax(Tile.padded(examples), units, start, stride, &result)
    }
  }
}
