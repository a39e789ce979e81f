import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// Edge cases of votes: a correct result or a clear refusal.
@Suite struct HardVotesTests {
  @Test func refusals() {
    func error(
      _ items: [Int32], classes: [String] = ["a", "b"], weights: [Double]? = nil
    ) -> VoteError? {
      do throws(VoteError) {
        _ = try Votes(
          itemNames: ["x"], annotatorNames: ["y"], classNames: classes, items: items,
          annotators: items.map { _ in 0 }, labels: items.map { _ in 0 }, weights: weights)
        return nil
      } catch { return error }
    }
    #expect(error([]) == .noVotes)
    #expect(error([0, 0], weights: [0, 0]) == .noVotes)
    #expect(error([0], classes: ["a"]) == .oneClass("a"))
    #expect(error([0]) == nil)
  }

  /// An item with 10000 votes neither underflows nor takes too long.
  @Test func manyVotesOnAnItem() throws {
    var list: [VoteFixture.Vote] = (0..<10_000).map { (0, $0 % 50, $0 % 50 % 3 == 0 ? 1 : 0) }
    for annotator in 0..<50 {
      for item in 1..<4 { list.append((item, annotator, (annotator + item) % 10 == 0 ? 0 : 1)) }
    }
    let votes = try VoteFixture.votes(list, items: 4, annotators: 50, classes: 2)
    for method in [AggregationMethod.dawidSkene, .oneCoin, .pooled] {
      let result = Aggregation(votes, method)
      let model = try #require(result.model)
      #expect(model.logLikelihood.isFinite && model.logLikelihood < 0)
      #expect(result.predictedClass(ofItem: 0) == 0, "\(method)")
      #expect((1..<4).allSatisfy { result.predictedClass(ofItem: $0) == 1 }, "\(method)")
    }
  }

  /// With as many annotators as votes, annotators cannot be assessed, but aggregation works.
  @Test func annotatorsWithOneVoteEach() throws {
    let count = 20_000
    let list: [VoteFixture.Vote] = (0..<count).map {
      ($0 / 10, $0, $0 % 10 < 7 ? $0 / 10 % 2 : 1 - $0 / 10 % 2)
    }
    let votes = try VoteFixture.votes(list, items: count / 10, annotators: count, classes: 2)
    let result = Aggregation(
      votes, pseudoCounts: PseudoCounts(diagonal: 2, offDiagonal: 1))
    #expect(result.model?.hasConverged == true)
    #expect((0..<count / 10).allSatisfy { result.predictedClass(ofItem: $0) == $0 % 2 })
    #expect(result.annotators.allSatisfy { $0.flags == [.oneVote] })
    // Without pseudo-counts every vote may be explained by its annotator alone.
    let flat = Aggregation(votes)
    #expect(flat.labels.allSatisfy { $0.isFinite })
    #expect((flat.model?.logLikelihood ?? 0) <= 1e-9)
  }

  @Test func oneAnnotatorOrOneVoteAnItem() throws {
    let one = try VoteFixture.votes(
      [(0, 0, 0), (1, 0, 1), (2, 0, 1)], items: 3, annotators: 1, classes: 2)
    let single = Aggregation(one)
    #expect(single.warnings.contains(.fewVotes(most: 1)))
    #expect(single.labels.allSatisfy { $0.isFinite })
    // The likelihood is at most that of the shares of the votes.
    let shares = Aggregation(one, .shares).classPrior
    let best = 2 * Double.log(shares[1]) + Double.log(shares[0])
    #expect(((single.model?.logLikelihood ?? 0) - best).magnitude < 1e-9)
  }

  @Test func aClassNobodyVotedFor() throws {
    let (list, _) = VoteFixture.simulated(
      items: 80, accuracies: [0.8, 0.9, 0.7], classes: 2, seed: 1)
    let two = Aggregation(try VoteFixture.votes(list, items: 80, annotators: 3, classes: 2))
    let three = Aggregation(try VoteFixture.votes(list, items: 80, annotators: 3, classes: 3))
    #expect(three.warnings == [.unvoted(["c2"])])
    #expect(three.classPrior[2] == 0)
    let values = [two, three].compactMap(\.model?.logLikelihood)
    #expect((values[0] - values[1]).magnitude < 1e-8)
  }

  /// Items without votes do not contribute to the likelihood, and get the prior.
  @Test func itemsWithoutVotes() throws {
    let (list, _) = VoteFixture.simulated(
      items: 50, accuracies: [0.8, 0.9, 0.7], classes: 2, seed: 2)
    let without = Aggregation(try VoteFixture.votes(list, items: 50, annotators: 3, classes: 2))
    let with = Aggregation(try VoteFixture.votes(list, items: 53, annotators: 3, classes: 2))
    #expect(with.model?.logLikelihood == without.model?.logLikelihood)
    #expect(with.bic == without.bic)
    #expect(vectorDistance(Array(with.labels(ofItem: 52)), with.classPrior) < 1e-12)
    #expect(with.evidence(ofItem: 52) == [1, 1])
    #expect(with.warnings.contains(.withoutVotes(items: 3)))
  }

  /// Compares the matching with all assignments.
  @Test func matching() {
    var generator = SplitMix64(seed: 12)
    for classCount in 2...5 {
      for _ in 0..<20 {
        let counts = (0..<classCount * classCount).map { _ in
          Double(generator.index(below: 50))
        }
        let found = ClassMatching(counts: counts, classCount: classCount)
        // One matrix, label by label: the transpose of that in the matching.
        func total(_ order: [Int]) -> Double {
          order.enumerated().reduce(0) { $0 + counts[$1.0 * classCount + $1.1] }
        }
        let best = permutations(classCount).map(total).max()
        #expect(Set(found.classOfLabel).count == classCount)
        #expect(total(found.classOfLabel) == best)
      }
    }
  }

  private func permutations(_ count: Int) -> [[Int]] {
    if count == 0 { return [[]] }
    return permutations(count - 1).flatMap { rest in
      (0...rest.count).map { place in
        var longer = rest
        longer.insert(count - 1, at: place)
        return longer
      }
    }
  }
}
