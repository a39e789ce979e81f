import RealModule
import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// The method `hierarchical` against enumeration of all classes of all items
/// (`hierarchical_votes.py`).
@Suite struct HierarchicalReferenceTests {
  private static let cases = ["plain", "weighted", "repeated", "fractional"]

  private static func data(
    _ name: String
  ) throws -> (votes: Votes, gold: [Int32], reference: ReferenceValue) {
    let reference = try ReferenceValue(ofTests: "hierarchical_votes.json")[name]
    let rows = reference["votes"].array.map(\.numbers)
    let votes = try VoteFixture.votes(
      rows.map { (Int($0[0]), Int($0[1]), Int($0[2])) }, items: 8, annotators: 4, classes: 3,
      weights: rows.map { $0[3] })
    return (votes, reference["gold"].numbers.map { Int32($0) }, reference)
  }

  private static func flat(_ value: ReferenceValue) -> [Double] {
    value.array.flatMap(\.numbers)
  }

  /// The bound at given posteriors, common matrix and concentration.
  @Test(arguments: cases) func valueAtAPoint(_ name: String) throws {
    let (votes, gold, reference) = try Self.data(name)
    let point = reference["point"]
    let bound = CollapsedBound(votes, gold: gold, reducer: .one)
    let posterior = Self.flat(point["posterior"])
    let prior = ConfusionPrior(
      rows: Self.flat(point["common"]), dispersion: 1 / point["concentration"].number,
      classCount: 3)
    let value =
      bound.classes(of: posterior).value + prior.value(bound.totals(of: posterior).tails)
    #expect((value - point["value"].number).magnitude < 1e-11)
  }

  @Test(arguments: cases) func maximum(_ name: String) throws {
    let (votes, gold, reference) = try Self.data(name)
    let expected = reference["maximum"]
    let result = try Aggregation(
      votes, options: AggregationOptions(method: .hierarchical, restarts: 0), gold: gold,
      reducer: .one)
    let model = try #require(result.model)
    let hierarchy = try #require(model.hierarchy)
    #expect(model.hasConverged)
    #expect((model.logLikelihood - expected["value"].number).magnitude < 1e-9)
    #expect(vectorDistance(result.labels, Self.flat(expected["posterior"])) < 1e-4)
    #expect(vectorDistance(model.classPrior, expected["class_prior"].numbers) < 1e-4)
    #expect(vectorDistance(hierarchy.commonConfusion, Self.flat(expected["common"])) < 1e-4)
    let concentration = expected["concentration"].number
    #expect((hierarchy.concentration / concentration - 1).magnitude < 1e-3)
    // A bound, and close to the marginal likelihood of so few votes. Weights that are not whole
    // have no likelihood of their own to be compared with.
    if name != "fractional" {
      let gap = expected["marginal"].number - model.logLikelihood
      #expect(gap > -1e-9 && gap < 0.01)
      let exact = Self.flat(expected["exact_posterior"])
      #expect(zip(result.labels, exact).allSatisfy { ($0 - $1).magnitude < 0.02 })
    }
    #expect(result.aic == nil && result.bic == nil)
  }
}
