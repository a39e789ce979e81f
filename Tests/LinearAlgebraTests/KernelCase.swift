import SurprisalLinearAlgebra
import TestSupport
import Testing

/// Deterministic numbers for the kernels: splitmix64, uniform in -1 ..< 1.
struct KernelCase: Sendable, CustomTestStringConvertible {
  let rows: Int
  let features: Int
  let units: Int

  /// The padded number of rows.
  var stride: Int { Tile.padded(rows) }

  var testDescription: String { "N \(rows) D \(features) C \(units)" }

  /// Sizes around every edge of the register tiles and cache panels.
  static let grid: [KernelCase] = {
    let heavy = heavyTestsEnabled
    let units = heavy ? [1, 2, 3, 5, 8, 10, 17, 100, 1000] : [1, 2, 5, 9, 17]
    let features = heavy ? [1, 2, 7, 8, 64, 100, 1000] : [1, 7, 13, 130]
    let rows = heavy ? [1, 7, 24, 193, 300] : [1, 37]
    return rows.flatMap { rows in
      features.flatMap { features in
        units.map { KernelCase(rows: rows, features: features, units: $0) }
      }
    }
  }()

  /// `count` numbers, different for every `seed`.
  static func numbers(_ count: Int, seed: UInt64, scale: Double = 1) -> [Double] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      var bits = state
      bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      bits ^= bits >> 31
      return scale * (Double(bits >> 11) * 0x1p-52 - 1)
    }
  }

  /// A tile of numbers with zeros beyond `rows`.
  func tile(units: Int, seed: UInt64, scale: Double = 1) -> [Double] {
    var result = Self.numbers(units * stride, seed: seed, scale: scale)
    for unit in 0..<units {
      for row in rows..<stride { result[unit * stride + row] = 0 }
    }
    return result
  }

  /// Columns that are probabilities, zeros among them; padding is zero.
  func shares(seed: UInt64) -> [Double] {
    var result = tile(units: units, seed: seed).map { Swift.max($0, 0) }
    for row in 0..<rows {
      result[row % units * stride + row] += 0.25
      let total = (0..<units).reduce(0) { $0 + result[$1 * stride + row] }
      for unit in 0..<units { result[unit * stride + row] /= total }
    }
    return result
  }
}

/// The largest difference relative to `max(1, |expected|)`; equal infinities and NaNs count as 0.
func largestError(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  var worst = 0.0
  for (a, b) in zip(found, expected) where a != b && !(a.isNaN && b.isNaN) {
    let error = (a - b).magnitude / Swift.max(1, b.magnitude)
    worst = error.isNaN ? .infinity : Swift.max(worst, error)
  }
  return worst
}

/// Whether two arrays have the same bits.
func sameBits(_ a: [Double], _ b: [Double]) -> Bool {
  a.map(\.bitPattern) == b.map(\.bitPattern)
}

/// Compares the lists of numbers that a set of kernels computes with those of the reference.
func expectAgreement(
  _ set: KernelSet, within tolerance: Double, _ compute: (KernelSet) -> [[Double]]
) throws {
  let reference = try #require(KernelSet(named: "reference"))
  for (found, expected) in zip(compute(set), compute(reference)) {
    #expect(largestError(found, expected) < tolerance)
  }
}
