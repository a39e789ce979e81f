import SurprisalCalibration
import SurprisalEstimation
import SurprisalTables

extension CovarianceReason {
  /// The reason as a clause.
  public var sentence: String {
    switch self {
    case .notRequested: "standard errors were not asked for"
    case .requested: "as asked for"
    case .dependentRows(let column): "rows of one \(column) may depend on one another"
    case .importanceWeights: "importance weights are no repetitions of rows"
    case .quasiLikelihood: "labels that are shares have no likelihood in this reading"
    case .robustToDensity: "right even if the labels do not follow the assumed density"
    case .assumedDensity: "assuming that the labels follow the density"
    case .informationOfShares:
      "as asked for; right only if each label is a class that was observed"
    case .posterior: "posterior standard deviations (Laplace): the prior is part of the answer"
    case .jeffreys: "at the mode under Jeffreys' prior, as for Firth's method"
    case .marginalLikelihood: "of the marginal likelihood of what was seen"
    case .likelihood: "the labels have a likelihood"
    case .biasedByPrior(let reason):
      reason.sentence + "; estimates are biased by the prior, and the errors do not show it"
    case .fewClusters(let reason):
      reason.sentence + "; with so few clusters the errors tend to be too small"
    case .absorbed(let reason):
      reason.sentence + "; coefficients of the clusters themselves have no such errors"
    case .fewUnits(let reason):
      reason.sentence + "; fewer than five units a coefficient, the errors tend to be too small"
    default: absence
    }
  }

  /// Why there are no standard errors.
  private var absence: String {
    switch self {
    case .noInformationOfImportanceWeights:
      "importance weights are no repetitions of rows: the information does not say how "
        + "uncertain the estimates are; ask for the sandwich, or use --frequency"
    case .network: "a network has no coefficients: its units can be exchanged without changing it"
    case .isotonic: "isotonic regression has no parameters in the usual sense"
    case .notConverged: "the fit did not converge"
    case .boundary:
      "a parameter of the likelihood is at its boundary, where no normal approximation holds"
    case .size(let count, let bytes):
      "\(count) parameters need matrices of \(Int((bytes / 1e9).rounded())) GB together"
    case .memory(let count, let bytes):
      "the covariance of \(count) parameters needs about \(byteText(bytes)) of memory"
    case .work(let count):
      "the matrix of \(count) parameters takes long; --std-errors information or "
        + "sandwich asks for it"
    case .noFiniteCoefficient: "every coefficient is infinite or has no finite part"
    case .noCoefficients: "there are no coefficients"
    case .singular:
      "rounding leaves no digits of the information matrix at the solution: columns are nearly "
        + "dependent, values of one column differ too much in size, or classes are nearly separated"
    case .undecidedSeparation: "rounding decides which coefficients are infinite"
    case .separationNotExhausted:
      "the data are separated, and it is not proven which coefficients are finite"
    case .separationNotConverged:
      "the data are separated, and the finite part of the fit did not converge"
    case .clusterMismatch: "the clusters are not those of the rows of the data"
    case .singleUnit: "the sandwich needs two independent units; there is one"
    case .noResiduals(let rank, let units):
      "\(rank) coefficients a class for \(Int(exactly: units.rounded()) ?? .max) "
        + "independent units: the fit follows the labels and leaves no residuals to judge it by; "
        + "use fewer features, or a prior (--l2 LAMBDA)"
    case .noDispersion:
      "the dispersion is that of votes under the multinomial likelihood, without weights and "
        + "without a prior"
    case .noDispersionFreedom:
      "there are no degrees of freedom, or no residuals, to estimate the dispersion from"
    case .recorded(let text): text
    default: ""
    }
  }
}

extension CriteriaReason {
  /// Why a fit has neither AIC nor BIC, as a clause.
  public var sentence: String {
    switch self {
    case .prior: "with a prior the fit does not maximise the likelihood"
    case .rankUnexamined: "the rank of sparse features of this size is not examined"
    case .importanceWeights: "importance weights make it a weighted quasi-likelihood"
    case .quasiLikelihood:
      "labels that are shares have no likelihood in this reading (it is a quasi-likelihood)"
    case .notConverged: "the maximum was not reached"
    case .unknownFreedom: "the number of free parameters is not known"
    case .clusters:
      "rows of one cluster may depend on one another, so their log-densities do not add up to a "
        + "log-likelihood"
    case .dispersion: "errors with a dispersion are those of a quasi-likelihood"
    case .network:
      "a network's parameters are many optima that predict alike: their number is no "
        + "measure of its freedom"
    case .recorded(let text): text
    }
  }
}

extension CalibrationTestReason {
  /// The reason as a clause.
  public var sentence: String {
    switch self {
    case .likelihood: "the labels have a likelihood"
    case .quasiLikelihood:
      "labels that are shares, or weighted by importance, have no likelihood ratio"
    case .fewRows: "there are fewer than two rows a parameter"
    case .prior: "with a prior the estimates are drawn towards the identity"
    case .notConverged: "the fit did not converge"
    case .covariance(let reason): reason.sentence
    case .isotonic: "isotonic regression has no parameters to test"
    case .recorded(let text): text
    }
  }
}
