import RealModule
import SurprisalKernels
import SurprisalLinearAlgebra

/// One column of a tile: the logits of one example, then the likelihood's own parameters.
///
/// Valid inside the call it was handed to and nowhere else.
struct TileExample {
  let start: UnsafeMutablePointer<Double>
  let stride: Int

  subscript(unit: Int) -> Double {
    @inline(__always) get { start[unit * stride] }
    @inline(__always) nonmutating set { start[unit * stride] = newValue }
  }

  /// The sum of exp zₖ over the units of `range` that satisfy a condition.
  @inline(__always)
  func exponentialSum(_ units: Int, where isMember: (Int) -> Bool) -> ExponentialSum {
    var result = ExponentialSum()
    for unit in 0..<units where isMember(unit) { result.top = max(result.top, self[unit]) }
    guard result.top > -.infinity else { return result }
    for unit in 0..<units where isMember(unit) {
      result.scaled += Double.exp(self[unit] - result.top)
    }
    return result
  }
}

/// A sum of exponentials, exp(top) times a number between one and its count of terms.
struct ExponentialSum {
  var top = -Double.infinity
  var scaled = 0.0

  /// exp z as a share of the sum; 0 where the sum is 0.
  @inline(__always)
  func share(of logit: Double) -> Double {
    top > -.infinity ? Double.exp(logit - top) / scaled : 0
  }

  /// What a term has to be multiplied with to become a share; 0 where the sum is 0.
  var inverse: Double { scaled > 0 ? 1 / scaled : 0 }

  /// log(self / other). The difference of the maxima is exact where both are the same.
  func logRatio(to other: ExponentialSum) -> Double {
    guard top > -.infinity else { return -.infinity }
    return (top - other.top) + Double.log(scaled / other.scaled)
  }
}

extension Tile {
  /// Visits the columns of a block: the example's place in the tile, its row and its units.
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

  /// Replaces logits by exp(z - max z) and returns the sums. A column of -infinity becomes zeros.
  mutating func exponentiate(units: Int, examples: Int) -> [ExponentialSum] {
    var sums = [ExponentialSum](repeating: ExponentialSum(), count: examples)
    let stride = stride
    withUnsafeMutableUnits { start in
      for unit in 0..<units {
        for example in 0..<examples {
          sums[example].top = max(sums[example].top, start[unit * stride + example])
        }
      }
      for unit in 0..<units {
        for example in 0..<examples {
          let top = sums[example].top
          start[unit * stride + example] -= top > -.infinity ? top : 0
        }
      }
      surprisal_exp(units * stride, start, start)
      for unit in 0..<units {
        for example in 0..<examples { sums[example].scaled += start[unit * stride + example] }
      }
    }
    return sums
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

  /// Adds `factor wᵢ ([u = v] qᵤ - qᵤ qᵥ)` to unit u (u + 1) / 2 + v, q the columns of a tile.
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
}
