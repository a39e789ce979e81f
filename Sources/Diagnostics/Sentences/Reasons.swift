import SurprisalCalibration
import SurprisalEstimation
import SurprisalTables

extension CovarianceReason {
  /// The reason as a clause.
  public var sentence: String {
    switch self {
    case .notRequested: "standard errors were not requested"
    case .requested: "as requested"
    case .dependentRows(let column): "rows with the same \(column) may be dependent"
    case .importanceWeights: "importance weights are not repetitions of rows"
    case .quasiLikelihood: "labels that are proportions have only a quasi-likelihood"
    case .robustToDensity: "valid even if the labels do not follow the assumed density"
    case .assumedDensity: "assuming that the labels follow the density"
    case .informationOfShares:
      "as requested; valid only if each label is an observed class"
    case .posterior: "posterior standard deviations (Laplace), which include the prior"
    case .jeffreys: "at the mode under Jeffreys' prior, as for Firth's method"
    case .marginalLikelihood: "from the marginal likelihood of the observations"
    case .likelihood: "the labels have a likelihood"
    case .biasedByPrior(let reason):
      reason.sentence + "; estimates are biased by the prior, which the errors do not include"
    case .fewClusters(let reason):
      reason.sentence + "; with so few clusters the errors tend to be too small"
    case .absorbed(let reason):
      reason.sentence + "; coefficients of the clusters themselves have no such errors"
    case .fewUnits(let reason):
      reason.sentence + "; with fewer than five units per coefficient the errors tend to be too "
        + "small"
    default: absence
    }
  }

  /// The reason why there are no standard errors.
  private var absence: String {
    switch self {
    case .noInformationOfImportanceWeights:
      "importance weights are not repetitions of rows: the information does not measure the "
        + "uncertainty of the estimates; use the sandwich, or --frequency"
    case .network: "a network has no coefficients: its units can be permuted without changing it"
    case .isotonic: "isotonic regression has no parameters in the usual sense"
    case .notConverged: "the fit did not converge"
    case .boundary:
      "a parameter of the likelihood is at its boundary, so the normal approximation is not valid"
    case .size(let count, let bytes):
      "\(count) parameters need matrices of \(Int((bytes / 1e9).rounded())) GB in total"
    case .memory(let count, let bytes):
      "the covariance of \(count) parameters needs about \(byteText(bytes)) of memory"
    case .work(let count):
      "the matrix of \(count) parameters takes long; request it with --std-errors information "
        + "or sandwich"
    case .noFiniteCoefficient: "no coefficient has a finite estimate"
    case .noCoefficients: "there are no coefficients"
    case .singular:
      "rounding leaves no digits of the information matrix at the solution: columns are nearly "
        + "dependent, values of one column differ too much in size, or classes are nearly separated"
    case .noDigits:
      "rounding leaves no digits of them: columns are nearly dependent, or values of one column "
        + "differ too much in size"
    case .undecidedSeparation: "rounding decides which coefficients are infinite"
    case .separationNotExhausted:
      "the data are separated, and it is not proved which coefficients are finite"
    case .separationNotConverged:
      "the data are separated, and the finite part of the fit did not converge"
    case .clusterMismatch: "the clusters do not match the rows of the data"
    case .singleUnit: "the sandwich needs two independent units; there is one"
    case .noResiduals(let rank, let units):
      "\(rank) coefficients per class for \(Int(exactly: units.rounded()) ?? .max) "
        + "independent units, too few for a sandwich: "
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
    case .rankUnexamined: "the rank of sparse features of this size was not determined"
    case .importanceWeights: "with importance weights it is a weighted quasi-likelihood"
    case .quasiLikelihood:
      "labels that are proportions have no likelihood (only a quasi-likelihood)"
    case .notConverged: "the maximum was not reached"
    case .unknownFreedom: "the number of free parameters is not known"
    case .clusters:
      "rows in a cluster may be dependent, so the sum of their log-densities is not a "
        + "log-likelihood"
    case .dispersion: "errors with a dispersion are those of a quasi-likelihood"
    case .network:
      "the number of parameters of a network does not measure its degrees of freedom"
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
      "labels that are proportions, or have importance weights, have no likelihood ratio"
    case .fewRows: "there are fewer than two rows per parameter"
    case .prior: "with a prior the estimates are shrunk towards the identity"
    case .notConverged: "the fit did not converge"
    case .covariance(let reason): reason.sentence
    case .isotonic: "isotonic regression has no parameters to test"
    case .recorded(let text): text
    }
  }
}
