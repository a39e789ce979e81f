import RealModule
import SurprisalKernels

/// Operations on plain arrays of doubles, the vectors used by solvers.
extension Array where Element == Double {
  /// `sum_i self[i] * other[i]`; the order of the sum depends only on the length.
  public func dot(_ other: [Double]) -> Double {
    precondition(count == other.count)
    return surprisal_dot(count, self, other)
  }

  /// The Euclidean norm, without overflow or underflow if the result is representable.
  public var euclideanNorm: Double {
    let top = infinityNorm
    guard top > 0, top.isFinite else { return top }
    let plain = dot(self)
    if plain.isFinite, plain > Double.leastNormalMagnitude * 1e20 { return plain.squareRoot() }
    return top * map { $0 / top }.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// The largest magnitude; 0 for an empty vector and NaN if any entry is NaN.
  public var infinityNorm: Double {
    var top = 0.0
    for value in self {
      if value.isNaN { return .nan }
      top = Swift.max(top, value.magnitude)
    }
    return top
  }

  /// `self += factor * other`.
  public mutating func add(_ factor: Double, times other: [Double]) {
    precondition(count == other.count)
    surprisal_add_scaled(count, factor, other, &self)
  }

  /// `self *= factor`.
  public mutating func scale(by factor: Double) {
    for index in indices { self[index] *= factor }
  }

  /// Whether every entry is finite.
  public var isFinite: Bool { allSatisfy(\.isFinite) }
}
