import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

/// Compares standard errors with programs that share no code with this package.
@Suite struct StandardErrorReferenceTests {
  @Test func casesAreThere() { #expect(SandwichCase.generated.count == 13) }

  /// Every kind of label, error, weight and prior, by Tests/Reference/sandwich.py.
  @Test(arguments: SandwichCase.generated) func agreesWithPlainNumpy(_ item: SandwichCase) throws {
    let (uncertainty, record) = try item.fitted(item.dataset(), tolerance: 1e-11)
    #expect(uncertainty.kind?.rawValue == item.value["errors"].text, "\(uncertainty.reason)")
    let expected = item.value["standard_errors"].numbers
    let found = record.coefficients.map { $0.standardError ?? .nan }
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      #expect(relativeDistance(found, expected) < 1e-8, "\(item): \(found), not \(expected)")
    }
    let row = uncertainty.parameters.indices.map { uncertainty.covariance[$0, 0] }
    #expect(vectorDistance(row, item.value["first_row"].numbers) < 1e-8)
    let estimates = record.coefficients.map { $0.estimate ?? .nan }
    #expect(vectorDistance(estimates, item.value["estimates"].numbers) < 1e-8)
  }

  @Test(arguments: try SandwichCase.all().filter { $0.value["shared"].text == "synth_dense.csv" })
  func agreesOnSoftData(_ item: SandwichCase) throws { try checkOnSharedData(item) }

  @Test(
    .needs("data/Yeast_cold.csv"),
    arguments: try SandwichCase.all().filter { $0.value["shared"].text == "Yeast_cold.csv" })
  func agreesOnGenes(_ item: SandwichCase) throws { try checkOnSharedData(item) }

  private func checkOnSharedData(_ item: SandwichCase) throws {
    let table = try SharedTable(item.value["shared"].text)
    let features = try Features(table.numbers(prefix: "f"))
    let rows = table.allNumbers(prefix: "p_")
    let labels = try ClassProbabilities(
      normalizing: BlockedMatrix(rows: rows, columnCount: rows[0].count))
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(),
      options: FitOptions(stopping: StoppingRule(tolerance: 1e-11))
    ).fit(Dataset(features: features, labels: .probabilities(labels)))
    let modulus = item.value["cluster_modulus"]
    let choice: StandardErrorChoice =
      modulus.exists
      ? .cluster(Clusters((0..<rows.count).map { $0 % 50 })) : .automatic
    let record = fit.record(errors: choice)
    for (coefficient, expected) in zip(
      record.coefficients, item.value["standard_errors"].numbers)
    {
      let found = coefficient.standardError ?? .nan
      #expect(
        relativeDistance(found, expected) < 1e-8,
        "\(item) \(coefficient.feature): \(found), not \(expected)")
    }
  }

  /// The published fits: errors from the inverse of the observed information.
  @Test(
    arguments: ["housing_l0", "alligators_full_l0", "alligators_lake_size_l0", "pneumo_let_l0"],
    [1e-8, 1e-11])
  func agreesWithPublishedFits(_ id: String, _ tolerance: Double) throws {
    let item = try ReferenceCase(id)
    let table = try SharedTable(String(item.dataPath.dropFirst("data/".count)))
    let names = item.featureNames ?? []
    let columns = names.map { name in table.column(name).map { Double($0) ?? .nan } }
    let rows = table.allNumbers(prefix: "n_")
    let features = try Features(
      rows.indices.map { row in columns.map { $0[row] } }, names: names)
    let counts = try ClassCounts(BlockedMatrix(rows: rows, columnCount: rows[0].count))
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Multinomial(),
      options: FitOptions(stopping: StoppingRule(tolerance: tolerance))
    ).fit(Dataset(features: features, labels: .counts(counts)))
    for (field, reference) in [("reference_first", 0), ("reference_last", rows[0].count - 1)] {
      let record = fit.record(reference: reference, errors: .automatic)
      #expect(record.uncertainty.kind == .information)
      let expected = item.value[field]["standard_errors"].array.flatMap(\.numbers)
      let estimates = item.value[field]["coefficients"].array.flatMap(\.numbers)
      #expect(expected.count == record.coefficients.count)
      let bound = tolerance < 1e-9 ? 1e-8 : 1e-6
      for (index, coefficient) in record.coefficients.enumerated() {
        let (found, value) = (coefficient.standardError ?? .nan, coefficient.estimate ?? .nan)
        #expect(
          relativeDistance(found, expected[index]) < bound,
          "\(id) \(coefficient.feature): \(found), not \(expected[index])")
        #expect(relativeDistance(value, estimates[index], floor: 1e-2) < bound)
      }
    }
  }
}
