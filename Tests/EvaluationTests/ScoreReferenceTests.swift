import SurprisalDatasets
import SurprisalEvaluation
import SurprisalProbability
import TestSupport
import Testing

/// Compares with scikit-learn, statsmodels and scipy: Tests/Reference/scores.py made the numbers.
@Suite struct ScoreReferenceTests {
  private static let cases = (try? ReferenceValue(ofTests: "scores.json").array) ?? []

  private func evaluation(_ tested: ReferenceValue) throws -> Evaluation {
    let labels =
      try tested["kind"].text == "counts"
      ? counts(tested["labels"].rows)
      : hard(tested["labels"].integers, of: tested["classes"].integer)
    let weights: RowWeights =
      try tested["weights"].exists ? .frequency(checking: tested["weights"].numbers) : .uniform
    return try Evaluation(
      of: try probabilities(tested["predictions"].rows), against: labels, weights: weights)
  }

  @Test func thereAreCases() { #expect(Self.cases.count == 6) }

  @Test(arguments: cases) func scores(_ tested: ReferenceValue) throws {
    let (found, expected) = (try evaluation(tested), tested["expected"])
    let (null, matrix, order) = (found.null, found.confusionMatrix(), found.discrimination())
    let scores: [(String, Double?)] = [
      ("auc", order.auc), ("tjur_r2", order.tjur), ("kappa", matrix.kappa),
      ("mcc", matrix.matthews), ("nagelkerke_r2", found.nagelkerke(null: null)),
      ("brier_skill", found.brierSkill(null: null)),
      ("rps_skill", found.rankedProbabilitySkill(null: null)),
      ("spiegelhalter_z", found.spiegelhalterTest()?.z),
    ]
    for (key, value) in scores {
      try expectClose(#require(value), expected[key], key, tolerance: 1e-11)
    }
  }

  @Test(arguments: cases) func calibrationLine(_ tested: ReferenceValue) throws {
    let clusters = tested["clusters"].exists ? tested["clusters"].integers : nil
    let found = try #require(try evaluation(tested).calibrationLine(clusters: clusters))
    let expected = tested["expected"]
    try expectClose(found.slope.estimate, expected["slope"], "slope", tolerance: 1e-8)
    try expectClose(
      #require(found.slope.standardError), expected["slope_error"], "error", tolerance: 1e-8)
    for (index, value) in found.intercepts.enumerated() {
      let (estimate, error) = (
        expected["intercepts"].array[index], expected["intercept_errors"].array[index]
      )
      try expectClose(value.estimate, estimate, "intercept", tolerance: 1e-8)
      try expectClose(#require(value.standardError), error, "error", tolerance: 1e-8)
    }
  }

  @Test func whatIsNotDefinedIsNil() throws {
    let rows = [[0.6, 0.4], [0.3, 0.7], [0.8, 0.2]]
    let single = try Evaluation(of: try probabilities(rows), against: try hard([0, 0, 0], of: 2))
    #expect(single.discrimination().auc == nil && single.discrimination().tjur == nil)
    #expect(single.confusionMatrix().matthews == nil)
    #expect(single.brierSkill(null: single.null) == nil)
    #expect(single.nagelkerke(null: single.null) == nil)
    // All predictions are correct and separated: the slope is infinite.
    let apart = try Evaluation(of: try probabilities(rows), against: try hard([0, 1, 0], of: 2))
    #expect(try apart.calibrationLine() == nil && apart.discrimination().auc == 1)
    let zero = try Evaluation(
      of: try probabilities([[1, 0], [0.3, 0.7]]), against: try hard([0, 1], of: 2))
    #expect(try zero.calibrationLine() == nil)
    let shares = try Evaluation(of: try probabilities(rows), against: try soft(rows))
    #expect(shares.spiegelhalterTest() == nil && shares.nagelkerke(null: shares.null) == nil)
  }
}
