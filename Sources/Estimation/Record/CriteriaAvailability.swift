import RealModule

/// Which information criteria a fit has; the only place that decides this.
///
/// | labels, likelihood | flat prior | proper prior |
/// |---|---|---|
/// | a likelihood of classes, counts, sets or noisy labels | AIC, BIC | none |
/// | a density of points of the simplex | AIC, BIC, assuming the density | none |
/// | proportions, which have no likelihood (a quasi-likelihood) | none; TIC | none; TIC |
/// | importance weights, or counts whose rows have weight one | none; TIC | none; TIC |
/// | errors by clusters | none; TIC | none; TIC |
/// | errors times a dispersion | none | |
///
/// AIC is -2 ℓ + 2 k and BIC is -2 ℓ + k log W, with ℓ the full log-density, k the degrees of
/// freedom and W the number of observations: votes if rows are votes, the sum of frequencies,
/// otherwise rows. TIC, Takeuchi's criterion, is -2 ℓ + 2 tr(I⁻¹ J) with the information I and J =
/// Σ s s'; it needs standard errors and is stored with them (`UncertaintyRecord`). References:
/// Akaike, doi:10.1109/TAC.1974.1100705; Schwarz, doi:10.1214/aos/1176344136; Takeuchi, Suri Kagaku
/// 153 (1976).
package struct CriteriaAvailability {
  /// Whether the prior is flat, so that the fit maximises the likelihood.
  var isFlat: Bool
  /// Whether the rank of the features is known.
  var knowsRank: Bool
  /// Whether rows have importance weights.
  var hasImportanceWeights: Bool
  /// Whether ℓ is a quasi-likelihood and not a log-density of the labels.
  var isQuasi: Bool
  /// Whether the maximum was reached.
  var isConverged: Bool

  /// Why there are no criteria; nil if there are.
  var refusal: CriteriaReason? {
    if !isFlat { return .prior }
    if !knowsRank { return .rankUnexamined }
    if hasImportanceWeights { return .importanceWeights }
    if isQuasi { return .quasiLikelihood }
    return isConverged ? nil : .notConverged
  }

  /// AIC and BIC of a fit with `freedom` parameters and `observations` observations.
  func criteria(
    logLikelihood: Double, freedom: Int?, observations: Double
  ) -> FitStatistics.Criteria {
    if let refusal { return .unavailable(reason: refusal) }
    guard let freedom else {
      return .unavailable(reason: .unknownFreedom)
    }
    let count = Double(freedom)
    return .available(
      akaike: -2 * logLikelihood + 2 * count,
      bayesian: -2 * logLikelihood + count * Double.log(observations))
  }
}

/// Why a fit has neither AIC nor BIC. Diagnostics has the sentences.
public enum CriteriaReason: RecordedReason, Equatable {
  /// With a prior the fit does not maximise the likelihood.
  case prior
  /// The rank of sparse features of this size was not determined.
  case rankUnexamined
  /// With importance weights the objective is a weighted quasi-likelihood.
  case importanceWeights
  /// Labels that are proportions have no likelihood under this interpretation.
  case quasiLikelihood
  /// The maximum was not reached.
  case notConverged
  /// The number of free parameters is not known.
  case unknownFreedom
  /// Rows of one cluster may depend on one another.
  case clusters
  /// Errors that are scaled by a dispersion are those of a quasi-likelihood.
  case dispersion
  /// The number of a network's parameters does not measure its degrees of freedom.
  case network
  /// The text of a model file.
  case recorded(String)

  public var recordedSentence: String? {
    if case .recorded(let sentence) = self { sentence } else { nil }
  }
}
