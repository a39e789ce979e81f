import SurprisalProbability

/// What standard errors are.
public enum CovarianceType: String, Sendable, Codable, CaseIterable {
  /// From the inverse of the observed information.
  case information
  /// Robust: bread times meat times bread.
  case sandwich
  /// The same with scores summed within clusters first.
  case cluster
  /// Posterior standard deviations in the normal approximation at the mode.
  case laplace
  /// Those of the information times the root of the dispersion of votes, Pearson's X² over its
  /// degrees of freedom.
  case quasi

  /// Whether the errors hold without a likelihood.
  public var isRobust: Bool { self == .sandwich || self == .cluster }

  /// The degrees of freedom of Student's t, from the units of a record.
  package func freedom(ofUnits count: Double?) -> Double? {
    switch self {
    case .cluster: count.map { $0 - 1 }
    case .quasi: count
    case .information, .sandwich, .laplace: nil
    }
  }
}

/// Which standard errors a fit has, why, and what was tested with them.
public struct UncertaintyRecord: Sendable, Equatable {
  /// What they are; nil if there are none.
  public var kind: CovarianceType?
  /// Why these, or why none.
  public var reason: CovarianceReason
  /// The independent units behind a sandwich: rows, or clusters. Of quasi-multinomial errors the
  /// degrees of freedom of the dispersion.
  public var unitCount: Double?
  /// The column that names the clusters.
  public var clusterColumn: String?
  /// Joint tests of coefficients.
  public var tests: [WaldTest]
  /// Takeuchi's criterion; nil if the errors are not robust.
  public var takeuchi: TakeuchiCriterion?

  /// A record.
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

  /// The degrees of freedom of Student's t, against which estimates are held: G - 1 for G clusters,
  /// those of an estimated dispersion; nil for the normal distribution.
  public var freedom: Double? { kind?.freedom(ofUnits: unitCount) }

  /// What estimates are held against.
  package var distribution: WaldDistribution { WaldDistribution(freedom: freedom) }

  /// Nobody asked for any.
  public static let notComputed = UncertaintyRecord(kind: nil, reason: .notRequested)
}

/// Takeuchi's information criterion: -2 ℓ + 2 tr(H⁻¹ J), which needs no likelihood that is right.
///
/// For a quasi-likelihood ℓ is the quasi-log-likelihood, and only fits of the same labels compare.
/// Under a prior H has its second derivatives, and tr is the number of parameters that the prior
/// leaves free. References: Takeuchi, Suri Kagaku 153 (1976); Konishi and Kitagawa,
/// doi:10.1093/biomet/83.4.875, for penalised fits.
public struct TakeuchiCriterion: Sendable, Equatable {
  /// The criterion.
  public var value: Double
  /// tr(H⁻¹ J).
  public var effectiveParameterCount: Double

  /// A criterion.
  public init(value: Double, effectiveParameterCount: Double) {
    self.value = value
    self.effectiveParameterCount = effectiveParameterCount
  }
}

/// The joint test that a set of coefficients is zero: W = b' V⁻¹ b against chi-square; with errors
/// by G clusters W / q against F with q and G - 1 degrees of freedom.
public struct WaldTest: Sendable, Equatable {
  /// The feature whose coefficients are tested in all classes; nil tests all features.
  public var feature: String?
  /// W.
  public var statistic: Double
  /// How many coefficients are tested.
  public var degreesOfFreedom: Int
  /// The probability of a larger W if all of them were zero.
  public var pValue: Double

  /// A test.
  public init(feature: String?, statistic: Double, degreesOfFreedom: Int, pValue: Double) {
    self.feature = feature
    self.statistic = statistic
    self.degreesOfFreedom = degreesOfFreedom
    self.pValue = pValue
  }
}

/// Why a fit has the standard errors it has, or none. The sentences are in the module Diagnostics.
public enum CovarianceReason: Error, RecordedReason, Equatable {
  // Which standard errors.
  /// None were asked for.
  case notRequested
  /// They were asked for.
  case requested
  /// Rows of one value of the column may depend on one another.
  case dependentRows(column: String)
  /// Importance weights are no repetitions of rows.
  case importanceWeights
  /// The labels are shares, which have no likelihood in this interpretation.
  case quasiLikelihood
  /// They hold whether or not the labels follow the assumed density.
  case robustToDensity
  /// The labels are taken to follow the assumed density.
  case assumedDensity
  /// Asked for, although the labels are shares.
  case informationOfShares
  /// Posterior standard deviations, by Laplace's approximation.
  case posterior
  /// At the mode under Jeffreys' prior.
  case jeffreys
  /// Of the likelihood of what was seen, other things being summed out.
  case marginalLikelihood
  /// The labels have a likelihood.
  case likelihood
  /// The same, and the estimates are biased by a prior, which the errors do not show.
  indirect case biasedByPrior(CovarianceReason)
  /// The same, and so few clusters make the errors too small.
  indirect case fewClusters(CovarianceReason)
  /// The same, and the clusters have coefficients of their own, without such errors.
  indirect case absorbed(CovarianceReason)
  /// The same, and so few rows a coefficient make the errors too small.
  indirect case fewUnits(CovarianceReason)

  // Why there are none.
  /// Information was asked for; importance weights have none.
  case noInformationOfImportanceWeights
  /// A network's units can be exchanged without changing it.
  case network
  /// Isotonic regression has no parameters in the usual sense.
  case isotonic
  /// The fit did not converge.
  case notConverged
  /// A parameter of the likelihood is at its boundary.
  case boundary
  /// The matrices are too large.
  case size(parameterCount: Int, bytes: Double)
  /// The covariance takes more memory than there may be, and nobody asked for it.
  case memory(parameterCount: Int, bytes: Int)
  /// The matrix takes long, and nobody asked for it.
  case work(parameterCount: Int)
  /// Every coefficient is infinite or has no finite part.
  case noFiniteCoefficient
  /// There are no coefficients.
  case noCoefficients
  /// Rounding leaves no digits of the information matrix.
  case singular
  /// Rounding decides which coefficients are infinite.
  case undecidedSeparation
  /// Of separated data it is not proven which coefficients are finite.
  case separationNotExhausted
  /// Of separated data the finite part did not converge.
  case separationNotConverged
  /// The clusters are not those of the rows.
  case clusterMismatch
  /// A sandwich needs two independent units.
  case singleUnit
  /// The fit follows the labels and leaves no residuals.
  case noResiduals(rank: Int, units: Double)
  /// A dispersion is that of votes, without weights and without a prior.
  case noDispersion
  /// There are no degrees of freedom, or no residuals, to estimate the dispersion from.
  case noDispersionFreedom
  /// In the words of a model file.
  case recorded(String)

  public var recordedSentence: String? {
    if case .recorded(let sentence) = self { sentence } else { nil }
  }

  /// Whether the matrices are too large, or take too long.
  package var isAboutSize: Bool {
    switch self {
    case .size, .memory, .work: true
    default: false
    }
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
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case kind, reason, tests, takeuchi
    case unitCount = "units"
    case clusterColumn = "clusters"
  }
}

extension TakeuchiCriterion: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case value
    case effectiveParameterCount = "effective_parameters"
  }
}

extension WaldTest: Codable {
  /// The names of the members in files.
  private enum CodingKeys: String, CodingKey {
    case feature, statistic
    case degreesOfFreedom = "degrees_of_freedom"
    case pValue = "p_value"
  }
}
