import SurprisalLinearAlgebra

/// One column of a tile: the logits of one example, then the likelihood's auxiliary parameters.
///
/// Valid only during the call that receives it.
struct TileExample {
  let start: UnsafeMutablePointer<Double>
  let stride: Int

  subscript(unit: Int) -> Double {
    @inline(__always) get { start[unit * stride] }
    @inline(__always) nonmutating set { start[unit * stride] = newValue }
  }
}

extension Tile {
  /// Calls `body` for each column of a block: the position in the tile, the row and the units.
  @inline(__always)
  mutating func forEachExample(
    _ rows: Range<Int>, _ body: (_ example: Int, _ row: Int, _ units: TileExample) -> Void
  ) {
    let stride = stride
    withUnsafeMutableUnits { start in
      for (example, row) in rows.enumerated() {
        body(example, row, TileExample(start: start + example, stride: stride))
      }
    }
    clearPadding(from: rows.count)
  }

  /// Sets the pairs u (u + 1) / 2 + v, v <= u < units, of one example.
  @inline(__always)
  mutating func setPairs(of example: Int, _ units: Int, _ entry: (Int, Int) -> Double) {
    let stride = stride
    withUnsafeMutableUnits { start in
      var pair = 0
      for unit in 0..<units {
        for other in 0...unit {
          start[pair * stride + example] = entry(unit, other)
          pair += 1
        }
      }
    }
  }

  /// Adds `factor wᵢ ([u = v] qᵤ - qᵤ qᵥ)` to unit u (u + 1) / 2 + v; q are the columns of a tile.
  mutating func addSoftmaxCovariance(
    of probabilities: Tile, rows: Range<Int>, weights: [Double], factor: Double
  ) {
    let units = probabilities.unitCount
    probabilities.withUnsafeUnits { source in
      forEachExample(rows) { example, row, pairs in
        let weight = factor * weights[row]
        var pair = 0
        for unit in 0..<units {
          let q = source[unit * probabilities.stride + example]
          for other in 0..<unit {
            pairs[pair] -= weight * q * source[other * probabilities.stride + example]
            pair += 1
          }
          pairs[pair] += weight * q * (1 - q)
          pair += 1
        }
      }
    }
  }

  /// Sets unit k to `2 wᵢ tᵢ qₖ (1 - qₖ)`, q the columns of `probabilities`; t is 1 without totals.
  ///
  /// Because qₖ (1 - qₖ) = Σ_{j≠k} qⱼ qₖ, this is the sum of the absolute values of row k of the
  /// softmax covariance diag(q) - q q'. The diagonal matrix of these sums minus the covariance is
  /// diagonally dominant, hence positive semi-definite.
  mutating func setSoftmaxCurvatureBound(
    of probabilities: Tile, rows: Range<Int>, weights: [Double], totals: [Double]?
  ) {
    let units = unitCount
    probabilities.withUnsafeUnits { source in
      forEachExample(rows) { example, row, bound in
        let weight = 2 * weights[row] * (totals?[row] ?? 1)
        for unit in 0..<units {
          let q = source[unit * probabilities.stride + example]
          bound[unit] = weight * q * max(0, 1 - q)
        }
      }
    }
  }
}
