import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@Suite struct LikelihoodRatioTests {
  /// Agresti, Categorical Data Analysis, alligators: G² of lake + size is 52.478 with 44 degrees of
  /// freedom; the reference files have both fits.
  @Test(.enabled(if: SharedData.has("reference"), Comment(rawValue: SharedData.absence)))
  func reproducesDifferencesOfDeviances() throws {
    let small = try Self.fit("alligators_lake_size_l0")
    let large = try Self.fit("alligators_full_l0")
    let test = try LikelihoodRatioTest(of: small, against: large)
    let deviances = try ["alligators_lake_size_l0", "alligators_full_l0"].map {
      try ReferenceCase($0).value["deviance_vs_saturated"].number
    }
    #expect(abs(deviances[0] - 52.47849) < 1e-5)
    #expect(relativeDistance(test.statistic, deviances[0] - deviances[1]) < 1e-9)
    #expect(test.degreesOfFreedom == 4)
    #expect(throws: LikelihoodRatioTest.Refusal.notNested) {
      try LikelihoodRatioTest(of: large, against: small)
    }
  }

  @Test func sharesHaveNone() throws {
    let data = try RandomData(rows: 40, columns: 2, classes: 3, kind: .probabilities).dataset()
    let fit = try UncertaintyTests.fit(data)
    let refusal = #expect(throws: LikelihoodRatioTest.Refusal.self) {
      try LikelihoodRatioTest(of: fit, against: fit)
    }
    guard case .noLikelihood = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
  }

  static func fit(_ id: String) throws -> Fit<AffineLogits, Multinomial, FlatPrior> {
    let item = try ReferenceCase(id)
    let table = try SharedTable(String(item.dataPath.dropFirst("data/".count)))
    let columns = (item.featureNames ?? []).map { table.column($0).map { Double($0) ?? .nan } }
    let rows = table.allNumbers(prefix: "n_")
    let counts = try ClassCounts(BlockedMatrix(rows: rows, columnCount: rows[0].count))
    return try MaximumLikelihood(SoftmaxRegression(), likelihood: Multinomial()).fit(
      Dataset(
        features: Features(rows.indices.map { row in columns.map { $0[row] } }),
        labels: .counts(counts)))
  }
}
