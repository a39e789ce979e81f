import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@Suite struct MultipleComparisonTests {
  private static let labels = [[0.2, 0.8], [0.5, 0.5], [1, 0], [0.1, 0.9], [0.7, 0.3]]
  private static let predictions = [
    [[0.3, 0.7], [0.6, 0.4], [0.9, 0.1], [0.5, 0.5], [0.6, 0.4]],
    [[0.2, 0.8], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6], [0.1, 0.9]],
  ]

  private func evaluations() throws -> [Evaluation] {
    let labels = try soft(Self.labels)
    return try Self.predictions.map { try Evaluation(of: try probabilities($0), against: labels) }
  }

  /// All 5^5 resamples of five rows, each equally likely, without random numbers.
  private func exactBootstrap(_ values: [Double]) -> [Double] {
    let count = values.count
    var means: [Double] = []
    var places = [Int](repeating: 0, count: count)
    while true {
      means.append(places.reduce(0) { $0 + values[$1] } / Double(count))
      guard let place = places.firstIndex(where: { $0 < count - 1 }) else { break }
      for index in 0..<place { places[index] = 0 }
      places[place] += 1
    }
    return means.sorted()
  }

  @Test func bootstrapTendsToTheExactOne() throws {
    let evaluations = try evaluations()
    let found = try MultipleComparison(of: evaluations, replicates: 40_000, seed: 9)
    #expect(found.reference == 0 && found.differences[0] == nil)
    let paired = try #require(found.differences[1])
    let differences = zip(evaluations[1].rowScores, evaluations[0].rowScores)
      .map { $0.klDivergence - $1.klDivergence }
    let exact = exactBootstrap(differences)
    #expect(exact.count == 3125)
    let interval = try #require(paired.klDivergence.bootstrapInterval)
    // The probability outside the ends in the exact distribution: 2.5 % each, up to the steps of
    // 3125 values.
    let below = Double(exact.count { $0 < interval.lowerBound }) / 3125
    let above = Double(exact.count { $0 > interval.upperBound }) / 3125
    #expect((below - 0.025).magnitude < 0.004 && (above - 0.025).magnitude < 0.004)
  }

  @Test func theReferenceIsTheBestUnlessNamed() throws {
    let evaluations = try evaluations()
    let reversed = Array(evaluations.reversed())
    #expect(try MultipleComparison(of: reversed).reference == 1)
    let named = try MultipleComparison(of: reversed, reference: 0)
    let found = try MultipleComparison(of: reversed)
    #expect(named.reference == 0 && named.differences[0] == nil)
    let (a, b) = (named.differences[1]?.brier.estimate, found.differences[0]?.brier.estimate)
    #expect(try #require(a) == -(try #require(b)))
    // The null model is last and is not examined.
    let all = try MultipleComparison(of: [reversed[0], evaluations[0]], amongFirst: 1)
    #expect(all.reference == 0)
  }

  @Test func sameBitsForAnyNumberOfThreads() throws {
    let evaluations = try evaluations()
    let runs = try [1, 2, 5].map {
      try MultipleComparison(
        of: evaluations, replicates: 500, seed: 4, threads: ThreadCount($0)
      ).differences[1]
    }
    #expect(runs[0] == runs[1] && runs[0] == runs[2])
  }

  @Test func aDifferenceIsToldOnlyIfBothIntervalsSay() throws {
    let evaluations = try evaluations()
    let same = try MultipleComparison(of: [evaluations[0], evaluations[0]], replicates: 50)
    #expect(same.differences[1]?.klDivergence.isTold == false)
    let infinite = try Evaluation(
      of: try probabilities([[0, 1], [0.5, 0.5], [0, 1], [0.5, 0.5], [0.5, 0.5]]),
      against: try soft(Self.labels))
    let found = try MultipleComparison(of: [evaluations[0], infinite])
    #expect(found.differences[1]?.klDivergence.isTold == nil)
    #expect(found.differences[1]?.klDivergence.estimate == .infinity)
  }
}
