import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// Derivatives, invariances, limits and edge cases of the method `hierarchical`.
@Suite struct HierarchicalTests {
  /// Few votes of annotators who differ: votes on each item of `perItem` of them.
  static func fewVotes(
    items: Int, annotators: Int, perItem: Int, classes: Int, seed: UInt64,
    accuracy: (Int) -> Double
  ) -> (list: [VoteFixture.Vote], truth: [Int]) {
    var generator = SplitMix64(seed: seed)
    func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
    var list: [VoteFixture.Vote] = []
    let truth = (0..<items).map { _ in min(classes - 1, Int(uniform() * Double(classes))) }
    for item in 0..<items {
      var chosen: Set<Int> = []
      while chosen.count < perItem {
        chosen.insert(min(annotators - 1, Int(uniform() * Double(annotators))))
      }
      for annotator in chosen.sorted() {
        let other = (truth[item] + 1 + Int(uniform() * Double(classes - 1))) % classes
        list.append((item, annotator, uniform() < accuracy(annotator) ? truth[item] : other))
      }
    }
    return (list, truth)
  }

  /// Annotators of three kinds.
  private static func mixed(_ annotator: Int) -> Double { [0.95, 0.75, 0.45][annotator % 3] }

  private static func votes(
    seed: UInt64 = 1, items: Int = 80, weights: (([VoteFixture.Vote]) -> [Double])? = nil
  ) throws -> Votes {
    let (list, _) = fewVotes(
      items: items, annotators: items / 2, perItem: 4, classes: 3, seed: seed, accuracy: mixed)
    return try VoteFixture.votes(
      list, items: items, annotators: items / 2, classes: 3, weights: weights?(list))
  }

  private static func posterior(_ count: Int, seed: UInt64) -> [Double] {
    var numbers = TestNumbers(seed: seed)
    return (0..<count).flatMap { _ -> [Double] in
      let draws = (0..<3).map { _ in Double.random(in: 0.02..<1, using: &numbers) }
      return draws.map { $0 / draws.reduce(0, +) }
    }
  }

  // MARK: Derivatives

  /// The bound is linear in the posterior of each item, so differences are derivatives.
  @Test(arguments: [0.0, 0.5]) func evidenceIsTheDerivative(_ part: Double) throws {
    let votes = try Self.votes { $0.indices.map { Double($0 % 3) + 1 + part } }
    let bound = CollapsedBound(votes, gold: nil, reducer: .one)
    let posterior = Self.posterior(80, seed: 3)
    let state = bound.state(of: posterior, guess: nil)
    let found = bound.logEvidence(at: state)
    for item in [0, 17, 79] {
      let slopes = (0..<3).map { k -> Double in
        let values = [1e-3, -1e-3].map { step -> Double in
          var moved = posterior
          moved[item * 3 + k] += step
          return state.prior.value(bound.totals(of: moved).tails)
        }
        return (values[0] - values[1]) / 2e-3
      }
      for k in 0..<3 {
        let difference = found[item * 3 + k] - found[item * 3]
        #expect((difference - (slopes[k] - slopes[0])).magnitude < 1e-9, "item \(item)")
      }
    }
  }

  @Test func slopeOfTheConcentration() throws {
    let votes = try Self.votes()
    let bound = CollapsedBound(votes, gold: nil, reducer: .one)
    let tails = bound.totals(of: Self.posterior(80, seed: 4)).tails
    let rows = Self.posterior(3, seed: 5)
    for concentration in [0.3, 4, 900.0] {
      func value(_ step: Double) -> Double {
        ConfusionPrior(
          rows: rows, dispersion: Double.exp(-step) / concentration, classCount: 3
        ).value(tails)
      }
      let slope = (value(1e-5) - value(-1e-5)) / 2e-5
      let prior = ConfusionPrior(rows: rows, dispersion: 1 / concentration, classCount: 3)
      #expect((prior.slope(tails) - slope).magnitude < 1e-6 * max(1, slope.magnitude))
    }
  }

  /// At the maximum no change of κ, of a row, of π or of a posterior raises the bound.
  @Test func maximumIsStationary() throws {
    let votes = try Self.votes()
    let result = Aggregation(votes, .hierarchical)
    let model = try #require(result.model)
    let hierarchy = try #require(model.hierarchy)
    #expect(hierarchy.concentration > 0.1 && hierarchy.concentration < 100)
    let bound = CollapsedBound(votes, gold: nil, reducer: .one)
    let tails = bound.totals(of: result.labels).tails
    func value(_ rows: [Double], _ concentration: Double) -> Double {
      ConfusionPrior(rows: rows, dispersion: 1 / concentration, classCount: 3).value(tails)
    }
    let (rows, concentration) = (hierarchy.commonConfusion, hierarchy.concentration)
    let entropy = bound.classes(of: result.labels).value
    #expect((entropy + value(rows, concentration) - model.logLikelihood).magnitude < 1e-8)
    let slope = value(rows, concentration * 1.0001) - value(rows, concentration / 1.0001)
    #expect((slope / 2e-4).magnitude < 1e-5)
    for k in 0..<3 {
      for label in 0..<2 {
        func moved(_ step: Double) -> Double {
          var rows = rows
          rows[k * 3 + label] += step
          rows[k * 3 + 2] -= step
          return value(rows, concentration)
        }
        #expect(((moved(1e-5) - moved(-1e-5)) / 2e-5).magnitude < 1e-4, "class \(k)")
      }
    }
    for item in 0..<80 {
      let mean = (0..<3).map { k in (0..<80).reduce(0) { $0 + result.labels[$1 * 3 + k] } / 80 }
      #expect(vectorDistance(mean, model.classPrior) < 1e-8)
      func moved(_ step: Double) -> Double {
        var posterior = result.labels
        posterior[item * 3] += step
        posterior[item * 3 + 1] -= step
        return bound.state(of: posterior, guess: nil).value
      }
      let step = 0.01 * min(result.labels[item * 3], result.labels[item * 3 + 1])
      guard step > 1e-6 else { continue }
      #expect(moved(step) < model.logLikelihood + 1e-9)
      #expect(moved(-step) < model.logLikelihood + 1e-9)
      break
    }
  }

  // MARK: Invariances

  @Test func valueNeverFalls() throws {
    for votes in [
      try VoteFixture.shared("dawid_skene_1979.csv"), try VoteFixture.shared("votes_sim.csv"),
      try Self.votes(seed: 2),
    ] {
      let model = try #require(Aggregation(votes, .hierarchical).model)
      #expect(model.hasConverged && model.values.count > 5)
      for (before, after) in zip(model.values, model.values.dropFirst()) {
        #expect(after >= before - 4e-15 * before.magnitude)
      }
      #expect(model.values.last == model.logLikelihood)
    }
  }

  @Test func threadsGiveTheSameBits() throws {
    let votes = try Self.votes(seed: 6, items: 200)
    let options = AggregationOptions(method: .hierarchical, restarts: 2)
    let one = Aggregation(votes, options: options, reducer: .one)
    for other in [
      Aggregation(votes, options: options, reducer: ThreadCount(3)),
      Aggregation(votes, options: options, reducer: ScatteredReducer(workers: 3, seed: 1)),
    ] {
      #expect(other.labels == one.labels && other.logEvidence == one.logEvidence)
      #expect(other.model?.hierarchy == one.model?.hierarchy)
      #expect(other.model?.optima == one.model?.optima)
    }
  }

  @Test func weightsCountVotes() throws {
    let (list, _) = Self.fewVotes(
      items: 40, annotators: 20, perItem: 4, classes: 3, seed: 5, accuracy: Self.mixed)
    let weights = list.indices.map { [0.0, 1, 2, 3][$0 % 4] }
    let repeated = zip(list, weights).flatMap { Array(repeating: $0, count: Int($1)) }
    let weighted = Aggregation(
      try VoteFixture.votes(list, items: 40, annotators: 20, classes: 3, weights: weights),
      .hierarchical)
    let plain = Aggregation(
      try VoteFixture.votes(repeated, items: 40, annotators: 20, classes: 3), .hierarchical)
    #expect(vectorDistance(weighted.labels, plain.labels) < 1e-6)
    let values = [weighted, plain].compactMap(\.model?.logLikelihood)
    #expect((values[0] - values[1]).magnitude < 1e-8)
  }

  /// Posterior = prior · evidence, divided by its sum; an item without votes has the prior, and
  /// changes nothing else.
  @Test func evidenceIsPosteriorOverPrior() throws {
    let (list, _) = Self.fewVotes(
      items: 60, annotators: 30, perItem: 4, classes: 3, seed: 8, accuracy: Self.mixed)
    let result = Aggregation(
      try VoteFixture.votes(list, items: 62, annotators: 30, classes: 3), .hierarchical)
    let without = Aggregation(
      try VoteFixture.votes(list, items: 60, annotators: 30, classes: 3), .hierarchical)
    for item in 0..<62 {
      let evidence = try #require(result.evidence(ofItem: item))
      #expect(evidence.max() == 1)
      let joint = zip(evidence, result.classPrior).map { $0 * $1 }
      let total = joint.reduce(0, +)
      #expect(vectorDistance(joint.map { $0 / total }, Array(result.labels(ofItem: item))) < 1e-12)
    }
    #expect(result.evidence(ofItem: 61) == [1, 1, 1])
    #expect(result.model?.logLikelihood == without.model?.logLikelihood)
    #expect(result.warnings.contains(.withoutVotes(items: 2)))
  }

  @Test func goldIsClamped() throws {
    let (list, truth) = Self.fewVotes(
      items: 60, annotators: 20, perItem: 4, classes: 3, seed: 9, accuracy: Self.mixed)
    let votes = try VoteFixture.votes(list, items: 60, annotators: 20, classes: 3)
    let all = try Aggregation(
      votes, options: AggregationOptions(method: .hierarchical, restarts: 0),
      gold: truth.map { Int32($0) }, reducer: .one)
    let model = try #require(all.model)
    let hierarchy = try #require(model.hierarchy)
    for k in 0..<3 {
      let share = Double(truth.count { $0 == k }) / 60
      #expect((model.classPrior[k] - share).magnitude < 1e-12)
    }
    // Posterior means of rows of whole counts.
    let own = list.filter { $0.annotator == 4 && truth[$0.item] == 1 }
    let expected =
      (hierarchy.concentration * hierarchy.commonConfusion[4]
        + Double(own.count { $0.label == 1 })) / (hierarchy.concentration + Double(own.count))
    #expect((all.annotators[4].confusion[4] - expected).magnitude < 1e-9)
    let some = truth.enumerated().map { $0 % 3 == 0 ? Int32($1) : -1 }
    let part = try Aggregation(
      votes, options: AggregationOptions(method: .hierarchical, restarts: 1), gold: some,
      reducer: .one)
    #expect(part.model?.hasConverged == true)
    for item in stride(from: 0, to: 60, by: 3) {
      #expect(part.labels[item * 3 + truth[item]] == 1)
    }
  }

  // MARK: Limits

  /// With one vote an annotator nothing tells annotators apart: the pooled model.
  @Test func oneVoteEachIsPooled() throws {
    let count = 4000
    let list: [VoteFixture.Vote] = (0..<count).map {
      ($0 / 5, $0, $0 % 5 < 3 || $0 % 7 == 0 ? $0 / 5 % 2 : 1 - $0 / 5 % 2)
    }
    let votes = try VoteFixture.votes(list, items: count / 5, annotators: count, classes: 2)
    let result = Aggregation(votes, .hierarchical)
    let pooled = Aggregation(votes, .pooled)
    let values = [result, pooled].compactMap(\.model?.logLikelihood)
    #expect((values[0] - values[1]).magnitude < 1e-6)
    #expect(zip(result.labels, pooled.labels).allSatisfy { ($0 - $1).magnitude < 1e-6 })
    #expect(result.warnings.contains(.alike(isDetermined: false)))
    #expect(result.model?.hierarchy?.concentration == .infinity)
    #expect(result.uncertainty == nil)
  }

  /// Annotators who agree more than by chance with the same matrix: the pooled model too.
  @Test func alikeAnnotatorsArePooled() throws {
    // Each annotator is wrong once in five votes.
    let list: [VoteFixture.Vote] = (0..<600).map { vote in
      let (item, annotator) = (vote / 5, (vote / 5 + vote % 5 * 7) % 24)
      return (item, annotator, (item / 24 + annotator) % 5 == 0 ? 1 - item % 2 : item % 2)
    }
    let votes = try VoteFixture.votes(list, items: 120, annotators: 24, classes: 2)
    let result = Aggregation(votes, .hierarchical)
    let pooled = Aggregation(votes, .pooled)
    #expect(result.model?.hierarchy?.concentration == .infinity)
    #expect(result.warnings.contains(.alike(isDetermined: true)))
    let values = [result, pooled].compactMap(\.model?.logLikelihood)
    #expect((values[0] - values[1]).magnitude < 1e-6)
    #expect(vectorDistance(result.labels, pooled.labels) < 1e-5)
  }

  /// Annotators with hundreds of votes: close to a matrix each.
  @Test func manyVotesAreDawidAndSkene() throws {
    let (list, truth) = VoteFixture.simulated(
      items: 400, accuracies: [0.9, 0.8, 0.6, 0.7, 0.75, 0.85, 0.65, 0.8], classes: 2, seed: 4)
    let votes = try VoteFixture.votes(list, items: 400, annotators: 8, classes: 2)
    let result = Aggregation(votes, .hierarchical)
    let free = Aggregation(votes)
    let distance = zip(result.labels, free.labels).reduce(0) { $0 + ($1.0 - $1.1).magnitude }
    #expect(distance / Double(result.labels.count) < 0.01)
    for (annotator, expected) in zip(result.annotators, free.annotators) {
      #expect((annotator.accuracy - expected.accuracy).magnitude < 0.03)
    }
    let scores = try #require(try TruthScores(result, truth: truth.map { Int32($0) }))
    #expect(scores.accuracy.value > 0.85)
  }

  // MARK: Few votes

  /// Eight votes of each of unequal annotators: labels are better, by accuracy and by log score,
  /// than those of one matrix and of a matrix each.
  @Test func fewVotesOfUnequalAnnotators() throws {
    var scores: [AggregationMethod: (accuracy: Double, log: Double)] = [:]
    for seed in 1...4 as ClosedRange<UInt64> {
      let (list, truth) = Self.fewVotes(
        items: 240, annotators: 120, perItem: 4, classes: 3, seed: seed
      ) { [0.97, 0.8, 0.3][$0 % 3] }
      let votes = try VoteFixture.votes(list, items: 240, annotators: 120, classes: 3)
      for (method, pseudo) in [
        (AggregationMethod.hierarchical, 0.0), (.pooled, 0), (.dawidSkene, 1),
      ] {
        let result = Aggregation(
          votes, method, pseudoCounts: PseudoCounts(diagonal: pseudo, offDiagonal: pseudo))
        let found = try #require(try TruthScores(result, truth: truth.map { Int32($0) }))
        scores[method, default: (0, 0)].accuracy += found.accuracy.value / 4
        scores[method, default: (0, 0)].log += found.logScore.value / 4
      }
    }
    let best = try #require(scores[.hierarchical])
    for (method, other) in scores where method != .hierarchical {
      #expect(best.accuracy > other.accuracy + 0.01, "\(method): \(best) \(other)")
      #expect(best.log < other.log - 0.02, "\(method): \(best) \(other)")
    }
  }

  // MARK: Edges

  @Test func manyVotesOnAnItem() throws {
    var list: [VoteFixture.Vote] = (0..<10_000).map { (0, $0 % 50, $0 % 50 % 3 == 0 ? 1 : 0) }
    for annotator in 0..<50 {
      for item in 1..<4 { list.append((item, annotator, (annotator + item) % 10 == 0 ? 0 : 1)) }
    }
    let votes = try VoteFixture.votes(list, items: 4, annotators: 50, classes: 2)
    let result = Aggregation(votes, .hierarchical)
    let model = try #require(result.model)
    #expect(model.logLikelihood.isFinite && model.logLikelihood < 0)
    #expect(result.predictedClass(ofItem: 0) == 0)
    #expect((1..<4).allSatisfy { result.predictedClass(ofItem: $0) == 1 })
  }

  @Test func oneAnnotator() throws {
    let votes = try VoteFixture.votes(
      [(0, 0, 0), (1, 0, 1), (2, 0, 1)], items: 3, annotators: 1, classes: 2)
    let result = Aggregation(votes, .hierarchical)
    #expect(result.labels.allSatisfy { $0.isFinite })
    #expect(result.warnings.contains(.fewVotes(most: 1)))
    #expect(result.model?.hasConverged == true)
  }

  @Test func aClassNobodyVotedFor() throws {
    let (list, _) = Self.fewVotes(
      items: 40, annotators: 20, perItem: 4, classes: 2, seed: 1, accuracy: Self.mixed)
    let two = Aggregation(
      try VoteFixture.votes(list, items: 40, annotators: 20, classes: 2), .hierarchical)
    let three = Aggregation(
      try VoteFixture.votes(list, items: 40, annotators: 20, classes: 3), .hierarchical)
    #expect(three.classPrior[2] == 0)
    let values = [two, three].compactMap(\.model?.logLikelihood)
    #expect((values[0] - values[1]).magnitude < 1e-8)
  }

  @Test func heavyAnnotatorsAreRefused() throws {
    let votes = try VoteFixture.votes(
      [(0, 0, 0), (1, 0, 1), (2, 1, 1)], items: 3, annotators: 2, classes: 2,
      weights: [3, 2e6, 1])
    #expect(throws: VoteError.heavyAnnotator("a0", weight: 2_000_003)) {
      try Aggregation(
        votes, options: AggregationOptions(method: .hierarchical), gold: nil, reducer: .one)
    }
    #expect(throws: Never.self) {
      try Aggregation(
        votes, options: AggregationOptions(method: .pooled), gold: nil, reducer: .one)
    }
  }

  /// Posterior deviations shrink with votes, and those of accuracies follow from the rows.
  @Test func standardErrors() throws {
    let (list, truth) = Self.fewVotes(
      items: 100, annotators: 30, perItem: 4, classes: 2, seed: 3, accuracy: Self.mixed)
    let votes = try VoteFixture.votes(list, items: 100, annotators: 30, classes: 2)
    let result = try Aggregation(
      votes, options: AggregationOptions(method: .hierarchical, restarts: 0),
      gold: truth.map { Int32($0) }, reducer: .one)
    let errors = try #require(result.uncertainty)
    let hierarchy = try #require(result.model?.hierarchy)
    #expect(errors.kind == .posterior)
    for (index, annotator) in result.annotators.enumerated() {
      var variance = 0.0
      for k in 0..<2 {
        let own = list.filter { $0.annotator == index && truth[$0.item] == k }
        // With known classes: the variance of a Beta distribution.
        let (a, total) = (
          hierarchy.concentration * hierarchy.commonConfusion[k * 3]
            + Double(own.count { $0.label == k }), hierarchy.concentration + Double(own.count)
        )
        let exact = a * (total - a) / (total * total * (total + 1))
        #expect((annotator.confusionErrors[k * 3] - exact.squareRoot()).magnitude < 1e-9)
        variance += result.classPrior[k] * result.classPrior[k] * exact
      }
      #expect((annotator.accuracyError - variance.squareRoot()).magnitude < 1e-9)
    }
  }
}
