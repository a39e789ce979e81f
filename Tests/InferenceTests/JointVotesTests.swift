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

/// Joint fits of features and votes against other programs, other fits, and a likelihood that
/// shares no code with them.
@Suite struct JointVotesTests {
  typealias JointFit<P: Prior> = Fit<LinearPredictor, Evidence, P>

  static func fit(
    _ rows: VotedRows, weights: RowWeights = .uniform, pseudoCounts: PseudoCounts = PseudoCounts(),
    usesFeatures: Bool = true, restarts: Int = 0
  ) throws -> JointFit<FlatPrior> {
    try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Evidence(), options: FitOptions(restarts: restarts)
    ).fit(
      rows.dataset(weights: weights, usesFeatures: usesFeatures), votes: rows.votes,
      pseudoCounts: pseudoCounts)
  }

  /// Votes on other numbers of rows or classes are errors.
  @Test func unequalRowsAreRefused() throws {
    let rows = try VotedRows.shared()
    func fit(_ votes: Votes) throws {
      _ = try MaximumLikelihood(SoftmaxRegression(), likelihood: Evidence())
        .fit(rows.dataset(), votes: votes)
    }
    let count = rows.votes.itemCount
    #expect(
      throws: DatasetError.rowMismatch(
        what: "items of the votes", expected: count, found: count - 1)
    ) { try fit(rows.votes.selecting(items: Array(0..<count - 1))) }
    let four = try Votes(
      itemNames: rows.votes.itemNames, annotatorNames: ["w"], classNames: ["a", "b", "c", "d"],
      items: [0], annotators: [0], labels: [3], weights: nil)
    #expect(
      throws: DatasetError.rowMismatch(what: "classes of the votes", expected: 3, found: 4)
    ) { try fit(four) }
  }

  @Test(arguments: [0.0, 1.0]) func reference(pseudoCount: Double) throws {
    let reference = try ReferenceValue(shared: "reference/evidence_votes_sim.json")[
      pseudoCount == 0 ? "joint" : "joint_pseudo1"]
    let fit = try Self.fit(
      .shared(), pseudoCounts: PseudoCounts(diagonal: pseudoCount, offDiagonal: pseudoCount),
      restarts: 3)
    let joint = try #require(fit.votes).aggregation
    let model = try #require(joint.model)
    let key = pseudoCount == 0 ? "log_likelihood" : "log_posterior_kernel"
    #expect((model.value - reference[key].number).magnitude < 1e-8)
    #expect((model.logLikelihood - fit.statistics.logLikelihood).magnitude < 1e-8)
    let record = fit.record(errors: .information)
    #expect(record.uncertainty.kind == .information)
    let estimates = record.coefficients.map { $0.estimate ?? .nan }
    #expect(vectorDistance(estimates, reference["estimate"].numbers) < 1e-6)
    let errors = record.coefficients.map { $0.standardError ?? .nan }
    #expect(vectorDistance(errors, reference["std_error"].numbers) < 1e-6)
    for (place, name) in reference["annotators"].array.enumerated() {
      let summary = try #require(joint.annotators.first { $0.name == name.text })
      let expected = reference["confusion"].array[place].array.flatMap(\.numbers)
      #expect(vectorDistance(summary.confusion, expected) < 1e-6, "annotator \(name.text)")
    }
    for (value, next) in zip(model.values, model.values.dropFirst()) {
      #expect(next >= value - 1e-11 * value.magnitude)
    }
    #expect(fit.statistics.degreesOfFreedom == 6 + 6 * 6)
  }

  /// Without features the fit is Dawid and Skene's model.
  @Test func interceptsAloneAreTheClassPrior() throws {
    let reference = try ReferenceValue(shared: "reference/evidence_votes_sim.json")["dawid_skene"]
    let rows = try VotedRows.shared()
    let fit = try Self.fit(rows, usesFeatures: false)
    #expect((fit.statistics.logLikelihood - reference["log_likelihood"].number).magnitude < 1e-7)
    #expect(
      (fit.statistics.logLikelihood - fit.statistics.nullLogLikelihood).magnitude < 1e-7)
    let intercepts = fit.record(errors: .none).coefficients.map { $0.estimate ?? .nan }
    #expect(
      vectorDistance(Softmax.probabilities([0] + intercepts), reference["class_prior"].numbers)
        < 1e-5)
    let plain = Aggregation(
      rows.votes, options: AggregationOptions(restarts: 0), reducer: .one)
    let joint = try #require(fit.votes).aggregation
    #expect(vectorDistance(joint.labels, plain.labels) < 1e-5)
    let withFeatures = try Self.fit(rows)
    #expect(
      (withFeatures.statistics.nullLogLikelihood - reference["log_likelihood"].number).magnitude
        < 1e-6)
  }

  /// An annotator known to be always right makes votes into known classes.
  @Test func perfectAnnotator() throws {
    let known = try VotedRows.simulated(
      rows: 300, coefficients: [[0.3, 0.8, -0.5], [-0.4, -0.3, 0.6]],
      confusion: [[[1, 0, 0], [0, 1, 0], [0, 0, 1]]], seed: 8)
    let joint = try Self.fit(known, pseudoCounts: PseudoCounts(diagonal: 1e12))
    let plain = try MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical())
      .fit(known.dataset())
    let (a, b) = (joint.record(errors: .information), plain.record(errors: .information))
    for (first, second) in zip(a.coefficients, b.coefficients) {
      #expect(relativeDistance(first.estimate ?? .nan, second.estimate ?? .nan) < 1e-7)
      #expect(relativeDistance(first.standardError ?? .nan, second.standardError ?? .nan) < 1e-7)
    }
    #expect(
      relativeDistance(joint.statistics.logLikelihood, plain.statistics.logLikelihood) < 1e-9)
  }

  @Test func orderDoesNotMatter() throws {
    let rows = try VotedRows.shared()
    let count = rows.features.count
    let order = (0..<count).map { ($0 * 7 + 3) % count }
    var list: [VotedRows.Vote] = []
    for (place, row) in order.enumerated() {
      for (cell, _) in rows.votes.cells(ofItem: row) {
        list.append((place, 5 - cell / 3, cell % 3))
      }
    }
    let other = try VotedRows(
      order.map { rows.features[$0] }, truth: order.map { rows.truth[$0] }, list: list,
      annotators: 6, classes: 3)
    let (a, b) = (try Self.fit(rows), try Self.fit(other))
    #expect(
      relativeDistance(a.statistics.logLikelihood, b.statistics.logLikelihood) < 1e-12)
    let (first, second) = (a.record(errors: .information), b.record(errors: .information))
    for (x, y) in zip(first.coefficients, second.coefficients) {
      #expect(relativeDistance(x.estimate ?? .nan, y.estimate ?? .nan) < 1e-7)
      #expect(relativeDistance(x.standardError ?? .nan, y.standardError ?? .nan) < 1e-7)
    }
    let (mine, theirs) = (
      try #require(a.votes).aggregation.annotators, try #require(b.votes).aggregation.annotators
    )
    for (x, y) in zip(mine, theirs.reversed()) {
      #expect(vectorDistance(x.confusion, y.confusion) < 1e-7)
      #expect(relativeDistance(x.accuracyError, y.accuracyError) < 1e-6)
    }
    #expect(a.statistics.dataChecksum == b.statistics.dataChecksum)
  }

  /// A row of frequency f is f rows.
  @Test func frequenciesAreRepeatedRows() throws {
    let rows = try VotedRows.simulated(
      rows: 150, coefficients: [[0.3, 0.8], [-0.4, -0.3]],
      confusion: [0.85, 0.75, 0.7].map(Self.confusion), seed: 21)
    let frequencies = rows.features.indices.map { Double(1 + $0 % 3) }
    var (features, truth, list) = ([[Double]](), [Int](), [VotedRows.Vote]())
    for row in rows.features.indices {
      for _ in 0..<Int(frequencies[row]) {
        for (cell, _) in rows.votes.cells(ofItem: row) {
          list.append((features.count, cell / 3, cell % 3))
        }
        features.append(rows.features[row])
        truth.append(rows.truth[row])
      }
    }
    let repeated = try VotedRows(features, truth: truth, list: list, annotators: 3, classes: 3)
    let pseudo = PseudoCounts(diagonal: 1, offDiagonal: 1)
    let a = try Self.fit(rows, weights: .frequency(frequencies), pseudoCounts: pseudo)
    let b = try Self.fit(repeated, pseudoCounts: pseudo)
    #expect(relativeDistance(a.statistics.logLikelihood, b.statistics.logLikelihood) < 1e-10)
    for choice in [StandardErrorChoice.information, .sandwich] {
      let (first, second) = (a.record(errors: choice), b.record(errors: choice))
      #expect(first.uncertainty.kind != nil)
      for (x, y) in zip(first.coefficients, second.coefficients) {
        #expect(relativeDistance(x.estimate ?? .nan, y.estimate ?? .nan) < 1e-6)
        #expect(relativeDistance(x.standardError ?? .nan, y.standardError ?? .nan) < 1e-6)
      }
    }
  }

  static func confusion(_ right: Double) -> [[Double]] {
    let wrong = 1 - right
    return [
      [right, 0.6 * wrong, 0.4 * wrong], [0.5 * wrong, right, 0.5 * wrong],
      [0.35 * wrong, 0.65 * wrong, right],
    ]
  }
}
