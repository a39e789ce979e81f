import SurprisalEstimation
import TestSupport
import Testing

@testable import SurprisalCalibration

@Suite struct IsotonicFunctionTests {
  @Test func poolsWhatDescends() {
    let function = IsotonicFunction(
      points: [1, 2, 3, 4, 5], outcomes: [1, 3, 2, 2, 5], weights: [1, 1, 1, 1, 1])
    #expect(function.thresholds == [1, 2, 4, 5])
    #expect(function.values == [1, 7.0 / 3, 7.0 / 3, 5])
    #expect(function(0) == 1)
    #expect(function(9) == 5)
    #expect(function(3) == 7.0 / 3)
    #expect(function(1.5) == 1 + 0.5 * (7.0 / 3 - 1))
    #expect(function(4.25) == 7.0 / 3 + 0.25 * (5 - 7.0 / 3))
    #expect(zip(function.thresholds, function.values).allSatisfy { function($0) == $1 })
  }

  @Test func averagesTiesFirst() {
    // Pooling (2, 0) with (1, 1) before the tie is averaged would give another result.
    let function = IsotonicFunction(
      points: [2, 1, 2, 2], outcomes: [0, 1, 4, 2], weights: [1, 1, 1, 2])
    #expect(function.thresholds == [1, 2])
    #expect(function.values == [1, 2])
  }

  @Test func weightsAreRepetitions() {
    var numbers = TestNumbers(seed: 8)
    let points = numbers.uniform(40, in: 0...1)
    let outcomes = numbers.uniform(40, in: 0...1)
    let weights = (0..<40).map { Double($0 % 4) }
    let weighted = IsotonicFunction(points: points, outcomes: outcomes, weights: weights)
    let repeated = (0..<40).flatMap { [Int](repeating: $0, count: $0 % 4) }
    let plain = IsotonicFunction(
      points: repeated.map { points[$0] }, outcomes: repeated.map { outcomes[$0] },
      weights: repeated.map { _ in 1 })
    #expect(weighted.thresholds == plain.thresholds)
    #expect(vectorDistance(weighted.values, plain.values) < 1e-14)
  }

  /// Checks the optimality conditions of the quadratic program: pools are means, no ray improves.
  @Test(arguments: 1...20) func isTheLeastSquaresFit(seed: Int) {
    var numbers = TestNumbers(seed: UInt64(seed))
    let points = (0..<60).map { _ in (numbers.uniform(1, in: 0...20)[0]).rounded() }
    let outcomes = numbers.uniform(60, in: 0...1)
    let weights = numbers.uniform(60, in: 0...2).map { max(0, $0 - 0.3) }
    let function = IsotonicFunction(points: points, outcomes: outcomes, weights: weights)
    let residuals = points.indices.map { weights[$0] * (outcomes[$0] - function(points[$0])) }
    // Any non-decreasing change is a sum of increasing steps and a constant.
    for threshold in points {
      let above = points.indices.filter { points[$0] >= threshold }
      #expect(above.reduce(0) { $0 + residuals[$1] } < 1e-12)
    }
    #expect(residuals.reduce(0, +).magnitude < 1e-12)
    let fit = points.indices.reduce(0) { $0 + residuals[$1] * function(points[$1]) }
    #expect(fit.magnitude < 1e-12)
  }

  @Test func refusesWhatIsNoSuchFunction() {
    #expect(IsotonicFunction(thresholds: [], values: []) == nil)
    #expect(IsotonicFunction(thresholds: [1, 1], values: [0, 1]) == nil)
    #expect(IsotonicFunction(thresholds: [1, 2], values: [1, 0]) == nil)
    #expect(IsotonicFunction(thresholds: [1], values: [1, 2]) == nil)
    #expect(IsotonicFunction(thresholds: [.nan, 2], values: [0, 1]) == nil)
    #expect(IsotonicFunction(thresholds: [1, 2], values: [0, 0]) != nil)
  }
}
