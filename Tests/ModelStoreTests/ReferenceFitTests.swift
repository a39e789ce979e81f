import Foundation
import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import SurprisalTables
import TestSupport
import Testing

/// Fits of CSV files compared with exact answers that share no code with this package.
@Suite struct ReferenceFitTests {
  @Test(arguments: ReferenceCase.small)
  func reproducesTheAnswer(_ id: String) throws {
    try Self.check(ReferenceCase(id))
  }

  @Test(.tags(.heavy), .enabled(if: heavyTestsEnabled), arguments: ReferenceCase.large)
  func reproducesTheAnswerOfLargeCases(_ id: String) throws {
    try Self.check(ReferenceCase(id))
  }

  @Test(
    .tags(.heavy), .enabled(if: heavyTestsEnabled),
    .needs("data/emotion6.csv", "data/SJAFFE.csv", "data/Yeast_cold.csv"),
    arguments: ReferenceCase.distant)
  func reproducesTheAnswerOfDistantCases(_ id: String) throws {
    try Self.check(ReferenceCase(id))
  }

  @Test(
    arguments: SolverChoice.allCases,
    ["alligators_full_l0", "housing_l1e-2", "iris_l1e-4", "pneumo_let_l0", "synth_dense_l0"])
  func everySolverReproducesTheAnswer(_ solver: SolverChoice, _ id: String) throws {
    try Self.check(ReferenceCase(id), options: FitOptions(solver: solver))
  }

  static func check(_ item: ReferenceCase, options: FitOptions = FitOptions()) throws {
    let data = try dataset(of: item)
    if item.weighsVotes {
      try check(item, data, Multinomial(), options)
    } else {
      try check(item, data, Categorical(), options)
    }
  }

  static func dataset(of item: ReferenceCase) throws -> Dataset {
    let labels: LabelColumns =
      switch item.labels {
      case .hard: .target("class")
      case .soft: .probabilities(prefix: "p_")
      case .counts: .counts(prefix: "n_")
      }
    var layout = ColumnRoles(labels: labels)
    layout.features = item.featureNames.map { ColumnPattern($0.joined(separator: ",")) }
    layout.countWeight = item.labels == .counts && !item.weighsVotes ? .row : .votes
    let path = try #require(SharedData.url(item.dataPath)).path
    let data = try DatasetReader(roles: layout).read(InputFile(path)).dataset
    #expect(data.classNames == item.value["classes"].array.map(\.text))
    #expect(Double(data.rowCount) == item.value["N"].number)
    #expect(Double(data.features.columnCount) == item.value["D"].number)
    return data
  }

  private static func check<L: Likelihood>(
    _ item: ReferenceCase, _ data: Dataset, _ likelihood: L, _ options: FitOptions
  ) throws {
    if item.lambda > 0 {
      let estimator = MaximumLikelihood(
        SoftmaxRegression(), likelihood: likelihood, prior: .ridge(item.lambda), options: options)
      try ReferenceComparison(item).check(estimator.fit(data), data)
    } else {
      let estimator = MaximumLikelihood(
        SoftmaxRegression(), likelihood: likelihood, options: options)
      try ReferenceComparison(item).check(estimator.fit(data), data)
    }
  }
}
