import RealModule

/// A number of some 32 decimal digits: the sum of two doubles of which the second is at most half a
/// unit in the last place of the first.
///
/// For the last steps on small, badly scaled problems; some twenty times slower than a double. Its
/// range is that of doubles. Dekker, doi:10.1007/BF01397083; Hida, Li and Bailey (2001).
package struct DoubleDouble: Sendable {
  package var high: Double
  package var low: Double

  /// A double.
  @inlinable package init(_ value: Double) { (high, low) = (value, 0) }

  @usableFromInline init(high: Double, low: Double) { (self.high, self.low) = (high, low) }

  /// The sum of two doubles of which the first is not smaller, up to sign.
  @inlinable static func ordered(_ first: Double, _ second: Double) -> DoubleDouble {
    let sum = first + second
    return DoubleDouble(high: sum, low: second - (sum - first))
  }

  /// The sum of two doubles, exact.
  @inlinable package static func sum(_ first: Double, _ second: Double) -> DoubleDouble {
    let sum = first + second
    let part = sum - first
    return DoubleDouble(high: sum, low: (first - (sum - part)) + (second - part))
  }

  package static let zero = DoubleDouble(0)

  @inlinable package static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    var (top, rest) = (sum(a.high, b.high), sum(a.low, b.low))
    top = ordered(top.high, top.low + rest.high)
    rest.low += top.low
    return ordered(top.high, rest.low)
  }

  @inlinable package static prefix func - (a: DoubleDouble) -> DoubleDouble {
    DoubleDouble(high: -a.high, low: -a.low)
  }

  @inlinable package static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

  @inlinable package static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = a.high * b.high
    let error = (-product).addingProduct(a.high, b.high)
    return ordered(product, error + (a.high * b.low + a.low * b.high))
  }

  @inlinable package static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = DoubleDouble(a.high / b.high)
    var rest = a - b * first
    let second = DoubleDouble(rest.high / b.high)
    rest = rest - b * second
    return first + second + DoubleDouble(rest.high / b.high)
  }

  @inlinable package static func += (a: inout DoubleDouble, b: DoubleDouble) { a = a + b }

  @inlinable package static func < (a: DoubleDouble, b: DoubleDouble) -> Bool {
    a.high < b.high || (a.high == b.high && a.low < b.low)
  }

  /// Σ a b.
  package static func dot(_ first: [DoubleDouble], _ second: [DoubleDouble]) -> DoubleDouble {
    zip(first, second).reduce(.zero) { $0 + $1.0 * $1.1 }
  }

  /// The root of a positive number, by a step of Newton's method.
  package var squareRoot: DoubleDouble {
    let first = DoubleDouble(high.squareRoot())
    return first + (self - first * first) / DoubleDouble(2 * first.high)
  }

  /// e to this; 0 below -700.
  package var exponential: DoubleDouble {
    guard high > -700 else { return .zero }
    let log2 = DoubleDouble(high: 0x1.62e42fefa39efp-1, low: 0x1.abc9e3b39803fp-56)
    let count = (high / log2.high).rounded()
    let rest = self - log2 * DoubleDouble(count)
    // e^(r / 512) - 1 by its series, squared nine times.
    let part = DoubleDouble(high: rest.high * 0x1p-9, low: rest.low * 0x1p-9)
    var term = part
    var sum = part
    for order in 2...9 {
      term = term * part / DoubleDouble(Double(order))
      sum += term
    }
    for _ in 0..<9 { sum = sum + sum + sum * sum }
    let result = sum + DoubleDouble(1)
    let scale = Double(sign: .plus, exponent: Int(count), significand: 1)
    return DoubleDouble(high: result.high * scale, low: result.low * scale)
  }

  /// The logarithm of a positive number, by a step of Newton's method on the exponential.
  package var logarithm: DoubleDouble {
    let first = DoubleDouble(Double.log(high))
    return first + self * (-first).exponential - DoubleDouble(1)
  }
}

/// The Cholesky factor of a symmetric positive definite matrix of double-doubles.
package struct PreciseCholesky: Sendable {
  private let dimension: Int
  private var factor: [DoubleDouble]

  /// Factorises the lower triangle of a row-major square; nil if a pivot is not above rounding.
  /// Complexity: n³ / 6 products.
  package init?(_ elements: [DoubleDouble], dimension: Int) {
    self.dimension = dimension
    factor = elements
    for row in 0..<dimension {
      for column in 0...row {
        var sum = factor[row * dimension + column]
        for place in 0..<column {
          sum = sum - factor[row * dimension + place] * factor[column * dimension + place]
        }
        if column < row {
          factor[row * dimension + column] = sum / factor[column * dimension + column]
          continue
        }
        guard sum.high > 1e-28 * elements[row * dimension + row].high, sum.high.isFinite else {
          return nil
        }
        factor[row * dimension + row] = sum.squareRoot
      }
    }
  }

  /// The solution of A x = b. Complexity: n² products.
  package func solve(_ rightSide: [DoubleDouble]) -> [DoubleDouble] {
    var x = rightSide
    for row in 0..<dimension {
      for column in 0..<row { x[row] = x[row] - factor[row * dimension + column] * x[column] }
      x[row] = x[row] / factor[row * dimension + row]
    }
    for row in (0..<dimension).reversed() {
      x[row] = x[row] / factor[row * dimension + row]
      for column in 0..<row { x[column] = x[column] - factor[row * dimension + column] * x[row] }
    }
    return x
  }
}
