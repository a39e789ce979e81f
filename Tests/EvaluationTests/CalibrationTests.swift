import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability
import Testing

@Suite struct CalibrationTests {
  /// Known classes drawn from random probabilities; predictions exceed those of the first class by
  /// `shift`.
  private func drawn(_ count: Int, shift: Double, seed: UInt64) throws -> Evaluation {
    var generator = SplitMix64(seed: seed)
    var (rows, classes) = ([[Double]](), [Int]())
    for _ in 0..<count {
      let truth = Double.random(in: 0.55...0.85, using: &generator)
      classes.append(Double.random(in: 0..<1, using: &generator) < truth ? 0 : 1)
      rows.append([truth + shift, 1 - truth - shift])
    }
    return try Evaluation(of: try probabilities(rows), against: try hard(classes, of: 2))
  }

  @Test func binsHoldEqualMass() throws {
    let diagram = try drawn(1500, shift: 0, seed: 1).calibration(binCount: 10).topLabel
    #expect(diagram.bins.map(\.rows) == [Int](repeating: 150, count: 10))
    let edges = diagram.bins.flatMap { [$0.range.lowerBound, $0.range.upperBound] }
    #expect(edges == edges.sorted())
    for bin in diagram.bins { #expect(bin.range.contains(bin.confidence)) }
  }

  @Test func noiseAloneLooksMiscalibratedButNotInTheSquaredError() throws {
    let diagrams = try (1...20).map { seed in
      try drawn(600, shift: 0, seed: UInt64(seed)).calibration().topLabel
    }
    let raw = diagrams.map(\.ece).reduce(0, +) / 20
    let squared = diagrams.map(\.squaredError).reduce(0, +) / 20
    let debiased = diagrams.map(\.debiasedECE).reduce(0, +) / 20
    // Fifteen bins of 40 rows: E|N(0, .21/40)| is .058, its square .00525.
    #expect(raw > 0.045 && raw < 0.07)
    // For differences with mean zero the correction leaves 2 - sqrt 2: E 2|d| - E|N(d, s)|.
    #expect((debiased / raw - (2 - 2.0.squareRoot())).magnitude < 0.05)
    #expect(squared.magnitude < 0.00525 / 5)
  }

  @Test func aKnownShiftIsFound() throws {
    let diagram = try drawn(6000, shift: 0.1, seed: 3).calibration().topLabel
    #expect((diagram.debiasedECE - 0.1).magnitude < 0.02)
    #expect((diagram.squaredError - 0.01).magnitude < 0.004)
    #expect((diagram.ece - 0.1).magnitude < 0.02)
  }

  @Test func bandsHoldTheTruthAsOftenAsTheySay() throws {
    var (covered, all) = (0, 0)
    for seed in 100..<140 {
      for bin in try drawn(600, shift: 0, seed: UInt64(seed)).calibration().topLabel.bins {
        covered += bin.band.contains(bin.confidence) ? 1 : 0
        all += 1
      }
    }
    let share = Double(covered) / Double(all)
    #expect(share > 0.93 && share < 0.98)
  }

  @Test func equalConfidencesAreNeverParted() throws {
    let rows = (0..<100).map { $0 < 60 ? [0.7, 0.3] : [0.9, 0.1] }
    let evaluation = try Evaluation(
      of: try probabilities(rows), against: try hard((0..<100).map { $0 % 4 == 0 ? 1 : 0 }, of: 2))
    let bins = evaluation.calibration().topLabel.bins
    #expect(bins.map(\.rows) == [60, 40])
    #expect(bins.map(\.outcome) == [0.75, 0.75])
    #expect((evaluation.ece - (0.6 * 0.05 + 0.4 * 0.15)).magnitude < 1e-15)
  }

  @Test func binsOfOneRowHaveABandAndNoStandardError() throws {
    let evaluation = try Evaluation(
      of: try probabilities([[0.9, 0.1]]), against: try hard([0], of: 2))
    let bin = try #require(evaluation.calibration().topLabel.bins.first)
    #expect(bin.outcomeStandardError == nil && bin.differenceStandardError == nil)
    // The Wilson interval of one success in one trial, from scipy.stats.binomtest.
    #expect((bin.band.lowerBound - 0.20654931437723745).magnitude < 1e-12)
    #expect(bin.band.upperBound == 1)
    #expect(try evaluation.standardErrors().crossEntropy == nil)
  }

  @Test func aConstantPredictionHasOneBin() throws {
    let labels = try soft([[0.2, 0.8], [0.6, 0.4], [0.1, 0.9]])
    let uniform = try Evaluation(ofConstant: [0.5, 0.5], against: labels)
    #expect(uniform.calibration().topLabel.bins.count == 1)
    #expect((uniform.ece - 0.2).magnitude < 1e-15)
    #expect(uniform.null.ece < 1e-15)
    #expect(uniform.null.calibration().classwiseECE < 1e-15)
  }

  @Test func rankedProbabilityScoreOfTwoClassesIsHalfTheBrierScore() throws {
    let labels = try soft([[0.2, 0.8], [0.6, 0.4], [1, 0]])
    let evaluation = try Evaluation(
      of: try probabilities([[0.5, 0.5], [0.9, 0.1], [0.3, 0.7]]), against: labels)
    let score = evaluation.rankedProbabilityScore()
    #expect((score.divergence - evaluation.brierDivergence / 2).magnitude < 1e-15)
    #expect((score.labelSpread - evaluation.labelImpurity / 2).magnitude < 1e-15)
  }

  @Test func aClassNeverSeenOrNeverPredictedHasNoShareOfNothing() throws {
    let evaluation = try Evaluation(
      of: try probabilities([[0.5, 0.3, 0.2], [0.2, 0.7, 0.1]]), against: try hard([0, 0], of: 3))
    let classes = evaluation.classScores()
    #expect(classes[0].precision == 1 && classes[0].recall == 0.5)
    #expect(classes[1].precision == 0 && classes[1].recall == nil && classes[1].f1 == nil)
    #expect(classes[2].precision == nil && classes[2].recall == nil)
    #expect(evaluation.confusionMatrix().weights == [[1, 1, 0], [0, 0, 0], [0, 0, 0]])
  }
}
