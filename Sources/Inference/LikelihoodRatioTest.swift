import SurprisalEstimation
import SurprisalModels
import SurprisalProbability

/// The likelihood ratio test of a fit against a larger one that contains it: twice the difference of
/// the log-likelihoods against chi-square (Wilks, doi:10.1214/aoms/1177732360).
public struct LikelihoodRatioTest: Sendable, Equatable {
  /// `2 (ℓ₁ - ℓ₀)`, in nats.
  public let statistic: Double
  /// How many parameters the larger fit has in addition.
  public let degreesOfFreedom: Int
  /// The probability of a larger statistic if the smaller model is true.
  public let pValue: Double

  /// Why there is no such test.
  public enum Refusal: Error, Sendable, Equatable {
    /// One of the fits has no likelihood, or does not maximise it, for this reason.
    case noLikelihood(reason: String)
    /// The fits do not have the same likelihood and the same data.
    case otherData
    /// The fit given as the larger one is not larger, or fits worse.
    case notNested
  }

  /// Compares two fits of the same rows. That the columns of the smaller model are contained in those
  /// of the larger one is for the caller to see to. Complexity: O(1).
  public init<L: Likelihood>(
    of smaller: Fit<AffineLogits, L, FlatPrior>, against larger: Fit<AffineLogits, L, FlatPrior>
  ) throws(Refusal) {
    for fit in [smaller, larger] {
      if case .unavailable(let reason) = fit.statistics.criteria {
        throw .noLikelihood(reason: reason)
      }
      if fit.likelihood.isQuasiLikelihood(of: fit.objective.observations) {
        throw .noLikelihood(reason: "shares of one observation have a quasi-likelihood")
      }
    }
    let (first, second) = (smaller.statistics, larger.statistics)
    guard smaller.likelihood.name == larger.likelihood.name, first.rowCount == second.rowCount,
      first.totalWeight == second.totalWeight,
      first.logLikelihoodConstant == second.logLikelihoodConstant
    else { throw .otherData }
    let freedom = (second.degreesOfFreedom ?? 0) - (first.degreesOfFreedom ?? 0)
    let difference = 2 * (second.logLikelihood - first.logLikelihood)
    guard freedom > 0, difference > -1e-6 else { throw .notNested }
    statistic = max(0, difference)
    degreesOfFreedom = freedom
    pValue = ChiSquared.upperTail(statistic, freedom: freedom)
  }
}
