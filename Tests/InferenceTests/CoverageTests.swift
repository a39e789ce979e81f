import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// The coverage of 95 % intervals: 400 seeded data sets of 500 rows, three classes, two features.
/// The mean over six coefficients and 400 replicates has a standard error below 0.011, that of a
/// single coefficient; the bound is three of these.
@Suite(.tags(.heavy), .enabled(if: heavyTestsEnabled))
struct CoverageTests {
  static let replicates = 400
  static let rowCount = 500
  /// Contrasts with class 0: intercept and slopes of classes 1 and 2.
  static let truth: [[Double]] = [[0.3, 0.8, -0.5], [-0.4, -0.3, 0.6]]
  static let margin = 3 * (0.95 * 0.05 / 400).squareRoot()

  enum World: CaseIterable { case hard, counts, soft, candidates }

  /// The proportion of replicates whose interval contains the truth, one per coefficient.
  static func coverage(_ world: World, _ choice: StandardErrorChoice) throws -> [Double] {
    var hits = [Double](repeating: 0, count: 6)
    for replicate in 0..<replicates {
      var numbers = TestNumbers(seed: 1000 + UInt64(replicate))
      let record = try record(world, choice, &numbers)
      let values = truth.flatMap { $0 }
      for (index, coefficient) in record.coefficients.enumerated() {
        guard let interval = coefficient.wald?.interval else { continue }
        if interval.contains(values[index]) { hits[index] += 1 }
      }
    }
    return hits.map { $0 / Double(replicates) }
  }

  @Test(arguments: World.allCases) func intervalsHoldTheTruth(_ world: World) throws {
    let coverage = try Self.coverage(world, .automatic)
    for share in coverage { #expect(abs(share - 0.95) < Self.margin, "\(world): \(coverage)") }
  }

  /// Shares vary less than draws: intervals from the information are far too wide, so they nearly
  /// always contain the truth. The sandwich corrects that.
  @Test func informationFailsOnShares() throws {
    let coverage = try Self.coverage(.soft, .information)
    for share in coverage { #expect(abs(share - 0.95) > Self.margin, "\(coverage)") }
  }

  private static func record(
    _ world: World, _ choice: StandardErrorChoice, _ numbers: inout TestNumbers
  ) throws -> FitRecord {
    let rows = (0..<rowCount).map { _ in numbers.uniform(2, in: -1.7...1.7) }
    let features = try Features(rows)
    let shares = rows.map { row in
      Softmax.probabilities([0] + truth.map { $0[0] + $0[1] * row[0] + $0[2] * row[1] })
    }
    switch world {
    case .hard:
      let classes = try ClassIndices(
        shares.map { RandomData.draw($0, &numbers) }, classCount: 3)
      return try record(
        Dataset(features: features, labels: .classes(classes)), Categorical(), choice)
    case .counts:
      let votes = shares.map { share -> [Double] in
        var row = [0.0, 0, 0]
        for _ in 0..<Int.random(in: 1...5, using: &numbers) {
          row[RandomData.draw(share, &numbers)] += 1
        }
        return row
      }
      let counts = try ClassCounts(BlockedMatrix(rows: votes, columnCount: 3))
      return try record(Dataset(features: features, labels: .counts(counts)), Multinomial(), choice)
    case .soft:
      // The mean of the share itself and of four draws from it: the correct mean with far less
      // variance than a draw.
      let means = shares.map { share -> [Double] in
        var row = share.map { 4 * $0 }
        for _ in 0..<4 { row[RandomData.draw(share, &numbers)] += 1 }
        return row.map { $0 / 8 }
      }
      let labels = try ClassProbabilities(BlockedMatrix(rows: means, columnCount: 3))
      return try record(
        Dataset(features: features, labels: .probabilities(labels)), Categorical(), choice)
    case .candidates:
      let sets = shares.map { share -> [Double] in
        var row = [0.0, 0, 0]
        row[RandomData.draw(share, &numbers)] = 1
        if Double.random(in: 0..<1, using: &numbers) < 0.4 {
          // A false candidate, chosen independently of the true class.
          let others = (0..<3).filter { row[$0] == 0 }
          row[others[Int.random(in: 0..<2, using: &numbers)]] = 1
        }
        return row
      }
      let labels = try CandidateSets(BlockedMatrix(rows: sets, columnCount: 3))
      return try record(
        Dataset(features: features, labels: .candidates(labels)), CandidateSet(), choice)
    }
  }

  private static func record<L: Likelihood>(
    _ data: Dataset, _ likelihood: L, _ choice: StandardErrorChoice
  ) throws -> FitRecord {
    try MaximumLikelihood(SoftmaxRegression(), likelihood: likelihood).fit(data)
      .record(errors: choice)
  }
}
