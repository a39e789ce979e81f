import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// Agreement, fit test, known classes, scores and suggested votes.
@Suite struct VoteChecksTests {
  /// Krippendorff (2011), "Computing Krippendorff's alpha-reliability", example C: four observers,
  /// twelve units, nominal 0.743, ordinal 0.815.
  @Test func krippendorff() throws {
    let observers = [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
      [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
    var list: [VoteFixture.Vote] = []
    for (observer, labels) in observers.enumerated() {
      for (unit, label) in labels.enumerated() where label > 0 {
        list.append((unit, observer, label - 1))
      }
    }
    let agreement = try #require(
      Agreement(try VoteFixture.votes(list, items: 12, annotators: 4, classes: 5)))
    #expect((agreement.nominalAlpha.value - 0.743).magnitude < 0.0005)
    #expect((agreement.ordinalAlpha.value - 0.815).magnitude < 0.0005)
    #expect(agreement.itemCount == 11)
    #expect(agreement.nominalAlpha.standardError > 0.05)
  }

  /// Fleiss (1971) as tabulated in textbooks: 10 subjects, 14 raters, 5 categories, kappa 0.210.
  @Test func fleiss() throws {
    let table = [
      [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]
    var list: [VoteFixture.Vote] = []
    for (item, counts) in table.enumerated() {
      let labels = counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
      for (rater, label) in labels.enumerated() { list.append((item, rater, label)) }
    }
    let agreement = try #require(
      Agreement(try VoteFixture.votes(list, items: 10, annotators: 14, classes: 5)))
    #expect((agreement.fleissKappa.value - 0.210).magnitude < 0.0005)
  }

  @Test func noAgreementWithoutPairs() throws {
    let single = try VoteFixture.votes([(0, 0, 0), (1, 0, 1)], items: 2, annotators: 1, classes: 2)
    #expect(Agreement(single) == nil)
    let alike = try VoteFixture.votes([(0, 0, 0), (0, 1, 0)], items: 1, annotators: 2, classes: 2)
    #expect(try #require(Agreement(alike)).nominalAlpha.value.isNaN)
  }

  /// Votes drawn from the model are accepted; votes that depend on the difficulty of items are
  /// rejected.
  @Test func fitTest() throws {
    func test(_ list: [VoteFixture.Vote], threads: Int = 1) throws -> PairwiseFitTest {
      let result = Aggregation(try VoteFixture.votes(list, items: 300, annotators: 5, classes: 2))
      return try #require(
        PairwiseFitTest(result, draws: 19, seed: 1, reducer: ThreadCount(threads)))
    }
    let (list, truth) = VoteFixture.simulated(
      items: 300, accuracies: [0.8, 0.7, 0.75, 0.85, 0.8], classes: 2, seed: 31)
    let good = try test(list)
    #expect(good.pValue > 0.05 && good.pairCount == 10)
    #expect(try test(list, threads: 2) == good)
    var generator = SplitMix64(seed: 2)
    let dependent = list.map { vote -> VoteFixture.Vote in
      // Annotators 0 and 1 copy each other's errors.
      if vote.annotator != 1 { return vote }
      let other = list[vote.item * 5]
      return generator.index(below: 10) < 9
        ? (vote.item, 1, other.label) : (vote.item, 1, truth[vote.item])
    }
    #expect(try test(dependent).pValue <= 0.05)
  }

  @Test func goldIsClamped() throws {
    let (list, truth) = VoteFixture.simulated(
      items: 60, accuracies: [0.6, 0.6, 0.6], classes: 3, seed: 41)
    let votes = try VoteFixture.votes(list, items: 60, annotators: 3, classes: 3)
    // All classes are known: matrices are the shares of the votes, the prior that of the classes.
    let gold = truth.map { Int32($0) }
    for method in [AggregationMethod.dawidSkene, .pooled] {
      let result = try Aggregation(
        votes, options: AggregationOptions(method: method, restarts: 2), gold: gold, reducer: .one)
      let model = try #require(result.model)
      for k in 0..<3 {
        let share = Double(truth.count { $0 == k }) / 60
        #expect((model.classPrior[k] - share).magnitude < 1e-12)
      }
      let own = list.filter { (method == .pooled || $0.annotator == 0) && truth[$0.item] == 1 }
      let right = Double(own.count { $0.label == 1 }) / Double(own.count)
      #expect((model.table[1 * 3 + 1] - right).magnitude < 1e-12)
      let scores = try #require(try TruthScores(result, truth: gold))
      #expect(scores.accuracy.value == 1 && scores.logScore.value == 0)
    }
    // Some are known: their labels are certain, and the likelihood includes the known votes.
    let some = gold.enumerated().map { $0 % 3 == 0 ? $1 : -1 }
    let result = try Aggregation(
      votes, options: AggregationOptions(restarts: 0), gold: some, reducer: .one)
    for item in stride(from: 0, to: 60, by: 3) {
      #expect(result.labels(ofItem: item)[item * 3 + truth[item]] == 1)
    }
    #expect(result.model?.hasConverged == true)
  }

  @Test func scoresOfKnownLabels() throws {
    let list: [VoteFixture.Vote] = [
      (0, 0, 0), (0, 1, 0), (0, 2, 1), (0, 3, 0), (1, 0, 1), (1, 1, 0),
    ]
    let votes = try VoteFixture.votes(list, items: 3, annotators: 4, classes: 2)
    let scores = try #require(try TruthScores(Aggregation(votes, .shares), truth: [0, 1, -1]))
    #expect(scores.itemCount == 2)
    #expect(scores.accuracy.value == 0.5)
    #expect((scores.logScore.value + (Double.log(0.75) + Double.log(0.5)) / 2).magnitude < 1e-15)
    #expect(scores.confidence.value == 0.625)
    #expect((scores.brierScore.value - (0.125 + 0.5) / 2).magnitude < 1e-15)
    #expect(try TruthScores(Aggregation(votes, .shares), truth: [-1, -1, -1]) == nil)
  }

  /// Compared with all pairs of items and annotators.
  @Test func nextVotesAreTheBest() throws {
    let (list, _) = VoteFixture.simulated(
      items: 40, accuracies: [0.9, 0.6, 0.7, 0.8], classes: 3, seed: 51, share: 0.6)
    let votes = try VoteFixture.votes(list, items: 40, annotators: 4, classes: 3)
    let result = Aggregation(votes, pseudoCounts: PseudoCounts(diagonal: 2, offDiagonal: 1))
    let model = try #require(result.model)
    var best: [(item: Int, gain: Double)] = []
    for item in 0..<40 {
      let posterior = Array(result.labels(ofItem: item))
      let voted = Set(list.filter { $0.item == item }.map(\.annotator))
      let gains = (0..<4).filter { !voted.contains($0) }.map { annotator in
        let matrix = (0..<9).map { model.table[annotator * 9 + $0 % 3 * 3 + $0 / 3] }
        return Aggregation.information(matrix, posterior)
      }
      best.append((item, gains.max() ?? 0))
    }
    best.sort { $0.gain > $1.gain }
    let found = result.nextVotes(6)
    #expect(found.map(\.item) == best.prefix(6).map(\.item))
    for (next, expected) in zip(found, best) {
      #expect((next.information - expected.gain).magnitude < 1e-12)
    }
  }
}
