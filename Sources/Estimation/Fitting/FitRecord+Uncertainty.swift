extension FitRecord {
  /// What standard errors are.
  public enum ErrorKind: String, Sendable, CaseIterable {
    /// From the inverse of the observed information.
    case information
    /// Robust: bread times meat times bread.
    case sandwich
    /// The same with scores summed within clusters first.
    case cluster
    /// Posterior standard deviations in the normal approximation at the mode.
    case laplace
  }

  /// Which standard errors there are, and why.
  public struct UncertaintyRecord: Sendable, Equatable {
    /// What they are; nil where there are none.
    public var kind: ErrorKind?
    /// Why these, or why none, in a sentence.
    public var reason: String
    /// The independent units behind a sandwich: rows, or clusters.
    public var unitCount: Double?
    /// The column that names the clusters.
    public var clusterColumn: String?
    /// Joint tests of coefficients.
    public var tests: [WaldTest]
    /// The lower triangle, row by row, of the covariance of the coefficients that have a standard
    /// error, in their order; nil where it is not kept.
    public var covariance: [Double]?
    /// Takeuchi's criterion; nil where the errors are not robust.
    public var takeuchi: TakeuchiCriterion?

    /// A record.
    public init(
      kind: ErrorKind?, reason: String, unitCount: Double? = nil, clusterColumn: String? = nil,
      tests: [WaldTest] = [], covariance: [Double]? = nil, takeuchi: TakeuchiCriterion? = nil
    ) {
      self.kind = kind
      self.reason = reason
      self.unitCount = unitCount
      self.clusterColumn = clusterColumn
      self.tests = tests
      self.covariance = covariance
      self.takeuchi = takeuchi
    }

    /// Nobody asked for any.
    public static let notComputed = UncertaintyRecord(
      kind: nil, reason: "standard errors were not asked for")
  }

  /// Takeuchi's information criterion: -2 ℓ + 2 tr(H⁻¹ J), which needs no likelihood that is right.
  ///
  /// For a quasi-likelihood ℓ is the quasi-log-likelihood, and only fits of the same labels
  /// compare. Under a prior H has its second derivatives, and tr is the number of parameters that
  /// the prior leaves free. References: Takeuchi, Suri Kagaku 153 (1976); Konishi and Kitagawa,
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

  /// The joint test that a set of coefficients is zero: W = b' V⁻¹ b against chi-square.
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
}

extension FitRecord {
  /// Whether there are more columns, the intercept included, than rows to tell them apart: the
  /// estimates are then one choice of infinitely many with the same fitted probabilities.
  public var isUnidentified: Bool {
    guard coefficients.contains(where: { $0.state == .aliased }) else { return false }
    return Double(Set(coefficients.map(\.feature)).count) > statistics.rowCount
  }
}
