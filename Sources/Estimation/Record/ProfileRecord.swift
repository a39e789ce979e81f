/// Tests and intervals by the profile likelihood, penalised under Jeffreys' prior.
public struct ProfileRecord: Sendable, Equatable, Codable {
  /// One coefficient.
  public struct Entry: Sendable, Equatable, Codable {
    /// Twice the decrease of the maximum if the coefficient is fixed at zero; nil if that was not
    /// found.
    public var statistic: Double?
    /// The p-value by chi-square with one degree of freedom.
    public var pValue: Double?
    /// The lower end of the interval; infinite if the likelihood never decreases enough.
    public var low: Double
    /// The upper end of the interval; infinite if the likelihood never decreases enough.
    public var high: Double

    /// Creates an entry from its parts.
    package init(statistic: Double?, pValue: Double?, interval: ClosedRange<Double>) {
      self.statistic = statistic
      self.pValue = pValue
      (low, high) = (interval.lowerBound, interval.upperBound)
    }

    private enum CodingKeys: String, CodingKey {
      case statistic, low, high
      case pValue = "p_value"
    }
  }

  /// The coverage of the intervals.
  public var level: Double
  /// Likelihood ratio tests of terms, then of all features, in the form of `WaldTest`.
  public var tests: [WaldTest]
  /// One entry per coefficient of the record; nil for intercepts and coefficients without an error.
  public var entries: [Entry?]

  /// Creates a record from its parts.
  package init(level: Double, tests: [WaldTest], entries: [Entry?]) {
    self.level = level
    self.tests = tests
    self.entries = entries
  }
}
