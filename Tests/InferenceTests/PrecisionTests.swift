import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Compares badly scaled problems with optima of 60 digits, computed by
/// Tests/Reference/precision.py.
@Suite("Precision of badly scaled fits")
struct PrecisionTests {
  @Test("twenty problems of each kind are recorded")
  func counts() {
    #expect(PrecisionProblem.all.count == 120)
  }

  @Test(
    "objective, coefficients, distance and standard errors are those at 60 digits",
    arguments: PrecisionProblem.all)
  func truth(_ problem: PrecisionProblem) throws {
    let record = try record(problem)
    let expected = problem.value["coefficients"].numbers
    let errors = problem.value["errors"].numbers
    let rows = record.parameters.rows
    try #require(rows.count == expected.count)
    guard record.dependencies.isEmpty else {
      // A column that depends on others to the last digits is dropped, with a warning.
      #expect(problem.mayBeAliased)
      return
    }
    #expect(record.convergence.isConverged)
    let statistics = record.statistics
    let objective = problem.value["objective"].number
    #expect(abs(statistics.objective - objective) <= 1e-13 * max(1, objective))
    let gap = try #require(statistics.gapEstimate)
    for (row, (value, error)) in zip(rows, zip(expected, errors)) {
      let estimate = try #require(row.estimate)
      let found = try #require(row.standardError)
      #expect(abs(estimate - value) <= 1e-4 * error, "\(row.identity)")
      #expect(abs(found - error) <= 1e-4 * error, "\(row.identity)")
      // Along each single coefficient the objective is no further above its minimum than at the
      // estimate.
      if record.uncertainty.kind != .sandwich {
        let offset = (estimate - value) / error
        let least = offset * offset / 2 / statistics.totalWeight
        #expect(least <= 10 * gap + 1e-26, "\(row.identity)")
      }
    }
  }

  /// A row of 1e15 determines the difference of the weights of two classes to 1e-15, and others
  /// determine the weight of the third: the stored weights near 1 round the difference.
  @Test("estimates that doubles cannot hold closely have a warning")
  func estimatesWithoutRoom() throws {
    func warnings(_ largest: Double) throws -> [FitWarning] {
      let features = [largest] + (1...23).map { Double($0 * 7 % 11) / 4 - 1 }
      let votes = [[1.0, 2, 0]] + features.dropFirst().map { $0 < 0 ? [1.0, 2, 3] : [2, 2, 1] }
      let data = try Dataset(
        features: Features(features.map { [$0] }),
        labels: .counts(ClassCounts(BlockedMatrix(rows: votes, columnCount: 3))))
      return try MaximumLikelihood(
        SoftmaxRegression(), likelihood: Multinomial(), prior: .ridge(1e-3)
      ).fit(data).record(errors: .automatic).warnings
    }
    func hasFewDigits(_ warnings: [FitWarning]) -> Bool {
      warnings.contains { if case .fewDigits = $0 { true } else { false } }
    }
    #expect(hasFewDigits(try warnings(1e15)))
    #expect(!hasFewDigits(try warnings(1e4)))
  }

  private func record(_ problem: PrecisionProblem) throws -> FitRecord {
    problem.labelKind == .counts
      ? try record(problem, Multinomial()) : try record(problem, Categorical())
  }

  private func record<L: Likelihood>(
    _ problem: PrecisionProblem, _ likelihood: L
  ) throws -> FitRecord {
    let family = SoftmaxRegression(hasIntercept: problem.hasIntercept)
    guard problem.l2 > 0 else {
      return try MaximumLikelihood(family, likelihood: likelihood).fit(problem.dataset())
        .record(errors: .automatic)
    }
    return try MaximumLikelihood(
      family, likelihood: likelihood, prior: .ridge(problem.l2)
    ).fit(problem.dataset()).record(errors: .automatic)
  }
}
