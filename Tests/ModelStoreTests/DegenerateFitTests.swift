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

/// Published data without a finite, or without a unique, maximum: `degenerate.json`.
@Suite struct DegenerateFitTests {
  static func fit(
    _ path: String, _ labels: LabelColumns, solver: SolverChoice = .automatic
  ) throws -> (Fit<LinearPredictor, Categorical, FlatPrior>, Dataset) {
    let file = InputFile(try #require(SharedData.url(path)).path)
    let data = try DatasetReader(roles: ColumnRoles(labels: labels)).read(file).dataset
    let estimator = MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), options: FitOptions(solver: solver))
    return (try estimator.fit(data), data)
  }

  static func answer(_ id: String) throws -> ReferenceValue {
    let cases = try ReferenceValue(shared: "reference/degenerate.json")["cases"].array
    return try #require(cases.first { $0["id"].text == id })
  }

  @Test(arguments: SolverChoice.allCases)
  func irisSeparates(_ solver: SolverChoice) throws {
    let answer = try Self.answer("iris_l0")
    let (fit, data) = try Self.fit("data/iris.csv", .target("class"), solver: solver)
    guard case .separated(let separation) = fit.status else {
      Issue.record("iris ended as \(fit.status.name)")
      return
    }
    #expect(separation.kind == .quasi)
    #expect(separation.classGroups == [[0], [1, 2]])
    let infimum = answer["infimum"].number
    #expect(fit.statistics.objective >= infimum * (1 - 1e-12))
    #expect(fit.statistics.objective < infimum + 1e-5)
    try Self.checkFiniteContrasts(fit, data, answer["binary_virginica_against_versicolor"])
  }

  /// The finite contrasts are those of a fit of the two classes that overlap.
  static func checkFiniteContrasts(
    _ fit: Fit<LinearPredictor, Categorical, FlatPrior>, _ data: Dataset, _ answer: ReferenceValue
  ) throws {
    let record = fit.record(reference: 1)
    let states = Dictionary(grouping: record.coefficients, by: \.classIndex)
    #expect(states[0]?.contains { $0.state.isInfinite } == true)
    #expect(states[2]?.allSatisfy { $0.state == .estimated } == true)
    let estimates = (states[2] ?? []).compactMap(\.estimate)
    let expected = [answer["intercept"].number] + answer["coefficients"].numbers
    #expect(vectorDistance(estimates, expected) < 1e-3, "\(estimates)")
    if case .available = fit.statistics.criteria { Issue.record("criteria without a maximum") }
  }

  @Test(.tags(.heavy), .enabled(if: heavyTestsEnabled))
  func digitsSeparate() throws {
    let (fit, _) = try Self.fit("data/digits.csv", .target("class"))
    guard case .separated(let separation) = fit.status else {
      Issue.record("digits ended as \(fit.status.name)")
      return
    }
    #expect(separation.kind == .complete)
    #expect(separation.separatedRowCount == 1797)
    #expect(fit.statistics.objective < 1e-4)
    // Three pixels of the images are zero in all rows.
    #expect(fit.aliased.map(\.column) == [0, 32, 39])
  }

  @Test(.tags(.heavy), .enabled(if: heavyTestsEnabled), .needs("data/SJAFFE.csv"))
  func facesInterpolate() throws {
    let answer = try Self.answer("sjaffe_l0")
    let (fit, data) = try Self.fit("data/SJAFFE.csv", .probabilities(prefix: "p_"))
    #expect(fit.status.isConverged)
    let rank = Int(exactly: answer["rank_of_unique_rows_with_intercept"].number) ?? 0
    #expect(fit.kept.count == rank - 1)
    #expect(fit.aliased.count == 243 - (rank - 1))
    #expect(relativeDistance(fit.statistics.objective, answer["minimum"].number) < 1e-10)
    #expect((fit.statistics.divergence - answer["kl"].number).magnitude < 1e-10)
    let warnings = fit.record().warnings.filter { $0.code == "fit.aliased" }
    #expect(warnings.count == 1)
    #expect(warnings.first?.message.contains("rank \(rank)") == true)
    let probabilities = try fit.probabilities(for: data.features)
    for row in [1, 7, 9, 212] {
      let label = data.labels.distribution(ofRow: row)
      for (found, expected) in zip(probabilities.values.row(row), label) {
        #expect((found - expected).magnitude < 1e-6)
      }
    }
  }
}
