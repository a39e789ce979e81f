import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// Compares standard errors with a reference, and the information with finite differences.
@Suite struct VoteUncertaintyTests {
  @Test func referenceErrors() throws {
    let reference = try ReferenceValue(shared: "reference/evidence_votes_sim.json")[
      "dawid_skene_pseudo1"]
    let result = Aggregation(
      try VoteFixture.shared("votes_sim.csv"),
      pseudoCounts: PseudoCounts(diagonal: 1, offDiagonal: 1))
    #expect(result.uncertainty?.kind == .joint)
    for annotator in result.annotators {
      let place = try #require(Int(annotator.name.dropFirst())) - 1
      let expected = reference["confusion_std_error"].array[place].array.flatMap(\.numbers)
      #expect(expected.count == 9)
      for (error, value) in zip(annotator.confusionErrors, expected) {
        #expect((error - value).magnitude < 1e-6, "annotator \(annotator.name)")
      }
    }
  }

  /// The matrix of second differences of a log-likelihood that shares no code with the module, in
  /// the log odds of `VoteParameters`.
  @Test(arguments: [AggregationMethod.dawidSkene, .oneCoin, .pooled])
  func informationIsTheCurvature(_ method: AggregationMethod) throws {
    let (list, _) = VoteFixture.simulated(
      items: 600, accuracies: [0.85, 0.7, 0.75, 0.8], classes: 2, seed: 21, share: 0.9)
    let weights = list.indices.map { $0 % 5 == 0 ? 2.0 : 1 }
    let repeated = list + [list[0], list[3]]
    let all = weights + [1, 1]
    let votes = try VoteFixture.votes(
      repeated, items: 600, annotators: 4, classes: 2, weights: all)
    let model = try #require(Aggregation(votes, method).model)
    let likelihood = VoteLikelihood(
      method == .pooled ? votes.pooled : votes, isOneCoin: method == .oneCoin,
      pseudoCounts: PseudoCounts(), reducer: .one)
    let point = VoteLikelihood.Parameters(prior: model.classPrior, table: model.table)
    let information = ObservedInformation(
      likelihood: likelihood, point: point, posterior: likelihood.posterior(at: point),
      counts: model.expectedVotes)
    let parameters = information.parameters
    let matrix = information.matrix()
    func value(_ shifts: [Int: Double]) -> Double {
      // With two classes a distribution has one log odds: that of the entry with a position.
      func moved(_ share: Double, _ shift: Double) -> Double {
        1 / (1 + (1 - share) / share * Double.exp(-shift))
      }
      var (prior, table) = (point.prior, point.table)
      for k in 0..<2 where shifts[parameters.prior[k]] != nil {
        prior[k] = moved(prior[k], shifts[parameters.prior[k]] ?? 0)
        prior[1 - k] = 1 - prior[k]
      }
      for entry in table.indices {
        guard let shift = shifts[parameters.table[entry]] else { continue }
        let share = moved(point.table[entry], shift)
        if method == .oneCoin {
          for other in 0..<4 { table[entry + other] = other % 3 == 0 ? share : 1 - share }
        } else {
          table[entry] = share
          table[entry ^ 2] = 1 - share
        }
      }
      return VoteFixture.logLikelihood(
        repeated, items: 600, classes: 2, prior: prior, table: table, weights: all,
        isPooled: method == .pooled)
    }
    let step = 1e-3
    #expect(parameters.count == (method == .oneCoin ? 5 : method == .pooled ? 3 : 9))
    for i in 0..<parameters.count {
      for j in 0...i {
        var corners: [Double] = []
        for (a, b) in [(1.0, 1.0), (1, -1), (-1, 1), (-1, -1)] {
          corners.append(value(i == j ? [i: (a + b) * step] : [i: a * step, j: b * step]))
        }
        let curvature = -(corners[0] - corners[1] - corners[2] + corners[3]) / (4 * step * step)
        #expect((curvature - matrix[i, j]).magnitude < 2e-3, "\(i), \(j)")
      }
    }
  }

  /// The variance of a row with all else fixed is at most that with all else estimated; if classes
  /// are nearly known, they are nearly equal.
  @Test(arguments: [AggregationMethod.dawidSkene, .oneCoin])
  func rowsAreSmaller(_ method: AggregationMethod) throws {
    for (accuracies, ratio) in [([0.97, 0.96, 0.95, 0.97, 0.98], 0.97), ([0.8, 0.7, 0.75], 0.0)] {
      let (list, _) = VoteFixture.simulated(
        items: 400, accuracies: accuracies, classes: 2, seed: 5)
      let votes = try VoteFixture.votes(
        list, items: 400, annotators: accuracies.count, classes: 2)
      let result = Aggregation(votes, method)
      let model = try #require(result.model)
      let likelihood = VoteLikelihood(
        votes, isOneCoin: method == .oneCoin, pseudoCounts: PseudoCounts(), reducer: .one)
      let rows = ObservedInformation(
        likelihood: likelihood,
        point: VoteLikelihood.Parameters(prior: model.classPrior, table: model.table),
        posterior: result.labels, counts: model.expectedVotes
      ).rows()
      let joint = try #require(result.uncertainty)
      for (small, large) in zip(rows.table, joint.table) where !large.isNaN {
        #expect(small <= large * (1 + 1e-9) && small >= ratio * large)
      }
    }
  }

  @Test func boundariesHaveNoErrors() throws {
    let result = Aggregation(try VoteFixture.shared("dawid_skene_1979.csv"))
    for annotator in result.annotators {
      for (share, error) in zip(annotator.confusion, annotator.confusionErrors) {
        if share.isNaN || share < 1e-8 { #expect(error.isNaN) }
        if share > 0.01, share < 0.99 { #expect(error > 0 && error < 1) }
      }
    }
  }
}
