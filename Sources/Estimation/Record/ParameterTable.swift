import SurprisalLinearAlgebra
import SurprisalProbability

/// Every reported parameter of a fit: its identity, its estimate and its uncertainty.
///
/// Coefficients are contrasts with the reference class on the scale of the user's features: class
/// by class without the reference, intercept first. They are followed by the auxiliary parameters
/// of the likelihood in natural units. Summary, CSV, JSON, covariance file, marginal effects,
/// tests, comparisons and prediction intervals all read this table.
public struct ParameterTable: Sendable, Equatable {
  /// The identity of a parameter.
  public enum Identity: Sendable, Hashable {
    /// The contrast of a class with the reference; `column` is a column of the design matrix, nil
    /// for the intercept.
    case coefficient(class: Int, column: Int?)
    /// An auxiliary parameter of the likelihood.
    case auxiliary(String)
  }

  /// Whether a coefficient has an estimate, and if not, why.
  public enum State: String, Sendable, Codable, CaseIterable {
    /// A finite estimate.
    case estimated
    /// The column is a linear combination of others.
    case aliased
    /// Infinite with unknown sign, as in files of earlier builds.
    case infinite
    /// The coefficient tends to plus infinity along a verified direction of increasing likelihood.
    case plusInfinite = "plus_infinite"
    /// The coefficient tends to minus infinity along a verified direction of increasing likelihood.
    case minusInfinite = "minus_infinite"
    /// Its magnitude exceeds the range of doubles.
    case outOfRange = "out_of_range"

    /// Whether the estimate is infinite, with any sign.
    public var isInfinite: Bool { self == .infinite || infinity != nil }

    /// The infinite value; nil if there is none, or if its sign is not known.
    public var infinity: Double? {
      switch self {
      case .plusInfinite: .infinity
      case .minusInfinite: -.infinity
      case .estimated, .aliased, .infinite, .outOfRange: nil
      }
    }
  }

  /// One parameter.
  public struct Row: Sendable, Equatable {
    /// The identity of the parameter.
    public var identity: Identity
    /// The estimate; nil unless the state is `.estimated`.
    public var estimate: Double?
    /// Whether there is an estimate, and if not, why.
    public var state: State
    /// The standard error of the estimate; nil if there is none. For an auxiliary parameter by the
    /// delta method, in the units of the estimate.
    public var standardError: Double?
    /// The row of the covariance; nil without a standard error, and for auxiliary parameters.
    public var place: Int?
    /// The 95 % interval of an auxiliary parameter, symmetric on the scale on which the parameter
    /// is unconstrained; nil for coefficients, whose interval follows from the standard error.
    public var interval: ClosedRange<Double>?

    /// Creates a row.
    public init(
      _ identity: Identity, estimate: Double?, state: State = .estimated,
      standardError: Double? = nil, place: Int? = nil, interval: ClosedRange<Double>? = nil
    ) {
      self.identity = identity
      self.estimate = estimate
      self.state = state
      self.standardError = standardError
      self.place = place
      self.interval = interval
    }
  }

  /// The names of the D design columns.
  public var columnNames: [String]
  /// One row per parameter.
  public var rows: [Row]
  /// The lower triangle, row by row, of the covariance of the coefficients that have a standard
  /// error; nil if it is not stored.
  public var covariance: [Double]?
  /// The type of standard errors, and the reason for it.
  public var uncertainty: UncertaintyRecord

  /// Creates a table from its parts.
  public init(
    columnNames: [String] = [], rows: [Row] = [], covariance: [Double]? = nil,
    uncertainty: UncertaintyRecord = .notComputed
  ) {
    self.columnNames = columnNames
    self.rows = rows
    self.covariance = covariance
    self.uncertainty = uncertainty
  }

  /// The name of intercepts in lists.
  public static let interceptName = "(Intercept)"
  /// The largest number of coefficients whose covariance a model file stores: 200, or 20 100
  /// numbers.
  public static let keptCovarianceLimit = 200
}

extension ParameterTable {
  /// A coefficient with its name and the quantities derived from estimate and standard error.
  public struct Coefficient: Sendable, Equatable {
    /// The position of the class.
    public let classIndex: Int
    /// The position of the design column; nil for the intercept.
    public let column: Int?
    /// The name of the design column, or `(Intercept)`.
    public let feature: String
    /// The estimate; nil unless the state is `.estimated`.
    public let estimate: Double?
    /// Whether there is an estimate, and if not, why.
    public let state: State
    /// The standard error; nil if there is none.
    public let standardError: Double?
    /// The row of the covariance.
    public let place: Int?
    /// z, p and the interval, by default at 95 %; nil without a standard error.
    public let wald: WaldStatistic?
  }

  /// An auxiliary parameter of the likelihood, in natural units.
  public struct Auxiliary: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its value.
    public let estimate: Double
    /// Its standard error by the delta method; nil if there is none.
    public let standardError: Double?
    /// The 95 % interval.
    public let interval: ClosedRange<Double>?
  }

  /// The coefficients, in the order of the rows. Complexity: O(rows).
  public var coefficients: [Coefficient] { coefficients(level: 0.95) }

  /// The coefficients with intervals of this coverage.
  public func coefficients(level: Double) -> [Coefficient] {
    let rule = uncertainty.rule(level: level)
    return rows.compactMap { row in
      guard case .coefficient(let unit, let column) = row.identity else { return nil }
      return Coefficient(
        classIndex: unit, column: column,
        feature: column.map { columnNames[$0] } ?? Self.interceptName, estimate: row.estimate,
        state: row.state, standardError: row.standardError, place: row.place,
        wald: WaldStatistic(row.estimate, row.standardError, rule))
    }
  }

  /// The auxiliary parameters, in the order of the rows.
  public var auxiliaryParameters: [Auxiliary] {
    rows.compactMap { row in
      guard case .auxiliary(let name) = row.identity, let estimate = row.estimate else {
        return nil
      }
      return Auxiliary(
        name: name, estimate: estimate, standardError: row.standardError, interval: row.interval)
    }
  }

  /// The coefficients that have a standard error: the rows of the covariance.
  public var coefficientsWithError: [Coefficient] {
    coefficients.filter { $0.standardError != nil }
  }

  /// The covariance of `coefficientsWithError`; nil if it is not stored.
  public var covarianceMatrix: SymmetricMatrix? {
    let count = rows.count { $0.place != nil }
    guard let entries = covariance, entries.count == count * (count + 1) / 2 else { return nil }
    var result = SymmetricMatrix(dimension: count)
    for row in 0..<count {
      for column in 0...row { result[row, column] = entries[row * (row + 1) / 2 + column] }
    }
    return result
  }

  /// The table as stored in a model file: without a covariance that is too large.
  public var forKeeping: ParameterTable {
    var result = self
    if rows.count(where: { $0.place != nil }) > Self.keptCovarianceLimit { result.covariance = nil }
    return result
  }
}

/// The statistics derived from an estimate and its standard error by the normal approximation, or
/// by Student's t for cluster-robust errors.
public struct WaldStatistic: Sendable, Equatable {
  /// Estimate over standard error, which is t for cluster-robust errors; nil for a posterior.
  public let z: Double?
  /// The two-sided p-value for the value zero; nil for a posterior.
  public let pValue: Double?
  /// The logarithm of the p-value, which does not underflow; nil for a posterior.
  public let logPValue: Double?
  /// The interval.
  public let interval: ClosedRange<Double>

  /// z, p and the interval; nil without a standard error, if it is zero, or if an end exceeds the
  /// range of doubles.
  ///
  /// A posterior has an interval, but neither z nor p, which test a true value of zero.
  public init?(_ estimate: Double?, _ standardError: Double?, _ rule: WaldRule = WaldRule()) {
    guard let estimate, let error = standardError, error > 0 else { return nil }
    let half = rule.quantile * error
    let (low, high) = (estimate - half, estimate + half)
    guard low.isFinite, high.isFinite, low <= high else { return nil }
    interval = low...high
    z = rule.isPosterior ? nil : estimate / error
    pValue = z.map(rule.distribution.twoSidedTail)
    logPValue = z.map { rule.distribution.logJointTail($0 * $0, count: 1) }
  }
}

/// The rule for intervals and p-values from estimates and standard errors.
public struct WaldRule: Sendable {
  /// Whether the errors are posterior standard deviations.
  let isPosterior: Bool
  let distribution: WaldDistribution
  /// Half the width of an interval in standard errors.
  let quantile: Double

  /// A rule for intervals with coverage `level`; `freedom` is that of Student's t, nil for the
  /// normal distribution.
  public init(isPosterior: Bool = false, freedom: Double? = nil, level: Double = 0.95) {
    self.isPosterior = isPosterior
    distribution = WaldDistribution(freedom: freedom)
    quantile = distribution.twoSided(level: level)
  }
}

extension UncertaintyRecord {
  /// The rule for these errors.
  public func rule(level: Double = 0.95) -> WaldRule {
    WaldRule(isPosterior: kind == .laplace, freedom: freedom, level: level)
  }
}
