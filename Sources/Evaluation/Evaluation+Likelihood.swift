import RealModule
import SurprisalDatasets
import SurprisalProbability

/// Spiegelhalter's test that the predictions are calibrated.
public struct SpiegelhalterTest: Sendable, Equatable {
  /// The Brier score minus its expectation under the predictions, divided by its standard deviation
  /// under them: standard normal if the predictions are true and observations independent. Positive
  /// if predictions are overconfident.
  public let z: Double
  /// The two-sided p-value.
  public let pValue: Double
}

extension Evaluation {
  /// Whether labels are observations: classes or votes.
  var hasObservations: Bool { [.classes, .counts].contains(labels.kind) }

  /// Pearson's X² of votes, `Σ n Σ (p - q)² / q`; infinite if a class with predicted probability
  /// zero has votes, nil for other labels and for importance weights.
  public var pearsonStatistic: Double? {
    if case .importance = weights { return nil }
    guard labels.kind == .counts else { return nil }
    return weightedSums(count: 1) { block, offset, weight, sums in
      for entry in block.entries(ofRowAt: offset) {
        let (p, q) = (block.labels[entry], block.probabilities[entry])
        if p != q { sums[0] += weight * (p - q) * (p - q) / q }
      }
    }[0]
  }

  /// Spiegelhalter's z for any number of classes; nil if labels are not observations, or if every
  /// prediction is 0 or 1.
  ///
  /// The Brier score of an observation, 1 - 2 q_y + |q|², has the mean 1 - |q|² and the variance 4
  /// (Σ q³ - |q|⁴) under q. For two classes: Spiegelhalter, doi:10.1002/sim.4780050506.
  public func spiegelhalterTest() -> SpiegelhalterTest? {
    guard hasObservations else { return nil }
    let sums = pairs.sums(count: 2) { block, sums in
      for (offset, row) in block.rows.enumerated() where masses.observations[row] > 0 {
        var (hit, square, cube) = (0.0, 0.0, 0.0)
        for entry in block.entries(ofRowAt: offset) {
          let q = block.probabilities[entry]
          hit += block.labels[entry] * q
          square += q * q
          cube += q * q * q
        }
        let mass = masses.unitMasses[row]
        sums[0] += masses.observations[row] * 2 * (square - hit)
        sums[1] +=
          masses.multiplicities[row] * mass * mass / labels.multiplicity(ofRow: row) * 4
          * max(0, cube - square * square)
      }
    }
    guard sums[1] > 0 else { return nil }
    let z = sums[0] / sums[1].squareRoot()
    return SpiegelhalterTest(z: z, pValue: StandardNormal.twoSidedTail(z))
  }

  /// Nagelkerke's R² of the likelihood of the observations: `(1 - (L0/L)^(2/W)) / (1 - L0^(2/W))`,
  /// with L0 the likelihood of the mean label of these rows. 1 for certain and correct predictions,
  /// 0 for the null model. Nil if labels are not observations, or if the null model is certain.
  /// Reference: Nagelkerke, doi:10.1093/biomet/78.3.691.
  public func nagelkerke(null: Evaluation) -> Double? {
    guard hasObservations, null.crossEntropy > 0 else { return nil }
    return Double.expMinusOne(2 * (crossEntropy - null.crossEntropy))
      / Double.expMinusOne(-2 * null.crossEntropy)
  }

  /// 1 - Brier / Brier of the null model; nil if the latter is zero.
  public func brierSkill(null: Evaluation) -> Double? {
    null.brier > 0 ? 1 - brier / null.brier : nil
  }

  /// 1 - RPS / RPS of the null model, for classes in their natural order; nil if the latter is
  /// zero.
  public func rankedProbabilitySkill(null: Evaluation) -> Double? {
    let scale = null.rankedProbabilityScore().score
    return scale > 0 ? 1 - rankedProbabilityScore().score / scale : nil
  }
}
