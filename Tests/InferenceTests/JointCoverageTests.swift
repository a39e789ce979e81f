import RealModule
import SurprisalAnnotation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// How often 95 % intervals hold the truth: 400 seeded sets of 500 rows, five annotators, three
/// classes and two features.
@Suite(.tags(.heavy), .enabled(if: heavyTestsEnabled))
struct JointCoverageTests {
  private static let replicates = 400
  private static let coefficients = [[0.3, 0.8, -0.5], [-0.4, -0.3, 0.6]]
  private static let truth = coefficients.flatMap { $0 }
  private static let accuracies = [0.8, 0.75, 0.7, 0.65, 0.6]

  /// Whether the intervals of a joint fit and of a fit to the evidence of votes alone hold the
  /// truth, one a coefficient.
  private static func hits(_ replicate: Int) throws -> (joint: [Bool], twoStep: [Bool]) {
    let rows = try VotedRows.simulated(
      rows: 500, coefficients: coefficients,
      confusion: accuracies.map(JointVotesTests.confusion), seed: 9000 + UInt64(replicate))
    let options = FitOptions(restarts: 0)
    let estimator = MaximumLikelihood(
      SoftmaxRegression(), likelihood: Evidence(), options: options)
    let joint = try estimator.fit(rows.dataset(), votes: rows.votes)
    let aggregation = Aggregation(
      rows.votes, options: AggregationOptions(restarts: 0, hasStandardErrors: false),
      reducer: .one)
    let logs = try #require(aggregation.logEvidence)
    let evidence = try ClassEvidence(
      logarithms: BlockedMatrix(
        rows: (0..<500).map { Array(logs[$0 * 3..<$0 * 3 + 3]) }, columnCount: 3))
    let plain = try rows.dataset()
    let twoStep = try estimator.fit(
      Dataset(features: plain.features, labels: .evidence(evidence)))
    func hold(_ record: FitRecord) -> [Bool] {
      zip(record.coefficients, truth).map { $0.wald?.interval.contains($1) ?? false }
    }
    return (
      hold(joint.record(errors: .information)), hold(twoStep.record(errors: .information))
    )
  }

  /// The mean share over the coefficients of the joint fit lies between .93 and .97, that of each
  /// within four standard errors of .95; fits that take the annotators as known hold it less often.
  @Test func intervalsHoldTheTruth() throws {
    let found = try ThreadCount(2).map(count: Self.replicates) { replicate in
      Result { try Self.hits(replicate) }
    }.map { try $0.get() }
    func shares(_ hits: [[Bool]]) -> [Double] {
      Self.truth.indices.map { index in
        Double(hits.count { $0[index] }) / Double(hits.count)
      }
    }
    let (joint, twoStep) = (shares(found.map(\.joint)), shares(found.map(\.twoStep)))
    let margin = 4 * (0.95 * 0.05 / Double(Self.replicates)).squareRoot()
    for (index, share) in joint.enumerated() {
      #expect((share - 0.95).magnitude < margin, "coefficient \(index): \(share)")
    }
    let means = [joint, twoStep].map { $0.reduce(0, +) / Double($0.count) }
    #expect((0.93...0.97).contains(means[0]), "joint \(joint)")
    #expect(means[1] < means[0] - 0.01, "joint \(means[0]), two-step \(means[1])")
  }
}
