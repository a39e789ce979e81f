import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEvaluation

/// For true predictions of random votes the divergence is noise alone, and the test accepts it.
@Suite struct LabelNoiseTests {
  private static func predictions(
    rows: Int, using generator: inout SplitMix64
  ) throws -> ClassProbabilities {
    let values = (0..<rows).map { _ -> [Double] in
      let draws = (0..<3).map { _ in 0.1 + Double(generator.next() >> 11) * 0x1p-53 }
      let total = draws.reduce(0, +)
      return draws.map { $0 / total }
    }
    return try ClassProbabilities(BlockedMatrix(rows: values, columnCount: 3))
  }

  private static func evaluation(
    _ truth: ClassProbabilities, votes: Int, using generator: inout SplitMix64
  ) throws -> Evaluation {
    let counts = (0..<truth.values.rowCount).map { row -> [Double] in
      var drawer = VoteDrawer((0..<3).map { truth.values[row, $0] })
      return drawer.draw(votes, using: &generator).map { Double($0) }
    }
    let labels = try ClassCounts(BlockedMatrix(rows: counts, columnCount: 3))
    return try Evaluation(of: truth, against: .counts(labels))
  }

  @Test(.tags(.heavy), .enabled(if: heavyTestsEnabled), arguments: [1, 2, 3, 10, 100])
  func noiseIsUnbiasedAndPValuesUniform(votes: Int) throws {
    var generator = SplitMix64(seed: UInt64(votes))
    let truth = try Self.predictions(rows: 150, using: &generator)
    var (misfits, shares, pValues) = ([Double](), [Double](), [Double]())
    let replicates = 200
    for replicate in 0..<replicates {
      let evaluation = try Self.evaluation(truth, votes: votes, using: &generator)
      let noise = try #require(try evaluation.labelNoise(seed: UInt64(replicate)))
      misfits.append(noise.misfit)
      pValues.append(try #require(noise.test).pValue)
      let null = evaluation.null.klDivergence
      shares.append(try #require(noise.explainedShare(nullDivergence: null)))
    }
    #expect(abs(Self.standardScore(misfits, of: 0)) < 3)
    // The Kolmogorov-Smirnov test at the level of one percent.
    let (sorted, count) = (pValues.sorted(), Double(replicates))
    let distance = sorted.indices.map {
      max(abs(sorted[$0] - Double($0) / count), abs(sorted[$0] - Double($0 + 1) / count))
    }.max()
    #expect(try #require(distance) < 1.63 / count.squareRoot())
    // A ratio is biased; for fewer votes the bias exceeds the Monte Carlo error.
    if votes >= 100 { #expect(abs(Self.standardScore(shares, of: 1)) < 3) }
  }

  private static func standardScore(_ values: [Double], of truth: Double) -> Double {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean - truth) / (square / (count - 1) / count).squareRoot()
  }

  @Test func wrongPredictionsAreFound() throws {
    var generator = SplitMix64(seed: 5)
    let truth = try Self.predictions(rows: 60, using: &generator)
    let labels = try Self.evaluation(truth, votes: 20, using: &generator).labels
    let other = try Self.predictions(rows: 60, using: &generator)
    let noise = try #require(try Evaluation(of: other, against: labels).labelNoise())
    #expect(noise.misfit > 0.05)
    #expect(try #require(noise.test).pValue < 0.002)
  }

  /// Six fitted parameters reduce the degrees of freedom of the predictions.
  @Test func largeCountsUseTheDeviance() throws {
    var generator = SplitMix64(seed: 6)
    let truth = try Self.predictions(rows: 40, using: &generator)
    let evaluation = try Self.evaluation(truth, votes: 400, using: &generator)
    let noise = try #require(try evaluation.labelNoise(fittedParameters: 6))
    #expect(noise.test?.method == .deviance)
    #expect(noise.test?.degreesOfFreedom == 74)
    #expect(abs(noise.expected * 2 * 16000 - 74) < 0.5)
    #expect(noise.expected + noise.misfit == evaluation.klDivergence)
    let deviance = 2 * evaluation.totalWeight * evaluation.klDivergence
    #expect(noise.test?.pValue == ChiSquared.upperTail(deviance, freedom: 74))
  }

  @Test func manySmallRowsUseTheNormalDistribution() throws {
    var generator = SplitMix64(seed: 7)
    let truth = try Self.predictions(rows: 1200, using: &generator)
    let noise = try #require(
      try Self.evaluation(truth, votes: 2, using: &generator).labelNoise())
    #expect(noise.test?.method == .normal)
    #expect(try #require(noise.test).pValue > 0.01)
  }

  /// The draws of a row depend on its position only.
  @Test func threadsChangeNothing() throws {
    var generator = SplitMix64(seed: 8)
    let truth = try Self.predictions(rows: 500, using: &generator)
    let one = try Self.evaluation(truth, votes: 2, using: &generator)
    let three = try Evaluation(of: truth, against: one.labels, threads: ThreadCount(3))
    #expect(try one.labelNoise() == three.labelNoise())
    #expect(one.calibration() == three.calibration())
    #expect(one.discrimination() == three.discrimination())
    #expect(one.null.calibration() == three.null.calibration())
  }

  @Test func sharesOfUnknownVotesAndImportanceWeightsHaveNone() throws {
    let half = try ClassProbabilities(BlockedMatrix(rows: [[0.5, 0.5]], columnCount: 2))
    #expect(try Evaluation(of: half, against: .probabilities(half)).labelNoise() == nil)
    let labels = Labels.classes(try ClassIndices([0], classCount: 2))
    let weighted = try Evaluation(
      of: half, against: labels, weights: .importance(checking: [2]))
    #expect(try weighted.labelNoise() == nil)
  }
}
