import SurprisalLinearAlgebra
import Testing

@testable import SurprisalAnnotation

/// Votes and known classes that do not fit together give errors that name the fault, never traps.
@Suite struct VoteMismatchTests {
  /// Three votes of two annotators on two items.
  private static func error(
    items: [Int32] = [0, 0, 1], annotators: [Int32] = [0, 1, 0], labels: [Int32] = [0, 1, 1],
    weights: [Double]? = nil
  ) -> VoteError? {
    do throws(VoteError) {
      _ = try Votes(
        itemNames: ["i", "j"], annotatorNames: ["a", "b"], classNames: ["x", "y"], items: items,
        annotators: annotators, labels: labels, weights: weights)
      return nil
    } catch { return error }
  }

  @Test(arguments: [[], [0], [0, 1], [0, 1, 0, 1]] as [[Int32]])
  func unequalLengths(_ other: [Int32]) {
    let count = other.count
    #expect(
      Self.error(annotators: other) == .rowMismatch(what: "annotators", expected: 3, found: count))
    #expect(Self.error(labels: other) == .rowMismatch(what: "labels", expected: 3, found: count))
    #expect(
      Self.error(weights: other.map { Double($0) + 1 })
        == .rowMismatch(what: "weights", expected: 3, found: count))
    #expect(Self.error(items: other) != nil)
    #expect(Self.error() == nil)
  }

  @Test(arguments: [-1, 2, .max, .min] as [Int32]) func indicesWithoutAName(_ index: Int32) {
    func error(_ what: String) -> VoteError {
      .index(what: what, row: 1, index: Int(index), count: 2)
    }
    #expect(Self.error(items: [0, index, 1]) == error("items"))
    #expect(Self.error(annotators: [0, index, 1]) == error("annotators"))
    #expect(Self.error(labels: [0, index, 1]) == error("labels"))
  }

  @Test(arguments: [-1, Double.infinity, -Double.infinity])
  func weightsThatAreNone(_ weight: Double) {
    #expect(Self.error(weights: [1, 1, weight]) == .weight(row: 2, value: weight))
  }

  @Test func aWeightThatIsNotANumber() throws {
    guard case .weight(let row, let value) = try #require(Self.error(weights: [.nan, 1, 1])) else {
      Issue.record("another error")
      return
    }
    #expect(row == 0 && value.isNaN)
  }

  @Test(arguments: AggregationMethod.allCases)
  func knownClasses(_ method: AggregationMethod) throws {
    let votes = try VoteFixture.votes(
      [(0, 0, 0), (0, 1, 0), (1, 0, 1), (1, 1, 1)], items: 2, annotators: 2, classes: 2)
    let options = AggregationOptions(method: method, restarts: 0)
    let faults: [([Int32], (String) -> VoteError)] = [
      ([0], { .rowMismatch(what: $0, expected: 2, found: 1) }),
      ([0, 1, 1], { .rowMismatch(what: $0, expected: 2, found: 3) }),
      ([0, 2], { .index(what: $0, row: 1, index: 2, count: 2) }),
      ([-2, 0], { .index(what: $0, row: 0, index: -2, count: 2) }),
    ]
    let aggregation = Aggregation(votes, options: options, reducer: .one)
    for (classes, error) in faults {
      #expect(throws: error("known classes")) {
        try Aggregation(votes, options: options, gold: classes, reducer: .one)
      }
      #expect(throws: error("true classes")) { try TruthScores(aggregation, truth: classes) }
    }
    let known = try Aggregation(votes, options: options, gold: [-1, -1], reducer: .one)
    #expect(known.labels == aggregation.labels)
  }
}
