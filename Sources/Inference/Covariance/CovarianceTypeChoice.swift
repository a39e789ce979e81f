import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalProbability

/// The type of the standard errors of a fit and the reason for it, or the reason for having none.
///
/// | labels, likelihood | flat prior | proper prior |
/// |---|---|---|
/// | a likelihood of classes, sets or counts | information | Laplace |
/// | a quasi-likelihood, or importance weights | sandwich | sandwich, bread with the prior |
/// | a density of points of the simplex | sandwich | Laplace |
package enum CovarianceTypeChoice: Equatable {
  case errors(CovarianceType, reason: CovarianceReason)
  case none(reason: CovarianceReason)

  /// The inputs of the rules.
  package struct Situation {
    /// Whether minus the objective is not a log-density: the labels are shares of one observation.
    var isQuasi: Bool
    /// Whether the labels are points of the simplex and the likelihood is their density.
    var assumesDensity: Bool
    /// Whether the likelihood is marginal: that of the observed data, summed over unobserved
    /// variables.
    var isMarginal: Bool
    var hasImportanceWeights: Bool
    var isProper: Bool
    /// Whether Jeffreys' penalty is used, which is a correction of the likelihood.
    var isJeffreys = false

    package init(
      isQuasi: Bool, assumesDensity: Bool, isMarginal: Bool, hasImportanceWeights: Bool,
      isProper: Bool, isJeffreys: Bool = false
    ) {
      self.isQuasi = isQuasi
      self.assumesDensity = assumesDensity
      self.isMarginal = isMarginal
      self.hasImportanceWeights = hasImportanceWeights
      self.isProper = isProper
      self.isJeffreys = isJeffreys
    }
  }

  package init(_ choice: StandardErrorChoice, in situation: Situation) {
    switch choice {
    case .none: self = .none(reason: .notRequested)
    case .automatic: self = Self.automatic(situation)
    case .information: self = Self.information(situation)
    case .sandwich: self = .errors(.sandwich, reason: Self.biased(.requested, situation))
    case .quasi: self = .errors(.quasi, reason: .requested)
    case .cluster(let clusters):
      self = .errors(
        .cluster, reason: Self.biased(.dependentRows(column: clusters.name), situation))
    }
  }

  private static func automatic(_ situation: Situation) -> CovarianceTypeChoice {
    if situation.hasImportanceWeights {
      return .errors(.sandwich, reason: biased(.importanceWeights, situation))
    }
    if situation.isQuasi { return .errors(.sandwich, reason: biased(.quasiLikelihood, situation)) }
    if situation.isProper { return .errors(.laplace, reason: .posterior) }
    if situation.assumesDensity { return .errors(.sandwich, reason: .robustToDensity) }
    return .errors(.information, reason: likelihoodReason(situation))
  }

  private static func information(_ situation: Situation) -> CovarianceTypeChoice {
    if situation.hasImportanceWeights { return .none(reason: .noInformationOfImportanceWeights) }
    if situation.isProper { return .errors(.laplace, reason: .posterior) }
    if situation.isQuasi { return .errors(.information, reason: .informationOfShares) }
    if situation.assumesDensity { return .errors(.information, reason: .assumedDensity) }
    return .errors(.information, reason: likelihoodReason(situation))
  }

  private static func likelihoodReason(_ situation: Situation) -> CovarianceReason {
    if situation.isJeffreys { return .jeffreys }
    return situation.isMarginal ? .marginalLikelihood : .likelihood
  }

  private static func biased(
    _ reason: CovarianceReason, _ situation: Situation
  ) -> CovarianceReason {
    situation.isProper ? .biasedByPrior(reason) : reason
  }
}

extension CovarianceTypeChoice {
  init<L: Likelihood, P: Prior>(
    _ choice: StandardErrorChoice, for fit: Fit<LinearPredictor, L, P>
  ) {
    let isQuasi = fit.likelihood.isQuasiLikelihood(of: fit.objective.responses)
    self.init(
      choice,
      in: Situation(
        isQuasi: isQuasi, assumesDensity: !isQuasi && fit.labelKind == .probabilities,
        isMarginal: !fit.likelihood.definesExpectedInformation || !fit.likelihood.isLogConcave,
        hasImportanceWeights: fit.weighting == .importance, isProper: fit.prior.isProper,
        isJeffreys: fit.informationPenalty == .jeffreys))
  }
}

/// The requested standard errors.
public enum StandardErrorChoice: Sendable, Equatable {
  /// Those suited to the labels, the likelihood, the weights and the prior.
  case automatic
  /// From the inverse of the observed information.
  case information
  /// Robust.
  case sandwich
  /// From the information, times the root of the dispersion of votes.
  case quasi
  /// Robust, with rows dependent within clusters; one cluster number per row of the data set.
  case cluster(Clusters)
  /// None.
  case none
}
