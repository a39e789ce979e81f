import SurprisalKernels

extension Tile {
  /// Replaces logits by the score of the cross entropy with a second tile, and writes its value.
  ///
  /// With q = softmax of a column, p the same column of `shares`, n its total (1 if `totals` is
  /// nil) and w its weight (1 if `weights` is nil):
  ///
  ///     values[i] = sum_k p_k log q_k      (nats; exactly: sum p_k (z_k - top) - n log sum exp)
  ///     self[k, i] = w (p_k - n q_k)
  ///
  /// The score is the derivative of the value if n is the sum of p. A term with p = 0 contributes
  /// exactly 0 even at an infinite logit; p > 0 at a logit of -infinity gives -infinity. A one-hot
  /// column has the same bits here as its class index has in `classScore`.
  ///
  /// `totals` and `weights` have `Tile.padded(examples)` entries, finite beyond `examples` (zero
  /// weights make the padding of the score zero); `values` has at least as many. Complexity:
  /// O(units * examples), one exponential per entry.
  public mutating func crossEntropyScore(
    against shares: Tile, units: Int, examples: Int, totals: UnsafePointer<Double>? = nil,
    weights: UnsafePointer<Double>? = nil, values: inout [Double]
  ) {
    precondition(units <= shares.unitCount && Tile.padded(examples) <= shares.stride)
    shares.withUnsafeUnits { start in
      score(start, shares.stride, units, examples, totals, weights, &values)
    }
  }

  /// As above, with a block of a matrix of shares: row i is example i, column k is unit k.
  public mutating func crossEntropyScore(
    against shares: RowBlock, totals: UnsafePointer<Double>? = nil,
    weights: UnsafePointer<Double>? = nil, values: inout [Double]
  ) {
    shares.withColumns { start, shareStride in
      score(
        start, shareStride, shares.columnCount, shares.rows.count, totals, weights, &values)
    }
  }

  /// As above, with class `classes[i]` for example i: p is 1 for this class and 0 for others, n =
  /// 1.
  ///
  /// A class outside `0..<units` means p = 0 for all classes; use -1 in the padding, which
  /// `classes` has like `weights`.
  public mutating func classScore(
    of classes: UnsafePointer<Int32>, units: Int, examples: Int,
    weights: UnsafePointer<Double>? = nil, values: inout [Double]
  ) {
    let rows = Tile.padded(examples)
    precondition(units <= unitCount && rows <= min(stride, values.count))
    let stride = stride
    withUnsafeMutableUnits { logits in
      surprisal_class_score(rows, units, classes, weights, logits, stride, &values)
    }
  }

  /// Replaces directions t by the curvature of log softmax times t, at `probabilities` q: `self[k,
  /// i] = w_i q_k (t_k - sum_j q_j t_j)`, with w = 1 if `weights` is nil.
  public mutating func applySoftmaxCurvature(
    at probabilities: Tile, units: Int, examples: Int, weights: UnsafePointer<Double>? = nil
  ) {
    let rows = Tile.padded(examples)
    precondition(units <= unitCount && units <= probabilities.unitCount)
    precondition(rows <= min(stride, probabilities.stride))
    let stride = stride
    withUnsafeMutableUnits { directions in
      probabilities.withUnsafeUnits { start in
        surprisal_softmax_curvature(
          rows, units, start, probabilities.stride, weights, directions, stride)
      }
    }
  }

  private mutating func score(
    _ shares: UnsafePointer<Double>, _ shareStride: Int, _ units: Int, _ examples: Int,
    _ totals: UnsafePointer<Double>?, _ weights: UnsafePointer<Double>?, _ values: inout [Double]
  ) {
    let rows = Tile.padded(examples)
    precondition(units <= unitCount && rows <= min(stride, values.count))
    let stride = stride
    withUnsafeMutableUnits { logits in
      surprisal_cross_entropy_score(
        rows, units, shares, shareStride, totals, weights, logits, stride, &values)
    }
  }
}
