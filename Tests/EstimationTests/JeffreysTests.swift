import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// Jeffreys' penalty: its gradient, closed forms, and the results of brglm2 for the same data.
@Suite struct JeffreysTests {
  static func fit<L: Likelihood>(
    _ data: Dataset, _ likelihood: L, hasIntercept: Bool = true, tolerance: Double = 1e-10
  ) throws -> Fit<LinearPredictor, L, FlatPrior> {
    try MaximumLikelihood(
      SoftmaxRegression(hasIntercept: hasIntercept), likelihood: likelihood,
      informationPenalty: .jeffreys,
      options: FitOptions(stopping: StoppingRule(tolerance: tolerance))
    ).fit(data)
  }

  static let references = (try? ReferenceValue(ofTests: "jeffreys.json").array) ?? []

  @Test func casesAreThere() { #expect(Self.references.count == 5) }

  @Test(arguments: references) func agreesWithBrglm2(_ item: ReferenceValue) throws {
    let votes = item["votes"].array.map(\.numbers)
    let data = try Dataset(
      features: Features(item["features"].array.map(\.numbers)),
      labels: .counts(ClassCounts(BlockedMatrix(rows: votes, columnCount: votes[0].count))))
    let fit = try Self.fit(data, Multinomial())
    #expect(fit.status.isConverged)
    let found = fit.record().coefficients.map { $0.estimate ?? .nan }
    // brglm2 stops by the size of its steps, which gives only seven digits in some cases.
    #expect(
      vectorDistance(found, item["estimates"].numbers) < 1e-6,
      "\(item["name"].text): \(found), not \(item["estimates"].numbers)")
    // The same rows as classes.
    guard votes.allSatisfy({ $0.reduce(0, +) == 1 }) else { return }
    let classes = try ClassIndices(
      votes.map { $0.firstIndex(of: 1) ?? 0 }, classCount: votes[0].count)
    let hard = try Self.fit(
      Dataset(features: data.features, labels: .classes(classes)), Categorical())
    #expect(
      vectorDistance(hard.record().coefficients.map { $0.estimate ?? .nan }, found) < 1e-9)
  }

  /// Without features the mode is n_k + 1/2, and likewise for each cell of a saturated table,
  /// including classes that no row has.
  @Test(arguments: [[[7.0, 1, 2, 1], [0, 0, 3, 5]], [[7.0, 0, 2, 1], [1, 0, 3, 5]]])
  func halfAVoteIsAddedToEachClass(seen: [[Double]]) throws {
    let fit = try Self.fit(
      Dataset(
        features: Features([[0], [1]]),
        labels: .counts(ClassCounts(BlockedMatrix(rows: seen, columnCount: 4)))),
      Multinomial())
    #expect(fit.status.isConverged)
    let found = try fit.probabilities(for: Features([[0], [1]]))
    for row in 0..<2 {
      let total = seen[row].reduce(0, +) + 2
      for index in 0..<4 {
        #expect(
          relativeDistance(found.values[row, index], (seen[row][index] + 0.5) / total) < 1e-10)
      }
    }
  }

  /// Five digits, the accuracy of central differences of the objective.
  @Test(arguments: [true, false], [2, 4])
  func gradientIsTheSlope(hasIntercept: Bool, classes: Int) throws {
    let data = try RandomData(
      rows: 210, columns: 2, classes: classes, kind: .counts, hasWeights: true, hasOffsets: true
    ).dataset()
    let problem = try AffineProblem(
      data, hasIntercept: hasIntercept, likelihood: Multinomial(),
      keepsDependentColumns: false, options: FitOptions())
    let posterior = JeffreysPosterior(
      plain: problem.objective(FlatPrior()))
    var numbers = TestNumbers(seed: 4)
    let point = numbers.uniform(posterior.dimension, in: -1...1)
    var gradient: [Double] = []
    let value = posterior.evaluate(at: point, gradient: &gradient)
    var plain: [Double] = []
    let base = posterior.plain.evaluate(at: point, gradient: &plain)
    let penalty = posterior.penalty(at: point) / posterior.plain.totalWeight
    #expect(relativeDistance(value, base + penalty) < 1e-12)
    #expect(vectorDistance(gradient, plain) > 1e-4)
    expectDerivatives(gradient, of: posterior, at: point)
  }

  /// Neither units nor the reference class nor frequencies in place of repeated rows change a
  /// probability.
  @Test func isInvariant() throws {
    let data = try RandomData(rows: 30, columns: 2, classes: 3, kind: .classes, seed: 6).dataset()
    let first = try Self.fit(data, Categorical())
    let scaled = (0..<30).map {
      [1e5 * data.features.matrix[$0, 0] - 3e5, 1e-4 * data.features.matrix[$0, 1]]
    }
    let second = try Self.fit(
      Dataset(features: Features(scaled), labels: data.labels), Categorical())
    let turned = try Self.fit(
      Dataset(
        features: data.features,
        labels: .classes(
          ClassIndices(
            (0..<30).map { row in 2 - (data.labels.distribution(ofRow: row).firstIndex(of: 1) ?? 0)
            },
            classCount: 3))), Categorical())
    let p = try first.probabilities(for: data.features).values
    let q = try second.probabilities(for: Features(scaled)).values
    let r = try turned.probabilities(for: data.features).values
    for row in 0..<30 {
      for index in 0..<3 {
        #expect((p[row, index] - q[row, index]).magnitude < 1e-9)
        #expect((p[row, index] - r[row, 2 - index]).magnitude < 1e-9)
      }
    }
    let twice = (0..<30).map { Double(1 + $0 % 2) }
    let rows = (0..<30).flatMap { [Int](repeating: $0, count: 1 + $0 % 2) }
    let weighted = try Self.fit(
      Dataset(
        features: data.features, labels: data.labels, weights: .frequency(checking: twice)),
      Categorical())
    let repeated = try Self.fit(data.selecting(rows: rows), Categorical())
    #expect(
      vectorDistance(weighted.solution.point, repeated.solution.point) < 1e-8)
    #expect(relativeDistance(weighted.solution.value, repeated.solution.value) < 1e-10)
  }

  /// Aliased columns are dropped as without a prior; shares have no such information.
  @Test func degenerateData() throws {
    let rows = (0..<8).map { [Double($0), 2 * Double($0)] }
    let labels = Labels.classes(try ClassIndices([0, 0, 0, 0, 1, 1, 1, 1], classCount: 2))
    let fit = try Self.fit(Dataset(features: Features(rows), labels: labels), Categorical())
    #expect(fit.status.isConverged && fit.aliased.count == 1)
    #expect(fit.record().coefficients.count { $0.state == .estimated } == 2)
    #expect(fit.statistics.degreesOfFreedom == 2)
    guard case .unavailable = fit.statistics.criteria else {
      Issue.record("criteria under a prior")
      return
    }
    let soft = try RandomData(rows: 20, columns: 1, classes: 3, kind: .probabilities).dataset()
    #expect(throws: DatasetError.self) { try Self.fit(soft, Categorical()) }
  }
}
