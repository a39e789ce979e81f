import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// Models of votes against plain loops, and their invariances.
@Suite struct AggregationTests {
  private static let models: [AggregationMethod] = [.dawidSkene, .oneCoin, .pooled]

  /// At the maximum the likelihood, computed by products, equals the reported one, and its
  /// derivative along every exchange of probability between two labels is zero.
  @Test(arguments: models) func slopeIsZero(_ method: AggregationMethod) throws {
    let (list, _) = VoteFixture.simulated(
      items: 60, accuracies: [0.8, 0.6, 0.7, 0.9], classes: 3, seed: 4, share: 0.8)
    let votes = try VoteFixture.votes(list, items: 60, annotators: 4, classes: 3)
    let model = try #require(Aggregation(votes, method).model)
    #expect(model.hasConverged)
    func value(_ table: [Double], _ prior: [Double]) -> Double {
      VoteFixture.logLikelihood(
        list, items: 60, classes: 3, prior: prior, table: table, isPooled: method == .pooled)
    }
    let best = value(model.table, model.classPrior)
    #expect((best - model.logLikelihood).magnitude < 1e-9)
    func slope(_ change: (Double) -> Double) -> Double { (change(1e-5) - change(-1e-5)) / 2e-5 }
    for k in 0..<2 {
      let found = slope { step in
        var prior = model.classPrior
        (prior[k], prior[2]) = (prior[k] + step, prior[2] - step)
        return value(model.table, prior)
      }
      #expect(found.magnitude < 1e-4, "prior of class \(k)")
    }
    if method == .oneCoin {
      for annotator in 0..<4 {
        let found = slope { step in
          var table = model.table
          for cell in 0..<9 { table[annotator * 9 + cell] += cell % 4 == 0 ? step : -step / 2 }
          return value(table, model.classPrior)
        }
        #expect(found.magnitude < 1e-4, "accuracy of annotator \(annotator)")
      }
      return
    }
    for start in stride(from: 0, to: model.table.count, by: 9) {
      for k in 0..<3 {
        for label in 0..<2
        where model.table[start + label * 3 + k] > 1e-3 && model.table[start + 6 + k] > 1e-3 {
          let found = slope { step in
            var table = model.table
            table[start + label * 3 + k] += step
            table[start + 6 + k] -= step
            return value(table, model.classPrior)
          }
          #expect(found.magnitude < 1e-4, "matrix \(start / 9), class \(k), label \(label)")
        }
      }
    }
  }

  @Test(arguments: models) func valueNeverFalls(_ method: AggregationMethod) throws {
    for name in ["dawid_skene_1979.csv", "votes_sim.csv"] {
      for pseudo in [PseudoCounts(), PseudoCounts(diagonal: 2, offDiagonal: 0.5)] {
        let model = try #require(
          Aggregation(try VoteFixture.shared(name), method, pseudoCounts: pseudo).model)
        #expect(model.values.count > 5)
        for (before, after) in zip(model.values, model.values.dropFirst()) {
          #expect(after >= before - 4e-15 * before.magnitude, "\(name)")
        }
      }
    }
  }

  /// Accelerated steps converge to the fixed point of plain ones.
  @Test func plainStepsAgree() throws {
    let votes = try VoteFixture.shared("votes_sim.csv")
    let pseudo = PseudoCounts(diagonal: 1, offDiagonal: 0.25)
    let likelihood = VoteLikelihood(votes, isOneCoin: false, pseudoCounts: pseudo, reducer: .one)
    var point = likelihood.parameters(of: Aggregation(votes, .shares).labels)
    for _ in 0..<2000 { point = likelihood.step(from: point).next }
    let model = try #require(Aggregation(votes, pseudoCounts: pseudo).model)
    #expect(vectorDistance(point.table, model.table) < 1e-9)
    #expect(vectorDistance(point.prior, model.classPrior) < 1e-9)
  }

  @Test(arguments: models) func threadsGiveTheSameBits(_ method: AggregationMethod) throws {
    let (list, _) = VoteFixture.simulated(
      items: 900, accuracies: [0.8, 0.6, 0.7, 0.9, 0.55], classes: 3, seed: 9)
    let votes = try VoteFixture.votes(list, items: 900, annotators: 5, classes: 3)
    let options = AggregationOptions(method: method, restarts: 3)
    let one = Aggregation(votes, options: options, reducer: .one)
    for other in [
      Aggregation(votes, options: options, reducer: ThreadCount(3)),
      Aggregation(votes, options: options, reducer: ScatteredReducer(workers: 3, seed: 1)),
    ] {
      #expect(other.labels == one.labels)
      #expect(other.logEvidence == one.logEvidence)
      #expect(other.model?.table == one.model?.table)
      #expect(other.model?.optima == one.model?.optima)
    }
  }

  @Test(arguments: models) func weightsCountVotes(_ method: AggregationMethod) throws {
    let (list, _) = VoteFixture.simulated(
      items: 40, accuracies: [0.8, 0.6, 0.7], classes: 3, seed: 5)
    let weights = list.indices.map { [0.0, 1, 2, 3][$0 % 4] }
    let repeated = zip(list, weights).flatMap { Array(repeating: $0, count: Int($1)) }
    let weighted = Aggregation(
      try VoteFixture.votes(list, items: 40, annotators: 3, classes: 3, weights: weights), method)
    let plain = Aggregation(
      try VoteFixture.votes(repeated, items: 40, annotators: 3, classes: 3), method)
    #expect(vectorDistance(weighted.labels, plain.labels) < 1e-6)
    let values = [weighted, plain].compactMap(\.model?.logLikelihood)
    #expect((values[0] - values[1]).magnitude < 1e-8)
  }

  /// Posterior = prior · evidence, divided by its sum.
  @Test(arguments: models) func evidenceIsPosteriorOverPrior(_ method: AggregationMethod) throws {
    let result = Aggregation(try VoteFixture.shared("votes_sim.csv"), method)
    for item in 0..<result.votes.itemCount {
      let evidence = try #require(result.evidence(ofItem: item))
      #expect(evidence.max() == 1)
      let joint = zip(evidence, result.classPrior).map { $0 * $1 }
      let total = joint.reduce(0, +)
      #expect(vectorDistance(joint.map { $0 / total }, Array(result.labels(ofItem: item))) < 1e-12)
    }
  }

  @Test func pooledIsOneAnnotator() throws {
    let (list, _) = VoteFixture.simulated(
      items: 200, accuracies: [0.8, 0.6, 0.7, 0.75], classes: 3, seed: 6)
    let pooled = Aggregation(
      try VoteFixture.votes(list, items: 200, annotators: 4, classes: 3), .pooled)
    let merged = Aggregation(
      try VoteFixture.votes(
        list.map { ($0.item, 0, $0.label) }, items: 200, annotators: 1, classes: 3))
    let values = [pooled, merged].compactMap(\.model?.logLikelihood)
    #expect((values[0] - values[1]).magnitude < 1e-9)
    #expect(pooled.annotators.count == 4)
  }

  @Test func sharesAndMajority() throws {
    let list: [VoteFixture.Vote] = [(0, 0, 0), (0, 1, 0), (0, 2, 1), (1, 0, 1), (1, 1, 2)]
    let votes = try VoteFixture.votes(list, items: 3, annotators: 3, classes: 3)
    #expect(Aggregation(votes, .counts).labels == [2, 1, 0, 0, 1, 1, 0, 0, 0])
    #expect(
      Aggregation(votes, .shares).labels.map { ($0 * 6).rounded() } == [4, 2, 0, 0, 3, 3, 2, 2, 2])
    let majority = Aggregation(votes, .majority)
    #expect(majority.labels.prefix(6) == [1, 0, 0, 0, 0.5, 0.5])
    #expect(majority.predictedClass(ofItem: 1) == 1)
    #expect(majority.warnings == [.withoutVotes(items: 1), .ties(items: 1)])
    #expect(majority.model == nil && majority.aic == nil)
  }

  @Test func annotatorsAreToldApart() throws {
    var (list, truth) = VoteFixture.simulated(
      items: 300, accuracies: [0.9, 0.85, 0.8, 0.95], classes: 2, seed: 8)
    var generator = SplitMix64(seed: 3)
    for item in 0..<300 {
      list.append((item, 4, 1 - truth[item]))
      list.append((item, 5, 1))
      list.append((item, 6, generator.index(below: 2)))
    }
    list.append((0, 7, truth[0]))
    let result = Aggregation(try VoteFixture.votes(list, items: 300, annotators: 8, classes: 2))
    let flags = result.annotators.map(\.flags)
    #expect(flags == [[], [], [], [], [.adversary], [.oneAnswer], [.spammer], [.oneVote]])
    #expect(result.annotators[4].accuracy < 0.1)
    #expect(result.annotators[0].votes == 300)
  }

  /// The information of a symmetric channel: log 2 minus the entropy of an error.
  @Test func informationOfAVote() {
    for right in [0.5, 0.7, 1.0] {
      let wrong = 1 - right
      let entropy = [right, wrong].reduce(0) { $1 > 0 ? $0 - $1 * Double.log($1) : $0 }
      let found = Aggregation.information([right, wrong, wrong, right], [0.5, 0.5])
      #expect((found - (Double.log(2) - entropy)).magnitude < 1e-14)
    }
  }
}
