import SurprisalEstimation
import SurprisalModels
import SurprisalProbability

/// Which standard errors a fit gets, and why, or why none.
///
/// | labels, likelihood | flat prior | proper prior |
/// |---|---|---|
/// | a likelihood of classes, sets or counts | information | Laplace |
/// | a quasi-likelihood, or importance weights | sandwich | sandwich, bread with the prior |
/// | a density of points of the simplex | sandwich | Laplace |
package enum ErrorPlan: Equatable {
  case errors(FitRecord.ErrorKind, reason: String)
  case none(reason: String)

  /// What the rules look at.
  package struct Situation {
    /// Minus the objective is no log-density: the labels are shares of one observation.
    var isQuasi: Bool
    /// The labels are points of the simplex and the likelihood is their density.
    var assumesDensity: Bool
    /// The likelihood is that of what was seen, other things being summed out.
    var isMarginal: Bool
    var hasImportanceWeights: Bool
    var isProper: Bool
    /// Whether there is the penalty of Jeffreys, which is a correction of the likelihood.
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
    case .none: self = .none(reason: "standard errors were not asked for")
    case .automatic: self = Self.automatic(situation)
    case .information: self = Self.information(situation)
    case .sandwich:
      self = .errors(.sandwich, reason: "as asked for" + Self.bias(situation))
    case .cluster(let clusters):
      self = .errors(
        .cluster,
        reason: "rows of one \(clusters.name) may depend on one another" + Self.bias(situation))
    }
  }

  private static func automatic(_ situation: Situation) -> ErrorPlan {
    if situation.hasImportanceWeights {
      return .errors(
        .sandwich, reason: "importance weights are no repetitions of rows" + bias(situation))
    }
    if situation.isQuasi {
      return .errors(
        .sandwich,
        reason: "labels that are shares have no likelihood in this reading"
          + bias(situation))
    }
    if situation.isProper { return laplace }
    if situation.assumesDensity {
      return .errors(
        .sandwich, reason: "right even if the labels do not follow the assumed density")
    }
    return .errors(.information, reason: likelihoodReason(situation))
  }

  private static func information(_ situation: Situation) -> ErrorPlan {
    if situation.hasImportanceWeights {
      return .none(
        reason: "importance weights are no repetitions of rows: the information does not say how "
          + "uncertain the estimates are; ask for the sandwich, or use --frequency")
    }
    if situation.isProper { return laplace }
    if situation.isQuasi {
      return .errors(
        .information,
        reason: "as asked for; WRONG unless each label's shares are a belief about one draw")
    }
    if situation.assumesDensity {
      return .errors(.information, reason: "assuming that the labels follow the density")
    }
    return .errors(.information, reason: likelihoodReason(situation))
  }

  private static var laplace: ErrorPlan {
    .errors(
      .laplace, reason: "posterior standard deviations (Laplace): the prior is part of the answer")
  }

  private static func likelihoodReason(_ situation: Situation) -> String {
    if situation.isJeffreys { return "at the mode under Jeffreys' prior, as for Firth's method" }
    return likelihoodPhrase(situation)
  }

  private static func likelihoodPhrase(_ situation: Situation) -> String {
    situation.isMarginal
      ? "of the marginal likelihood of what was seen" : "the labels have a likelihood"
  }

  private static func bias(_ situation: Situation) -> String {
    situation.isProper ? "; estimates are biased by the prior, and the errors do not show it" : ""
  }
}

extension ErrorPlan {
  init<L: Likelihood, P: Prior>(
    _ choice: StandardErrorChoice, for fit: Fit<AffineLogits, L, P>
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
