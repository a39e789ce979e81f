/// Tests and intervals by the profile likelihood, penalised under Jeffreys' prior.
public struct ProfileRecord: Sendable, Equatable, Codable {
  /// One coefficient.
  public struct Entry: Sendable, Equatable, Codable {
    /// Twice what the maximum loses if the coefficient is held at zero; nil if that was not found.
    public var statistic: Double?
    /// The probability of a larger one if the coefficient is zero, by chi-square with one degree of
    /// freedom.
    public var pValue: Double?
    /// The ends of the interval; an end is infinite if the likelihood never loses enough.
    public var low: Double
    public var high: Double

    /// An entry of its parts.
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
  /// Likelihood ratio tests of terms, then of all features, `WaldTest` by form.
  public var tests: [WaldTest]
  /// One entry a coefficient of the record; nil for intercepts and coefficients without an error.
  public var entries: [Entry?]

  /// A record of its parts.
  package init(level: Double, tests: [WaldTest], entries: [Entry?]) {
    self.level = level
    self.tests = tests
    self.entries = entries
  }
}
