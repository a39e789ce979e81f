import SurprisalKernels
import SurprisalLinearAlgebra

extension Tile {
  /// Replaces every unit by the softmax over units.
  public mutating func softmaxInPlace(examples: Int) {
    var normalizer = [Double](repeating: 0, count: stride)
    softmax(units: unitCount, examples: examples, logSumExp: &normalizer)
  }

  /// Sets unit `u (u + 1) / 2 + v` to `w_i ([u = v] q_u - q_u q_v)`, v <= u, with q the columns of
  /// `probabilities`: the covariance of a class indicator. `weights` are padded with zeros, so the
  /// padding is zero.
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

  /// As above, for `rows` of a data set and with `w_i n_i` for w: both arrays have one entry per
  /// row and zeros up to the padding of the last block; n = 1 if `totals` is nil.
  public mutating func setSoftmaxCovariance(
    of probabilities: Tile, rows: Range<Int>, weights: [Double], totals: [Double]?
  ) {
    let factors = Self.products(of: weights, totals, rows)
    setSoftmaxCovariance(of: probabilities, examples: rows.count, weights: factors)
  }

  /// Replaces directions t by `w_i n_i q_k (t_k - sum_j q_j t_j)`, with weights and totals as
  /// above.
  public mutating func multiplySoftmaxCovariance(
    of probabilities: Tile, rows: Range<Int>, weights: [Double], totals: [Double]?
  ) {
    let factors = Self.products(of: weights, totals, rows)
    applySoftmaxCurvature(
      at: probabilities, units: probabilities.unitCount, examples: rows.count, weights: factors)
  }

  /// Adds `sum_i w_i n_i (diag q_i - q_i q_iᵀ)` of the columns q to `matrix`: the sum of the above
  /// over examples, without a unit for each pair. Weights and totals as above; the padding is
  /// finite.
  public func addSoftmaxCovariance(
    rows: Range<Int>, weights: [Double], totals: [Double]?, to matrix: inout SymmetricMatrix
  ) {
    precondition(matrix.dimension == unitCount)
    let factors = Self.products(of: weights, totals, rows)
    let units = unitCount
    withUnsafeUnits { q in
      for unit in 0..<units {
        matrix[unit, unit] += surprisal_dot(factors.count, factors, q + unit * stride)
      }
      surprisal_add_weighted_gram(
        factors.count, units, q, stride, factors.map { -$0 }, &matrix.elements, units)
    }
  }

  private static func products(
    of weights: [Double], _ totals: [Double]?, _ rows: Range<Int>
  ) -> [Double] {
    let padded = rows.lowerBound..<rows.lowerBound + padded(rows.count)
    guard let totals else { return Array(weights[padded]) }
    return padded.map { weights[$0] * totals[$0] }
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
