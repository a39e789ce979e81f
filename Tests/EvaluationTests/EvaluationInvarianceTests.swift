import Foundation
import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability
import Testing

@Suite struct EvaluationInvarianceTests {
  /// Random distributions of C classes, rounded, with no two equal.
  static func distributions(_ count: Int, classes: Int, seed: UInt64) -> [[Double]] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let raw = (0..<classes).map { _ in Double.random(in: 0.01...1, using: &generator) }
      let sum = raw.reduce(0, +)
      return raw.map { $0 / sum }
    }
  }

  static func votes(_ count: Int, classes: Int, seed: UInt64) -> [[Double]] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      var row = (0..<classes).map { _ in Double(generator.next() % 4) }
      row[0] += 1
      return row
    }
  }

  /// Every mean of an evaluation, and the values computed from several rows at once.
  static func summary(_ evaluation: Evaluation) -> [Double] {
    let measures = evaluation.labelDistributionMeasures()
    let calibration = evaluation.calibration()
    return evaluation.topK + [
      evaluation.crossEntropy, evaluation.labelEntropy, evaluation.klDivergence,
      evaluation.accuracy, evaluation.expectedAccuracy, evaluation.brier, evaluation.ece,
      evaluation.null.crossEntropy, measures.clark, measures.chebyshev, measures.canberra,
      measures.cosine, measures.intersection, calibration.classwiseECE,
      calibration.topLabel.debiasedECE, calibration.topLabel.squaredError,
    ]
  }

  static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { ($0 - $1).magnitude }.max() ?? .infinity
  }

  @Test func oneHotDistributionsScoreLikeClassesToTheLastBit() throws {
    let classes = (0..<400).map { $0 * 7 % 4 }
    let oneHot = classes.map { index in (0..<4).map { $0 == index ? 1.0 : 0 } }
    let q = try probabilities(Self.distributions(400, classes: 4, seed: 1))
    let weights = RowWeights.importance((0..<400).map { Double($0 % 5) * 0.3 })
    let found = try [hard(classes, of: 4), soft(oneHot), counts(oneHot)].map {
      try Evaluation(of: q, against: $0, weights: weights)
    }
    #expect(found[0].rowScores == found[1].rowScores)
    #expect(Self.summary(found[0]) == Self.summary(found[1]))
    #expect(Self.summary(found[0]) == Self.summary(found[2]))
    #expect(found[0].labelEntropy == 0 && found[0].crossEntropy == found[0].klDivergence)
    #expect(try found[0].standardErrors() == found[1].standardErrors())
  }

  @Test(arguments: [-800, -600, 600, 900]) func powersOfTwoAsWeightsChangeNoBit(exponent: Int)
    throws
  {
    let q = try probabilities(Self.distributions(200, classes: 3, seed: 4))
    let p = try soft(Self.distributions(200, classes: 3, seed: 5))
    let size = Double(sign: .plus, exponent: exponent, significand: 1)
    let found = try [1, size].map { size in
      try Evaluation(
        of: q, against: p,
        weights: .importance(checking: (0..<200).map { size * Double(1 + $0 % 3) })
      ).standardErrors()
    }
    #expect(found[0] == found[1])
  }

  @Test func threadsDoNotChangeABit() throws {
    let q = try probabilities(Self.distributions(900, classes: 3, seed: 2))
    let p = try soft(Self.distributions(900, classes: 3, seed: 3))
    let found = try Evaluation(of: q, against: p, threads: ThreadCount(3))
    #expect(Self.summary(found) == Self.summary(try Evaluation(of: q, against: p)))
  }

  @Test func aFrequencyIsThatManyRows() throws {
    let q = Self.distributions(50, classes: 4, seed: 4)
    let labels = Self.votes(50, classes: 4, seed: 5)
    let frequencies = (0..<50).map { Double($0 % 4) }
    let places = frequencies.enumerated().flatMap { [Int](repeating: $0, count: Int($1)) }
    let weighted = try Evaluation(
      of: try probabilities(q), against: try counts(labels),
      weights: try .frequency(checking: frequencies))
    let repeated = try Evaluation(
      of: try probabilities(places.map { q[$0] }),
      against: try counts(places.map { labels[$0] }))
    #expect(weighted.rows == repeated.rows && weighted.totalWeight == repeated.totalWeight)
    #expect(Self.distance(Self.summary(weighted), Self.summary(repeated)) < 1e-13)
    let (a, b) = (try weighted.standardErrors(), try repeated.standardErrors())
    #expect(a.units == b.units)
    let errors = [(a.crossEntropy, b.crossEntropy), (a.brier, b.brier), (a.accuracy, b.accuracy)]
    for (found, expected) in errors {
      #expect((try #require(found) - #require(expected)).magnitude < 1e-14)
    }
  }

  @Test func votesAreThatManyKnownClasses() throws {
    let q = Self.distributions(40, classes: 3, seed: 6)
    let labels = Self.votes(40, classes: 3, seed: 7)
    let voters = labels.enumerated().flatMap { row, votes in
      votes.enumerated().flatMap { index, count in
        [(row: Int, class: Int)](repeating: (row, index), count: Int(count))
      }
    }
    let grouped = try Evaluation(of: try probabilities(q), against: try counts(labels))
    let single = try Evaluation(
      of: try probabilities(voters.map { q[$0.row] }),
      against: try hard(voters.map(\.class), of: 3))
    #expect(grouped.totalWeight == single.totalWeight)
    let pairs = [
      (grouped.crossEntropy, single.crossEntropy), (grouped.brier, single.brier),
      (grouped.expectedAccuracy, single.expectedAccuracy), (grouped.ece, single.ece),
      (grouped.expectedAccuracy, single.accuracy),
      (grouped.calibration().classwiseECE, single.calibration().classwiseECE),
      (grouped.rankedProbabilityScore().score, single.rankedProbabilityScore().score),
    ]
    for (a, b) in pairs { #expect((a - b).magnitude < 1e-14) }
    let confusions = zip(grouped.confusionMatrix().weights, single.confusionMatrix().weights)
    for (a, b) in confusions { #expect(Self.distance(a, b) < 1e-12) }
    let clusters = voters.map(\.row)
    let (a, b) = (try grouped.standardErrors(), try single.standardErrors(clusters: clusters))
    #expect((try #require(a.crossEntropy) - #require(b.crossEntropy)).magnitude < 1e-14)
  }

  @Test func neitherTheOrderOfClassesNorOfRowsMatters() throws {
    let q = Self.distributions(300, classes: 4, seed: 8)
    let p = Self.distributions(300, classes: 4, seed: 9)
    let places = [2, 0, 3, 1]
    let plain = try Evaluation(of: try probabilities(q), against: try soft(p))
    let permuted = try Evaluation(
      of: try probabilities(q.map { row in places.map { row[$0] } }),
      against: try soft(p.map { row in places.map { row[$0] } }))
    let reversed = try Evaluation(
      of: try probabilities(q.reversed()), against: try soft(p.reversed()))
    #expect(Self.distance(Self.summary(plain), Self.summary(permuted)) < 1e-13)
    #expect(Self.distance(Self.summary(plain), Self.summary(reversed)) < 1e-13)
    let (a, b) = (plain.classScores(), permuted.classScores())
    #expect((a[2].crossEntropy - b[0].crossEntropy).magnitude < 1e-14)
  }

  @Test func logarithmsAndProbabilitiesAgree() throws {
    let q = Self.distributions(250, classes: 5, seed: 10)
    let p = try soft(Self.distributions(250, classes: 5, seed: 11))
    let logs = matrix(q.map { Softmax.logProbabilities($0.map { log($0) }) })
    let a = try Evaluation(of: try probabilities(q), against: p)
    let b = try Evaluation(ofLogProbabilities: logs, against: p)
    #expect(Self.distance(Self.summary(a), Self.summary(b)) < 1e-13)
  }

  @Test func crossEntropyIsFloorPlusDivergence() throws {
    let q = try probabilities(Self.distributions(500, classes: 6, seed: 12))
    let found = try Evaluation(of: q, against: try counts(Self.votes(500, classes: 6, seed: 13)))
    let sum = found.labelEntropy + found.klDivergence
    #expect((found.crossEntropy - sum).magnitude < 1e-14)
  }

  @Test func candidatesAreScoredAsUniformDistributions() throws {
    let members = [[1.0, 1, 0], [0, 0, 1], [1, 1, 1]]
    let shares = [[0.5, 0.5, 0], [0, 0, 1], [Double](repeating: 1 / 3.0, count: 3)]
    let q = try probabilities(Self.distributions(3, classes: 3, seed: 14))
    let sets = Labels.candidates(try CandidateSets(matrix(members)))
    let a = try Evaluation(of: q, against: sets)
    #expect(Self.summary(a) == Self.summary(try Evaluation(of: q, against: try soft(shares))))
  }
}
