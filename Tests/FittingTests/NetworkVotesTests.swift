import RealModule
import SurprisalAnnotation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalFitting
import SurprisalLinearAlgebra
import SurprisalModelStore
import SurprisalProbability
import TestSupport
import Testing

/// A network and confusion matrices fitted to votes.
@Suite struct NetworkVotesTests {
  private static func accuracies(_ values: [Double], classes: Int) -> [[[Double]]] {
    values.map { right in
      (0..<classes).map { k in
        (0..<classes).map { $0 == k ? right : (1 - right) / Double(classes - 1) }
      }
    }
  }

  private func fit(
    _ rows: VotedRows, _ specification: Specification, stoppingAfter steps: Int? = nil
  ) throws -> FittedModel {
    var run = FitRun()
    run.votes = rows.votes
    if let steps { run.trainingObserver = { $0.history.count < steps } }
    return try specification.fit(rows.dataset(), in: run)
  }

  /// Without hidden units the network is softmax regression: its joint fit is that of Newton's
  /// method, up to what the rounds leave.
  @Test func withoutHiddenUnitsAsSoftmaxRegression() throws {
    let rows = try VotedRows.simulated(
      rows: 300, coefficients: [[0.4, 1.2, -0.8], [-0.3, -0.6, 1.5]],
      confusion: Self.accuracies([0.9, 0.75, 0.6, 0.7], classes: 3), seed: 8)
    var network = Specification.Network()
    network.hidden = []
    network.validationShare = 0
    let prior = Specification.Prior.l2(0.01, isStandardized: true)
    let joint = try fit(
      rows, Specification(model: .network(network), prior: prior, solver: .lbfgs))
    let newton = try fit(rows, Specification(prior: prior))
    let (own, other) = (joint.record.statistics, newton.record.statistics)
    #expect((own.objective - other.objective).magnitude < 1e-4)
    #expect(own.objective > other.objective - 1e-9, "a maximum is not exceeded")
    #expect((own.logLikelihood - other.logLikelihood).magnitude < 0.1)
    #expect((own.nullLogLikelihood - other.nullLogLikelihood).magnitude < 1e-3)
    #expect(own.dataChecksum == other.dataChecksum)
    let (first, second) = try (
      #require(joint.record.votes), #require(newton.record.votes)
    )
    #expect(first.classShares.count == 3 && first.voteCount == rows.votes.count)
    for (one, two) in zip(first.annotators, second.annotators) {
      #expect(one.name == two.name && one.votes == two.votes)
      for (left, right) in zip(one.confusion.joined(), two.confusion.joined()) {
        #expect((left - right).magnitude < 0.01)
      }
    }
  }

  private static let ringAccuracies = [0.9, 0.7, 0.65, 0.8, 0.75]

  /// Rows inside and outside of a ring, which softmax regression cannot tell apart.
  private static func ring(rows count: Int, seed: UInt64) throws -> VotedRows {
    var numbers = TestNumbers(seed: seed)
    let features = (0..<count).map { _ in numbers.uniform(2, in: -1.5...1.5) }
    let truth = features.map { row in
      let radius = row[0] * row[0] + row[1] * row[1]
      return radius > 0.5 && radius < 1.6 ? 1 : 0
    }
    let accuracies = Self.ringAccuracies
    var list: [VotedRows.Vote] = []
    for row in 0..<count {
      for (annotator, right) in accuracies.enumerated() {
        let draws = numbers.uniform(2, in: 0...1)
        guard draws[0] < 0.7 else { continue }
        list.append((row, annotator, draws[1] < right ? truth[row] : 1 - truth[row]))
      }
    }
    return try VotedRows(
      features, truth: truth, list: list, annotators: accuracies.count, classes: 2)
  }

  @Test func findsWhatSoftmaxRegressionCannot() throws {
    let rows = try Self.ring(rows: 800, seed: 4)
    var network = Specification.Network()
    network.hidden = [24]
    network.inputScale = .columns
    let prior = Specification.Prior.l2(1e-4, isStandardized: true)
    let model = try fit(
      rows, Specification(model: .network(network), prior: prior, seed: 2))
    let linear = try fit(rows, Specification(prior: prior))
    func accuracy(_ model: FittedModel) throws -> Double {
      let data = try rows.dataset()
      let found = try model.classifier.base.probabilities(
        for: data.features, offsets: nil, threads: .one)
      let right = rows.truth.indices.count { row in
        (found.values[row, 1] > 0.5 ? 1 : 0) == rows.truth[row]
      }
      return Double(right) / Double(rows.truth.count)
    }
    #expect(try accuracy(model) > 0.9)
    #expect(try accuracy(linear) < 0.75)
    let record = try #require(model.record.votes)
    for (annotator, known) in zip(record.annotators, Self.ringAccuracies) {
      #expect((try #require(annotator.accuracy) - known).magnitude < 0.06, "\(annotator.name)")
    }
    #expect(model.record.statistics.logLikelihood > linear.record.statistics.logLikelihood + 30)
    let read = try ModelFile.read(ModelFile.bytes(of: model.forKeeping))
    #expect(read.record.votes == model.record.votes)
    #expect(read.record.specification.reading.contains("rounds of training"))
  }

  /// A few passes over all rows.
  private static func briefTraining(hidden: [Int], epochs: Int) -> Specification {
    var network = Specification.Network()
    network.hidden = hidden
    network.epochs = epochs
    network.validationShare = 0
    return Specification(
      model: .network(network), prior: .l2(1e-3, isStandardized: true), seed: 9)
  }

  /// The same votes give the same bytes; an interrupted training ends the rounds.
  @Test func deterministicAndInterruptible() throws {
    let rows = try Self.ring(rows: 200, seed: 6)
    let specification = Self.briefTraining(hidden: [6], epochs: 20)
    let first = try fit(rows, specification)
    #expect(try fit(rows, specification).record == first.record)
    let stopped = try fit(rows, specification, stoppingAfter: 2)
    #expect(stopped.record.convergence.termination == "interrupted")
    #expect(stopped.warnings.contains(.annotatorsUnsettled(rounds: 1)))
  }

  /// Rows of weight zero count for nothing, and their votes neither.
  @Test func rowsOfWeightZeroAreLeftOut() throws {
    let rows = try Self.ring(rows: 200, seed: 6)
    let weights = (0..<200).map { Double($0 % 3) }
    let kept = (0..<200).filter { weights[$0] > 0 }
    let specification = Self.briefTraining(hidden: [4], epochs: 10)
    let all = try rows.dataset(weights: .importance(checking: weights))
    var run = FitRun()
    run.votes = rows.votes
    let first = try specification.fit(all, in: run).record
    run.votes = rows.votes.selecting(items: kept)
    let second = try specification.fit(all.selecting(rows: kept), in: run).record
    #expect(first.votes == second.votes)
    #expect(first.statistics == second.statistics)
    let voteCount = try #require(first.votes).voteCount
    #expect(voteCount == rows.votes.selecting(items: kept).count && voteCount < rows.votes.count)
  }
}
