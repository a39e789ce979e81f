import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalInference

/// Tests of nested fits compared with plain numpy and published deviances, and their invariances.
@Suite struct ModelComparisonTests {
  static let references: [String: ReferenceValue] = {
    let values = (try? ReferenceValue(ofTests: "nested.json").array) ?? []
    return Dictionary(values.map { ($0["name"].text, $0) }) { first, _ in first }
  }()

  static let cases = SandwichCase.generated.filter { references[$0.description] != nil }

  @Test func casesAreThere() { #expect(Self.cases.count == 11) }

  /// Every kind of label, weight and error, by Tests/Reference/nested.py.
  @Test(arguments: cases) func agreesWithPlainNumpy(_ item: SandwichCase) throws {
    let expected = try #require(Self.references[item.description])
    switch item.value["kind"].text {
    case "counts": try Self.check(item, expected, Multinomial())
    case "candidates": try Self.check(item, expected, CandidateSet())
    default: try Self.check(item, expected, Categorical())
    }
  }

  static func check<L: Likelihood>(
    _ item: SandwichCase, _ expected: ReferenceValue, _ likelihood: L
  ) throws {
    let data = try item.dataset()
    let few = try Dataset(
      features: Features((0..<data.rowCount).map { [data.features.matrix[$0, 0]] }),
      labels: data.labels, weights: data.weights)
    let larger = try fit(data, likelihood)
    let comparison = ModelComparison(
      of: try fit(few, likelihood), against: larger, errors: item.errors)
    for (kind, field) in [
      (ModelComparison.Kind.wald, "wald"), (.score, "score"),
      (.likelihoodRatio, "likelihood_ratio"),
    ] {
      guard expected[field].exists, !(kind == .likelihoodRatio && item.isQuasi) else {
        #expect(kind == .likelihoodRatio, "\(item)")
        #expect(!item.isQuasi || comparison.refusal(kind) != nil, "\(item)")
        continue
      }
      let test = try #require(comparison.test(kind), "\(item): \(comparison.refusals)")
      #expect(test.degreesOfFreedom == 4 && !test.isAtBoundary)
      #expect(test.isRobust == (expected["tic_kernel"].exists && kind != .likelihoodRatio))
      #expect(
        relativeDistance(test.statistic, expected[field].number) < 1e-8,
        "\(item) \(field): \(test.statistic), not \(expected[field].number)")
    }
    let takeuchi = larger.record(errors: item.errors).uncertainty.takeuchi
    #expect((takeuchi != nil) == expected["tic_kernel"].exists)
    if let takeuchi {
      let kernel = takeuchi.value + 2 * larger.statistics.logLikelihoodConstant
      #expect(relativeDistance(kernel, expected["tic_kernel"].number) < 1e-9)
      #expect(
        relativeDistance(
          takeuchi.effectiveParameterCount, expected["effective_parameters"].number) < 1e-8)
    }
  }

  static func fit<L: Likelihood>(
    _ data: Dataset, _ likelihood: L
  ) throws -> Fit<LinearPredictor, L, FlatPrior> {
    try MaximumLikelihood(
      SoftmaxRegression(), likelihood: likelihood,
      options: FitOptions(stopping: StoppingRule(tolerance: 1e-12), restarts: 0)
    ).fit(data)
  }

  /// Agresti, Categorical Data Analysis, alligators: G² of lake + size is 52.478 with 44 degrees of
  /// freedom; the reference files have both fits.
  @Test
  func reproducesDifferencesOfDeviances() throws {
    let small = try Self.fit("alligators_lake_size_l0")
    let large = try Self.fit("alligators_full_l0")
    let comparison = ModelComparison(of: small, against: large)
    let test = try #require(comparison.test(.likelihoodRatio))
    let deviances = try ["alligators_lake_size_l0", "alligators_full_l0"].map {
      try ReferenceCase($0).value["deviance_vs_saturated"].number
    }
    #expect(abs(deviances[0] - 52.47849) < 1e-5)
    #expect(relativeDistance(test.statistic, deviances[0] - deviances[1]) < 1e-9)
    #expect(test.degreesOfFreedom == 4)
    // The three tests of one hypothesis agree for large data; these have 219 votes.
    for kind in [ModelComparison.Kind.wald, .score] {
      let other = try #require(comparison.test(kind))
      #expect(other.degreesOfFreedom == 4 && abs(other.statistic - test.statistic) < 1)
    }
    let saved = ModelComparison(
      of: small.record(errors: .automatic), against: large.record(errors: .automatic))
    #expect(saved.test(.likelihoodRatio) == test && saved.test(.wald) == comparison.test(.wald))
    #expect(saved.refusal(.score) == .needsData)
    let reversed = ModelComparison(of: large, against: small)
    #expect(reversed.tests.isEmpty)
    guard case .missingFeature = reversed.refusal(.likelihoodRatio) else {
      Issue.record("\(reversed.refusals)")
      return
    }
  }

  /// A smaller model whose column is a combination of two columns of the larger one, under another
  /// name.
  @Test func scoresNeedNoCommonNames() throws {
    let data = try RandomData(rows: 60, columns: 2, classes: 3, kind: .classes, seed: 3).dataset()
    let sums = (0..<60).map {
      [data.features.matrix[$0, 0] + 2 * data.features.matrix[$0, 1] - 7]
    }
    let small = try Self.fit(
      Dataset(features: Features(sums, names: ["s"]), labels: data.labels), Categorical())
    // The same two spaces, with the sum among the columns of the larger model.
    let named = try Self.fit(
      Dataset(
        features: Features(
          (0..<60).map { [sums[$0][0], data.features.matrix[$0, 1]] }, names: ["s", "t"]),
        labels: data.labels), Categorical())
    let first = ModelComparison(of: small, against: try Self.fit(data, Categorical()))
    let second = ModelComparison(of: small, against: named)
    let (a, b) = (try #require(first.test(.score)), try #require(second.test(.score)))
    #expect(relativeDistance(a.statistic, b.statistic) < 1e-8 && a.degreesOfFreedom == 2)
    #expect(first.refusal(.wald) == .missingFeature("s") && second.test(.wald) != nil)
  }

  @Test func sharesHaveRobustTestsAlone() throws {
    let data = try RandomData(rows: 40, columns: 2, classes: 3, kind: .probabilities).dataset()
    let few = try Dataset(
      features: Features((0..<40).map { [data.features.matrix[$0, 0]] }), labels: data.labels)
    let comparison = ModelComparison(
      of: try Self.fit(few, Categorical()), against: try Self.fit(data, Categorical()))
    #expect(comparison.refusal(.likelihoodRatio) == .criteria(.quasiLikelihood))
    #expect(comparison.test(.wald)?.isRobust == true && comparison.test(.score)?.isRobust == true)
  }

  @Test func otherDataAndPriorsAreRefused() throws {
    let data = try RandomData(rows: 40, columns: 2, classes: 3, kind: .classes).dataset()
    let other = try RandomData(rows: 40, columns: 1, classes: 3, kind: .classes, seed: 2).dataset()
    let large = try Self.fit(data, Categorical())
    let comparison = ModelComparison(of: try Self.fit(other, Categorical()), against: large)
    #expect(comparison.tests.isEmpty)
    #expect(comparison.refusals.allSatisfy { $0.reason == .differentData })
    let penalized = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), prior: .ridge(0.1)
    ).fit(data)
    let saved = ModelComparison(
      of: penalized.record(errors: .automatic), against: large.record(errors: .automatic))
    #expect(saved.tests.isEmpty && saved.refusal(.wald) == .prior)
  }

  /// Rows in another order count as the same data; a changed weight gives different data.
  @Test func checksumsFollowTheData() throws {
    let data = try RandomData(rows: 30, columns: 1, classes: 3, kind: .counts, seed: 5).dataset()
    let first = try Self.fit(data, Multinomial()).statistics.dataChecksum
    let turned = try Self.fit(
      data.selecting(rows: Array((0..<30).reversed())), Multinomial()
    ).statistics.dataChecksum
    let weighted = try Self.fit(
      Dataset(
        features: data.features, labels: data.labels,
        weights: .importance(checking: [2] + [Double](repeating: 1, count: 29))),
      Multinomial()
    ).statistics.dataChecksum
    #expect(first != nil && first == turned && first != weighted)
  }

  /// A dispersion that may be zero: half the tail probability of one degree of freedom.
  @Test func dispersionEndsAtItsBoundary() throws {
    var numbers = TestNumbers(seed: 8)
    let rows = (0..<50).map { _ -> [Double] in
      let lean = Double.random(in: 0.1...0.9, using: &numbers)
      let first = (0..<12).count { _ in Double.random(in: 0..<1, using: &numbers) < lean }
      return [Double(first), Double(12 - first)]
    }
    let data = try Dataset(
      features: Features((0..<50).map { [Double($0 % 7)] }),
      labels: .counts(ClassCounts(BlockedMatrix(rows: rows, columnCount: 2))))
    let comparison = ModelComparison(
      of: try Self.fit(data, Multinomial()), against: try Self.fit(data, DirichletMultinomial()))
    let test = try #require(comparison.test(.likelihoodRatio), "\(comparison.refusals)")
    #expect(test.isAtBoundary && test.degreesOfFreedom == 1 && test.statistic > 20)
    #expect(
      test.pValue == ChiSquared.upperTail(test.statistic, freedom: 1) / 2 && test.pValue > 0)
    #expect(comparison.refusal(.wald) == .testedBoundary)
    #expect(ChiSquared.boundaryTail(0, freedom: 1) == 1)
    // Half of each: 0.5 P(chi2_1 > 3.84) + 0.5 P(chi2_2 > 3.84), from tables.
    #expect(abs(ChiSquared.boundaryTail(3.841458820694124, freedom: 2) - 0.0982497) < 1e-6)
  }

  /// With a separated larger model the score test needs only the smaller maximum, the likelihood
  /// ratio is that of the suprema, and there is no Wald test.
  @Test func separationLeavesNoWaldTest() throws {
    let rows = (0..<12).map { [Double($0 % 3), $0 < 6 ? 0.0 : 1] }
    let labels = Labels.classes(try ClassIndices((0..<12).map { $0 < 6 ? 0 : 1 }, classCount: 2))
    let large = try Self.fit(Dataset(features: Features(rows), labels: labels), Categorical())
    let small = try Self.fit(
      Dataset(features: Features(rows.map { [$0[0]] }), labels: labels), Categorical())
    let comparison = ModelComparison(of: small, against: large)
    #expect(comparison.test(.wald) == nil)
    let ratio = try #require(comparison.test(.likelihoodRatio))
    #expect(ratio.isAtSupremum && ratio.degreesOfFreedom == 1)
    #expect(abs(ratio.statistic - 24 * Double.log(2)) < 1e-9)
    // A 2 x 2 table without overlap: Pearson's chi-square of 12 rows is 12.
    let score = try #require(comparison.test(.score))
    #expect(abs(score.statistic - 12) < 1e-9 && score.degreesOfFreedom == 1)
  }

  /// With clusters there are robust tests and no criteria.
  @Test func clustersHaveNoCriteria() throws {
    let data = try RandomData(rows: 60, columns: 2, classes: 3, kind: .classes, seed: 4).dataset()
    let fit = try Self.fit(data, Categorical())
    let record = fit.record(errors: .cluster(Clusters((0..<60).map { $0 % 30 })))
    guard case .unavailable(let reason) = record.statistics.criteria else {
      Issue.record("criteria of clusters")
      return
    }
    #expect(reason == .clusters && record.uncertainty.takeuchi != nil)
    guard case .available = fit.record(errors: .sandwich).statistics.criteria else {
      Issue.record("no criteria")
      return
    }
  }

  static func fit(_ id: String) throws -> Fit<LinearPredictor, Multinomial, FlatPrior> {
    let item = try ReferenceCase(id)
    let table = try SharedTable(String(item.dataPath.dropFirst("data/".count)))
    let names = item.featureNames ?? []
    let columns = names.map { table.column($0).map { Double($0) ?? .nan } }
    let rows = table.allNumbers(prefix: "n_")
    let counts = try ClassCounts(BlockedMatrix(rows: rows, columnCount: rows[0].count))
    return try MaximumLikelihood(SoftmaxRegression(), likelihood: Multinomial()).fit(
      Dataset(
        features: Features(rows.indices.map { row in columns.map { $0[row] } }, names: names),
        labels: .counts(counts)))
  }
}

extension SandwichCase {
  /// Whether the labels have no likelihood, or rows depend on one another.
  var isQuasi: Bool {
    value["kind"].text == "soft" || value["clusters"].exists || value["weights"].exists
  }
}
