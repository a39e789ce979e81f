import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// Compares the matrices of the search for directions with their definitions, entry by entry.
@Suite struct ClassCurvatureTests {
  private static let (rowCount, classCount) = (23, 4)

  /// Rows with a leader and free classes; every seventh is ignored.
  private static let constraints = LogitConstraints(
    rowCount: rowCount, classCount: classCount
  ) { row in
    guard row % 7 != 3 else { return nil }
    return (0..<classCount).map { index in
      index == row % classCount || (row + index) % 5 == 0
        ? .equal : (row * 3 + index) % 4 == 1 ? .free : .atMost
    }
  }

  private static func weights(_ curvature: some ClassCurvature, _ first: Int, _ second: Int)
    -> [Double]
  {
    var weights = [Double](repeating: 0, count: rowCount)
    weights.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { curvature.writeWeights(first, second, to: $0) }
    }
    return weights
  }

  @Test func starsOfLeaders() {
    let curvature = StarCurvature(Self.constraints)
    for first in 0..<Self.classCount {
      for second in 0..<Self.classCount {
        let found = Self.weights(curvature, first, second)
        for row in 0..<Self.rowCount {
          var expected = 0.0
          if let leader = Self.constraints.leaders[row] {
            // Each edge is `(e_leader - e_other) (e_leader - e_other)'`.
            for other in 0..<Self.classCount
            where other != leader && Self.constraints[row, class: other] != .free {
              let entry = { (index: Int) in index == leader ? 1.0 : index == other ? -1.0 : 0 }
              expected += entry(first) * entry(second)
            }
          }
          #expect(found[row] == expected, "row \(row), classes \(first) and \(second)")
        }
      }
    }
  }

  @Test func softmax() {
    let rows = (0..<Self.rowCount).map { row -> (weight: Double, q: [Double])? in
      guard row % 5 != 2 else { return nil }
      let raw = (0..<Self.classCount).map { Double((row * 7 + $0 * 3) % 11) + 0.5 }
      return (Double(row % 3) + 0.5, raw.map { $0 / raw.reduce(0, +) })
    }
    let curvature = SoftmaxCurvature(rowCount: Self.rowCount, classCount: Self.classCount) { row in
      rows[row].map { ($0.weight, $0.q[...]) }
    }
    for first in 0..<Self.classCount {
      for second in 0..<Self.classCount {
        let found = Self.weights(curvature, first, second)
        for (row, entry) in rows.enumerated() {
          let (weight, q) = entry ?? (0, [0, 0, 0, 0])
          let expected = weight * ((first == second ? q[first] : 0) - q[first] * q[second])
          #expect((found[row] - expected).magnitude <= 1e-15)
        }
      }
    }
  }

  /// 1500 rows of 500 classes: the search ends when its work limit is reached.
  @Test(.tags(.heavy), .enabled(if: heavyTestsEnabled)) func manyClasses() throws {
    var bits = SeededBits(seed: 5)
    let (rows, classes) = (1500, 500)
    let columns = (0..<4).map { _ in (0..<rows).map { _ in Double(bits.below(1 << 20)) / 0x1p20 } }
    let labels = Labels.classes(
      try ClassIndices((0..<rows).map { $0 % classes }, classCount: classes))
    let cone = RecessionCone(
      features: BlockedMatrix(columns: columns, rowCount: rows), labels: labels, weights: nil,
      includesIntercept: true)
    guard case .undecided(.workLimit) = cone.search() else {
      Issue.record("decided")
      return
    }
  }
}
