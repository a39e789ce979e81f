import SurprisalProbability

/// The type of standard errors.
public enum CovarianceType: String, Sendable, Codable, CaseIterable {
  /// From the inverse of the observed information.
  case information
  /// Robust: bread times meat times bread.
  case sandwich
  /// Cluster-robust: as the sandwich, with scores summed within clusters first.
  case cluster
  /// Posterior standard deviations in the normal approximation at the mode.
  case laplace

  /// Whether the errors are valid without a likelihood.
  public var isRobust: Bool { self == .sandwich || self == .cluster }
}

/// The standard errors of a fit: their type, the reason for it, and the tests based on them.
public struct UncertaintyRecord: Sendable, Equatable {
  /// The type; nil if there are none.
  public var kind: CovarianceType?
  /// The reason for the type, or for the absence of standard errors.
  public var reason: CovarianceReason
  /// The number of independent units of a sandwich: rows, or clusters.
  public var unitCount: Double?
  /// The column that identifies the clusters.
  public var clusterColumn: String?
  /// Joint tests of coefficients.
  public var tests: [WaldTest]
  /// Takeuchi's criterion; nil if the errors are not robust.
  public var takeuchi: TakeuchiCriterion?

  /// Creates a record.
  public init(
    kind: CovarianceType?, reason: CovarianceReason, unitCount: Double? = nil,
    clusterColumn: String? = nil, tests: [WaldTest] = [], takeuchi: TakeuchiCriterion? = nil
  ) {
    self.kind = kind
    self.reason = reason
    self.unitCount = unitCount
    self.clusterColumn = clusterColumn
    self.tests = tests
    self.takeuchi = takeuchi
  }

  /// The degrees of freedom of Student's t, the reference distribution of estimates: G - 1 for G
  /// clusters; nil for the normal distribution.
  public var freedom: Double? { kind == .cluster ? unitCount.map { $0 - 1 } : nil }

  /// The reference distribution of estimates.
  package var distribution: WaldDistribution { WaldDistribution(freedom: freedom) }

  /// The record if no standard errors were requested.
  public static let notComputed = UncertaintyRecord(kind: nil, reason: .notRequested)
}

/// Takeuchi's information criterion: -2 ℓ + 2 tr(H⁻¹ J), valid also if the likelihood is
/// misspecified.
///
/// For a quasi-likelihood ℓ is the quasi-log-likelihood, and only fits of the same labels are
/// comparable. Under a prior H includes its second derivatives, and tr is the effective number of
/// parameters. References: Takeuchi, Suri Kagaku 153 (1976); Konishi and Kitagawa,
/// doi:10.1093/biomet/83.4.875, for penalised fits.
public struct TakeuchiCriterion: Sendable, Equatable {
  /// The criterion.
  public var value: Double
  /// tr(H⁻¹ J).
  public var effectiveParameterCount: Double

  /// Creates a criterion.
  public init(value: Double, effectiveParameterCount: Double) {
    self.value = value
    self.effectiveParameterCount = effectiveParameterCount
  }
}

/// The joint test that a set of coefficients is zero: W = b' V⁻¹ b compared with chi-square; for
/// errors by G clusters W / q compared with F with q and G - 1 degrees of freedom.
public struct WaldTest: Sendable, Equatable {
  /// The feature whose coefficients are tested in all classes; nil tests all features.
  public var feature: String?
  /// The statistic W.
  public var statistic: Double
  /// The number of tested coefficients.
  public var degreesOfFreedom: Int
  /// The p-value.
  public var pValue: Double

  /// Creates a test result.
  public init(feature: String?, statistic: Double, degreesOfFreedom: Int, pValue: Double) {
    self.feature = feature
    self.statistic = statistic
    self.degreesOfFreedom = degreesOfFreedom
    self.pValue = pValue
  }
}

/// Why a fit has this type of standard errors, or none. Diagnostics has the sentences.
public enum CovarianceReason: Error, RecordedReason, Equatable {
  // Which standard errors.
  /// None were asked for.
  case notRequested
  /// They were asked for.
  case requested
  /// Rows with the same value of the column may be dependent.
  case dependentRows(column: String)
  /// Importance weights are not repetitions of rows.
  case importanceWeights
  /// The labels are proportions, which have no likelihood under this interpretation.
  case quasiLikelihood
  /// They are valid whether or not the labels follow the assumed density.
  case robustToDensity
  /// The labels are assumed to follow the density.
  case assumedDensity
  /// Requested, although the labels are proportions.
  case informationOfShares
  /// Posterior standard deviations, by Laplace's approximation.
  case posterior
  /// At the mode under Jeffreys' prior.
  case jeffreys
  /// From the marginal likelihood of the observations, with unobserved variables summed out.
  case marginalLikelihood
  /// The labels have a likelihood.
  case likelihood
  /// As given; the estimates are also biased by a prior, which the errors do not include.
  indirect case biasedByPrior(CovarianceReason)
  /// As given; the errors are too small because there are few clusters.
  indirect case fewClusters(CovarianceReason)
  /// As given; the clusters also have coefficients of their own, without such errors.
  indirect case absorbed(CovarianceReason)
  /// As given; the errors are too small because there are few rows per coefficient.
  indirect case fewUnits(CovarianceReason)

  // Why there are none.
  /// Information was requested; importance weights have none.
  case noInformationOfImportanceWeights
  /// The units of a network can be permuted without changing it.
  case network
  /// Isotonic regression has no parameters in the usual sense.
  case isotonic
  /// The fit did not converge.
  case notConverged
  /// A parameter of the likelihood is at its boundary.
  case boundary
  /// The matrices are too large.
  case size(parameterCount: Int, bytes: Double)
  /// The covariance exceeds the available memory and was not explicitly requested.
  case memory(parameterCount: Int, bytes: Int)
  /// The matrix takes long to compute and was not explicitly requested.
  case work(parameterCount: Int)
  /// No coefficient has a finite estimate.
  case noFiniteCoefficient
  /// There are no coefficients.
  case noCoefficients
  /// Rounding leaves no digits of the information matrix.
  case singular
  /// Rounding leaves no digits of the standard errors.
  case noDigits
  /// Rounding decides which coefficients are infinite.
  case undecidedSeparation
  /// For separated data, it is not proved which coefficients are finite.
  case separationNotExhausted
  /// For separated data, the finite part did not converge.
  case separationNotConverged
  /// The clusters do not match the rows.
  case clusterMismatch
  /// A sandwich needs two independent units.
  case singleUnit
  /// The fit reproduces the labels and leaves no residuals.
  case noResiduals(rank: Int, units: Double)
  /// The text of a model file.
  case recorded(String)

  public var recordedSentence: String? {
    if case .recorded(let sentence) = self { sentence } else { nil }
  }

  /// Whether the clusters have coefficients of their own.
  package var isAbsorbed: Bool {
    switch self {
    case .absorbed: true
    case .fewClusters(let reason), .fewUnits(let reason): reason.isAbsorbed
    default: false
    }
  }
}

extension UncertaintyRecord: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case kind, reason, tests, takeuchi
    case unitCount = "units"
    case clusterColumn = "clusters"
  }
}

extension TakeuchiCriterion: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case value
    case effectiveParameterCount = "effective_parameters"
  }
}

extension WaldTest: Codable {
  /// The keys used in files.
  private enum CodingKeys: String, CodingKey {
    case feature, statistic
    case degreesOfFreedom = "degrees_of_freedom"
    case pValue = "p_value"
  }
}
