import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// Candidate sets, Dirichlet-multinomial votes and noisy labels against brute force and linear
/// programs over whole numbers: Tests/Reference/mixtures.py.
@Suite(.tags(.heavy), .enabled(if: heavyTestsEnabled)) struct MixtureOptimaTests {
  struct Found {
    let objective: Double
    let status: FitStatus
    let isUndecided: Bool

    init<L: Likelihood>(_ problem: ReferenceValue, _ labels: Labels, _ likelihood: L) throws {
      let columns = problem["columns"].array.map(\.numbers)
      let data = try Dataset(
        features: Features(columns[0].indices.map { row in columns.map { $0[row] } }),
        labels: labels)
      let fit = try MaximumLikelihood(
        SoftmaxRegression(hasIntercept: problem["intercept"].number == 1),
        likelihood: likelihood
      ).fit(data)
      objective = fit.statistics.objective
      status = fit.status
      isUndecided = fit.warnings.contains {
        if case .existenceUndecided = $0 { true } else { false }
      }
    }
  }

  static func fit(_ problem: ReferenceValue) throws -> Found {
    let classes = Int(problem["classes"].number)
    switch problem["kind"].text {
    case "candidate-set":
      let rows = problem["rows"].array.map(\.numbers)
      return try Found(
        problem,
        .candidates(
          CandidateSets(BlockedMatrix(rows: rows, columnCount: classes))),
        CandidateSet())
    case "noisy-label":
      let matrix = try ClassProbabilities(
        BlockedMatrix(rows: problem["confusion"].array.map(\.numbers), columnCount: classes))
      return try Found(
        problem,
        .classes(
          ClassIndices(problem["rows"].numbers.map { Int($0) }, classCount: classes)),
        NoisyLabel(.known(matrix)))
    default:
      let rows = problem["rows"].array.map(\.numbers)
      return try Found(
        problem, .counts(ClassCounts(BlockedMatrix(rows: rows, columnCount: classes))),
        DirichletMultinomial())
    }
  }

  /// No maximum is claimed that does not exist, and none is denied that does. Of each kind 99 of 100
  /// fits find the best optimum that brute force knows; the others are not called converged or leave
  /// the existence of a maximum open.
  @Test func findsTheBestOptimumAndClaimsNoFalseOne() throws {
    let problems = try ReferenceValue(ofTests: "mixtures.json").array
    #expect(problems.count == 300)
    var missed: [String] = []
    for problem in problems {
      let name = "\(problem["kind"].text) \(problem["index"].number)"
      let found = try Self.fit(problem)
      if found.objective > problem["best"].number + 1e-6 { missed.append(name) }
      let proof = problem["proof"].text
      if case .separated = found.status { #expect(proof != "attained", "\(name)") }
      if found.status.isConverged, !found.isUndecided {
        #expect(proof != "none" && !missed.contains(name), "\(name)")
      }
    }
    #expect(missed.count <= 1, "\(missed)")
  }
}
