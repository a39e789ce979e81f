extension Tile {
  /// Replaces every unit by the softmax over units.
  public mutating func softmaxInPlace(examples: Int) {
    var normalizer = [Double](repeating: 0, count: stride)
    softmax(units: unitCount, examples: examples, logSumExp: &normalizer)
  }

  /// Makes unit `u (u + 1) / 2 + v` the entry `w_i ([u = v] q_u - q_u q_v)`, v <= u, with q the
  /// columns of `probabilities`: the covariance of a class indicator. `weights` are padded with
  /// zeros, which makes the padding zero.
  public mutating func setSoftmaxCovariance(
    of probabilities: Tile, examples: Int, weights: UnsafePointer<Double>
  ) {
    let (units, rows, stride) = (probabilities.unitCount, Tile.padded(examples), stride)
    precondition(unitCount >= units * (units + 1) / 2 && rows <= min(stride, probabilities.stride))
    withUnsafeMutableUnits { pairs in
      probabilities.withUnsafeUnits { start in
        for unit in 0..<units {
          let q = start + unit * probabilities.stride
          let first = pairs + unit * (unit + 1) / 2 * stride
          for other in 0..<unit {
            let r = start + other * probabilities.stride
            let target = first + other * stride
            for column in 0..<rows { target[column] = -weights[column] * q[column] * r[column] }
          }
          let diagonal = first + unit * stride
          for column in 0..<rows {
            diagonal[column] = weights[column] * q[column] * (1 - q[column])
          }
        }
      }
    }
  }

  /// Sets the columns from `example` on to zero.
  public mutating func clearPadding(from example: Int) {
    let (units, stride) = (unitCount, stride)
    guard example < stride else { return }
    withUnsafeMutableUnits { start in
      for unit in 0..<units {
        (start + unit * stride + example).update(repeating: 0, count: stride - example)
      }
    }
  }
}
