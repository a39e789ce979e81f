import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// The model with abilities and difficulties where votes are few, many or adverse.
@Suite struct GladEdgeTests {
  /// A maximum with finite numbers and distributions.
  private func checked(
    _ list: [VoteFixture.Vote], items: Int, annotators: Int, classes: Int, gold: [Int32]? = nil
  ) throws -> (fit: Aggregation, difficulty: VoteDifficulty) {
    let votes = try VoteFixture.votes(list, items: items, annotators: annotators, classes: classes)
    let fit = try Aggregation(
      votes, options: AggregationOptions(method: .glad, restarts: 0), gold: gold, reducer: .one)
    let model = try #require(fit.model)
    let difficulty = try #require(model.difficulty)
    #expect(model.hasConverged)
    #expect(model.value.isFinite)
    for numbers in [
      difficulty.abilities, difficulty.logDifficulties, difficulty.abilityErrors,
      difficulty.logDifficultyErrors,
    ] {
      #expect(numbers.isFinite)
    }
    for item in 0..<items {
      #expect((fit.labels(ofItem: item).reduce(0, +) - 1).magnitude < 1e-12)
    }
    return (fit, difficulty)
  }

  /// One annotator: the votes are the labels that are most probable.
  @Test func oneAnnotator() throws {
    let list = (0..<50).map { VoteFixture.Vote(item: $0, annotator: 0, label: $0 % 3) }
    let fit = try checked(list, items: 50, annotators: 1, classes: 3).fit
    for item in 0..<50 { #expect(fit.labels[item * 3 + item % 3] > 0.5) }
  }

  /// As many annotators as votes: nothing is known of any, all are alike, and so are the items.
  @Test func manyAnnotatorsWithOneVoteEach() throws {
    let list = (0..<2000).map {
      VoteFixture.Vote(item: $0 / 5, annotator: $0, label: $0 % 5 < 4 ? 0 : 1)
    }
    let (fit, difficulty) = try checked(list, items: 400, annotators: 2000, classes: 2)
    #expect(fit.labels[0] > 0.5)
    for item in [1, 77, 399] {
      #expect((fit.labels[2 * item] - fit.labels[0]).magnitude < 1e-9)
    }
    #expect(
      difficulty.abilities[0] > difficulty.abilities[4], "the one who is outvoted is less able")
  }

  /// A single item with very many votes does not overflow.
  @Test func anItemWithTenThousandVotes() throws {
    let list = (0..<10_000).map {
      VoteFixture.Vote(item: 0, annotator: $0 % 100, label: $0 % 4 == 0 ? 1 : 0)
    }
    let (fit, difficulty) = try checked(list, items: 2, annotators: 100, classes: 2)
    #expect(fit.labels[0] > 0.999)
    let errors = try #require(fit.uncertainty).classPrior
    #expect(errors.allSatisfy { $0.isNaN }, "the shares are 1 and 0")
    #expect(
      (difficulty.logDifficulties[1] + 1).magnitude < 1e-12,
      "the item without votes has the mean of the prior")
  }

  /// An annotator who is wrong on purpose has a negative ability, and so improves the labels.
  @Test func adversary() throws {
    let draw = VoteFixture.simulated(
      items: 300, accuracies: [0.9, 0.9, 0.8, 0.05], classes: 2, seed: 6)
    let (fit, difficulty) = try checked(draw.votes, items: 300, annotators: 4, classes: 2)
    #expect(difficulty.abilities[3] < -0.5)
    #expect(fit.annotators[3].flags == [.adversary])
    #expect(difficulty.abilities.dropLast().allSatisfy { $0 > 0.2 })
    let right = draw.truth.indices.count { fit.labels[2 * $0 + draw.truth[$0]] > 0.5 }
    #expect(right > 285)
  }

  /// Known classes keep a certain label.
  @Test func knownClasses() throws {
    let list = (0..<40).map { VoteFixture.Vote(item: $0 / 2, annotator: $0 % 2, label: 0) }
    var gold = [Int32](repeating: -1, count: 20)
    for item in 0..<5 { gold[item] = 1 }
    let fit = try checked(list, items: 20, annotators: 2, classes: 2, gold: gold).fit
    for item in 0..<5 { #expect(fit.labels[2 * item + 1] == 1) }
  }
}
