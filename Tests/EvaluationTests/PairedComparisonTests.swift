import RealModule
import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@Suite struct PairedComparisonTests {
  private func pair(weighted: Bool) throws -> (Evaluation, Evaluation, ReferenceValue) {
    let reference = try ReferenceValue(ofTests: "evaluation.json")["pair"]
    let labels = try soft(reference["labels"].rows)
    let weights: RowWeights =
      weighted ? try .importance(checking: reference["weights"].numbers) : .uniform
    let evaluations = try ["first", "second"].map { key in
      try Evaluation(
        of: try probabilities(reference[key].rows), against: labels, weights: weights)
    }
    return (evaluations[0], evaluations[1], reference["expected"])
  }

  @Test func differencesAgreeWithScipy() throws {
    let (first, second, expected) = try pair(weighted: false)
    let found = try PairedComparison(of: first, minus: second)
    #expect(found.units == 30)
    try expectClose(#require(found.crossEntropy.estimate), expected["cross_entropy"], "CE")
    try expectClose(#require(found.klDivergence.estimate), expected["cross_entropy"], "KL")
    try expectClose(#require(found.crossEntropy.standardError), expected["standard_error"], "SE")
    try expectClose(#require(found.accuracy.estimate), expected["accuracy"], "accuracy")
    try expectClose(#require(found.accuracy.standardError), expected["accuracy_error"], "SE")
    let interval = try #require(found.crossEntropy.interval)
    let half = 1.959963984540054 * expected["standard_error"].number
    #expect((interval.upperBound - interval.lowerBound - 2 * half).magnitude < 1e-12)
    #expect(found.crossEntropy.bootstrapInterval == nil)
  }

  @Test func weightedDifferencesAgree() throws {
    let (first, second, expected) = try pair(weighted: true)
    let found = try PairedComparison(of: first, minus: second)
    try expectClose(#require(found.crossEntropy.estimate), expected["weighted"], "CE")
    try expectClose(#require(found.crossEntropy.standardError), expected["weighted_error"], "SE")
    let brier = try #require(found.brier.estimate)
    #expect((brier - (first.brier - second.brier)).magnitude < 1e-14)
  }

  @Test(arguments: [(false, "bootstrap", UInt64(20)), (true, "weighted_bootstrap", 21)])
  func bootstrapAgreesWithAnotherImplementation(
    weighted: Bool, key: String, seed: UInt64
  ) throws {
    let (first, second, expected) = try pair(weighted: weighted)
    var generator = SplitMix64(seed: seed)
    let found = try PairedComparison(
      of: first, minus: second, replicates: 200, using: &generator, threads: ThreadCount(2))
    let interval = try #require(found.crossEntropy.bootstrapInterval)
    try expectClose([interval.lowerBound, interval.upperBound], expected[key], "bootstrap")
  }

  @Test func bootstrapAndAnalyticIntervalsAreAlike() throws {
    let (first, second, _) = try pair(weighted: true)
    var generator = SplitMix64(seed: 1)
    let found = try PairedComparison(of: first, minus: second, replicates: 4000, using: &generator)
    for difference in [found.klDivergence, found.brier] {
      let analytic = try #require(difference.interval)
      let bootstrap = try #require(difference.bootstrapInterval)
      let width = analytic.upperBound - analytic.lowerBound
      #expect((analytic.lowerBound - bootstrap.lowerBound).magnitude < 0.15 * width)
      #expect((analytic.upperBound - bootstrap.upperBound).magnitude < 0.15 * width)
    }
  }

  @Test func frequenciesAreRepeatedRows() throws {
    let labels = [[0.2, 0.8], [0.5, 0.5], [1, 0], [0.1, 0.9]]
    let first = [[0.3, 0.7], [0.6, 0.4], [0.9, 0.1], [0.5, 0.5]]
    let second = [[0.2, 0.8], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]]
    let frequencies = [3.0, 1, 0, 2]
    let places = [0, 0, 0, 1, 3, 3]
    func compare(_ places: [Int], _ weights: RowWeights) throws -> PairedComparison {
      let labels = try soft(places.map { labels[$0] })
      var generator = SplitMix64(seed: 5)
      return try PairedComparison(
        of: try Evaluation(
          of: try probabilities(places.map { first[$0] }), against: labels, weights: weights),
        minus: try Evaluation(
          of: try probabilities(places.map { second[$0] }), against: labels, weights: weights),
        replicates: 50, using: &generator)
    }
    let weighted = try compare([0, 1, 2, 3], .frequency(checking: frequencies))
    let repeated = try compare(places, .uniform)
    #expect(weighted.units == repeated.units)
    let pairs = [(weighted.brier, repeated.brier), (weighted.accuracy, repeated.accuracy)]
    for (found, expected) in pairs {
      let (a, b) = (try #require(found.estimate), try #require(expected.estimate))
      #expect((a - b).magnitude < 1e-15)
      let (c, d) = (try #require(found.standardError), try #require(expected.standardError))
      #expect((c - d).magnitude < 1e-15)
      let left = try #require(found.bootstrapInterval)
      let right = try #require(expected.bootstrapInterval)
      #expect((left.lowerBound - right.lowerBound).magnitude < 1e-15)
      #expect((left.upperBound - right.upperBound).magnitude < 1e-15)
    }
  }

  @Test func infinitiesAreStatedNotHidden() throws {
    let labels = try hard([1, 0], of: 2)
    let finite = try Evaluation(of: try probabilities([[0.5, 0.5], [0.5, 0.5]]), against: labels)
    let infinite = try Evaluation(of: try probabilities([[1, 0], [0.5, 0.5]]), against: labels)
    var generator = SplitMix64(seed: 5)
    let found = try PairedComparison(of: finite, minus: infinite, replicates: 20, using: &generator)
    #expect(found.crossEntropy.estimate == -.infinity)
    #expect(found.crossEntropy.standardError == nil && found.crossEntropy.interval == nil)
    #expect(found.crossEntropy.bootstrapInterval == nil)
    #expect(found.brier.interval != nil)
    let same = try PairedComparison(of: infinite, minus: infinite)
    #expect(same.crossEntropy.estimate == nil)
    #expect(same.brier.estimate == 0)
    #expect(try infinite.standardErrors().crossEntropy == nil)
  }

  /// The sequence of Steele, Lea and Flood's generator for this seed, as in the Java library.
  @Test func generatorKeepsItsSequence() {
    var generator = SplitMix64(seed: 1_234_567)
    let found = (0..<3).map { _ in generator.next() }
    #expect(
      found == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }
}

/// Labels that are evidence or candidate sets are compared by their own log-likelihood.
@Suite struct EvidenceComparisonTests {
  private static let evidence = [[1, 0.5, 0.1], [0.2, 1, 0.4], [0.3, 0.3, 1], [1, 1, 0.05]]
  private static let sharp = [
    [0.9, 0.06, 0.04], [0.05, 0.9, 0.05], [0.1, 0.1, 0.8], [0.5, 0.4, 0.1],
  ]
  private static let flat = [
    [0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.3, 0.2, 0.5], [0.4, 0.4, 0.2],
  ]

  private func evaluation(
    _ rows: [[Double]], weights: RowWeights = .uniform
  ) throws -> Evaluation {
    try Evaluation(
      of: probabilities(rows),
      against: .evidence(ClassEvidence(BlockedMatrix(rows: Self.evidence, columnCount: 3))),
      weights: weights)
  }

  /// Row by row -log Σ e q, with the largest e of a row 1, as the row by itself has it.
  @Test func differenceIsThatOfTheLogEvidence() throws {
    let weights = [1.0, 2, 0.5, 3]
    let pair = try [Self.sharp, Self.flat].map {
      try evaluation($0, weights: .importance(checking: weights))
    }
    let losses = [Self.sharp, Self.flat].map { rows in
      zip(rows, Self.evidence).map { q, e in -Double.log(zip(q, e).reduce(0) { $0 + $1.0 * $1.1 }) }
    }
    let differences = zip(losses[0], losses[1]).map { $0 - $1 }
    let mean = zip(weights, differences).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
    let found = try #require(PairedComparison(of: pair[0], minus: pair[1]).evidence)
    #expect((try #require(found.estimate) - mean).magnitude < 1e-14)
    let scores = try pair.map { try #require($0.evidenceScore()).logLikelihood }
    #expect((mean - (scores[1] - scores[0])).magnitude < 1e-14)
  }

  /// The better likelihood is the reference, not the smaller cross entropy with the evidence
  /// divided by its sum.
  @Test func referenceIsTheBetterLikelihood() throws {
    let (sharp, flat) = (try evaluation(Self.sharp), try evaluation(Self.flat))
    #expect(sharp.crossEntropy > flat.crossEntropy)
    let comparison = try MultipleComparison(of: [flat, sharp])
    #expect(comparison.reference == 1)
    #expect(try #require(comparison.differences[0]?.evidence?.estimate) > 0)
  }

  /// Evidence is not a vote: its noise is not known.
  @Test func evidenceHasNoNoiseOfVotes() throws {
    #expect(try evaluation(Self.sharp).labelNoise() == nil)
  }

  @Test func otherLabelsHaveNone() throws {
    let labels = try soft([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0]])
    let pair = try [Self.sharp, Self.flat].map {
      try Evaluation(of: probabilities($0), against: labels)
    }
    #expect(try PairedComparison(of: pair[0], minus: pair[1]).evidence == nil)
  }
}
