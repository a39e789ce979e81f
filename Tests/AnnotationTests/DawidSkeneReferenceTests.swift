import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// Published data compared with the results of another program.
@Suite struct DawidSkeneReferenceTests {
  private static let known = "reference/dawid_skene_dawid_skene_1979.json"

  @Test func anesthetistsFromShares() throws {
    let reference = try ReferenceValue(shared: Self.known)
    let votes = try VoteFixture.shared("dawid_skene_1979.csv")
    let result = Aggregation(votes)
    let model = try #require(result.model)
    #expect((model.logLikelihood - reference["loglik"].number).magnitude < 1e-8)
    #expect(vectorDistance(model.classPrior, reference["class_priors"].numbers) < 1e-7)
    for (item, name) in votes.itemNames.enumerated() {
      let expected = reference["posterior"][name].numbers
      for (p, q) in zip(result.labels(ofItem: item), expected) {
        #expect((p - q).magnitude < 1e-6, "item \(name)")
      }
    }
    for annotator in result.annotators {
      let expected = reference["confusion"][annotator.name].array.flatMap(\.numbers)
      #expect(annotator.confusion.count == expected.count)
      for (p, q) in zip(annotator.confusion, expected) {
        #expect(q.isNaN ? p.isNaN : (p - q).magnitude < 1e-6, "annotator \(annotator.name)")
      }
    }
  }

  @Test func bothOptimaAreListed() throws {
    let reference = try ReferenceValue(shared: Self.known)
    let result = Aggregation(
      try VoteFixture.shared("dawid_skene_1979.csv"), options: AggregationOptions(),
      reducer: ThreadCount(2))
    let model = try #require(result.model)
    let best = reference["best_loglik_found"].number
    #expect((model.logLikelihood - best).magnitude < 1e-8)
    #expect(
      vectorDistance(model.classPrior.sorted(), reference["best_class_priors"].numbers.sorted())
        < 1e-6)
    #expect(!model.isSwitched)
    for value in [best, reference["loglik"].number] {
      #expect(model.optima.contains { ($0.logLikelihood - value).magnitude < 1e-6 })
    }
    #expect(model.optima.first { $0.isFromShares }?.value ?? 0 < model.value)
    #expect(result.warnings.contains { if case .otherMaximum = $0 { true } else { false } })
    #expect(model.optima.reduce(0) { $0 + $1.starts } == 41)
  }

  @Test func textualEntailment() throws {
    let reference = try ReferenceValue(shared: "reference/dawid_skene_rte.json")
    let votes = try VoteFixture.shared("rte.csv")
    let result = Aggregation(votes)
    let model = try #require(result.model)
    #expect((model.logLikelihood - reference["loglik"].number).magnitude < 1e-8)
    #expect(vectorDistance(model.classPrior, reference["class_priors"].numbers) < 1e-7)
    let url = try #require(SharedData.url("reference/dawid_skene_rte.posterior.csv"))
    let table = try SharedTable(contentsOf: url)
    let posterior = Dictionary(uniqueKeysWithValues: table.cells.map { ($0[0], $0) })
    for (item, name) in votes.itemNames.enumerated() {
      let row = try #require(posterior[name])
      for k in 0..<2 {
        let expected = try #require(Double(row[k + 1]))
        #expect((result.labels[item * 2 + k] - expected).magnitude < 1e-6, "item \(name)")
      }
    }
  }

  /// With and without pseudo-counts, from the shares of the votes.
  @Test(arguments: [0.0, 1.0]) func simulatedVotes(pseudoCount: Double) throws {
    let reference = try ReferenceValue(shared: "reference/evidence_votes_sim.json")[
      pseudoCount == 0 ? "dawid_skene" : "dawid_skene_pseudo1"]
    let votes = try VoteFixture.shared("votes_sim.csv")
    let result = Aggregation(
      votes, pseudoCounts: PseudoCounts(diagonal: pseudoCount, offDiagonal: pseudoCount))
    let model = try #require(result.model)
    let key = pseudoCount == 0 ? "log_likelihood" : "log_posterior_kernel"
    #expect((model.value - reference[key].number).magnitude < 1e-8)
    #expect(vectorDistance(model.classPrior, reference["class_prior"].numbers) < 1e-6)
    for annotator in result.annotators {
      let place = try #require(Int(annotator.name.dropFirst())) - 1
      let expected = reference["confusion"].array[place].array.flatMap(\.numbers)
      for (p, q) in zip(annotator.confusion, expected) {
        #expect((p - q).magnitude < 1e-6, "annotator \(annotator.name)")
      }
    }
  }
}
