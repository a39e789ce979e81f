import SurprisalReporting
import Testing

@Suite struct NumberTextTests {
  @Test func significantDigits() {
    #expect(NumberText.significant(0) == "0")
    #expect(NumberText.significant(1.0 / 3) == "0.333333")
    #expect(NumberText.significant(-1234567.0) == "-1.23457e+06")
    #expect(NumberText.significant(1e-5) == "1e-05")
    #expect(NumberText.significant(0.0001234) == "0.0001234")
    #expect(NumberText.significant(1e300, 3) == "1e+300")
  }

  @Test func fixedDecimalsAndShares() {
    #expect(NumberText.fixed(-1735.0419331, 4) == "-1735.0419")
    #expect(NumberText.fixed(0.5, 0) == "0")
    #expect(NumberText.percent(0.12345) == "12.3 %")
    #expect(NumberText.count(1681) == "1681")
    #expect(NumberText.count(0.25) == "0.25")
    #expect(NumberText.count(1e15) == "1e+15")
  }

  /// What rounds to zero has no sign, whatever the number of digits.
  @Test(arguments: [-0.0, -8.9e-16, -0.0004, -1e-300])
  func zeroHasNoSign(_ value: Double) {
    #expect(NumberText.fixed(value, 3) == "0.000")
    #expect(NumberText.fixed(value, 0) == "0")
    #expect(NumberText.percent(value * 0.1) == "0.0 %")
    #expect(NumberText.significant(-0.0) == "0")
    #expect(NumberText.count(-0.0) == "0")
    #expect(NumberText.fixed(-0.0006, 3) == "-0.001")
    #expect(NumberText.fixed(-10, 0) == "-10")
    #expect(NumberText.significant(-1e-7) == "-1e-07")
  }

  /// An estimate is zero up to rounding below 1e-9 of its standard error, and only there.
  @Test func estimatesUpToRounding() {
    #expect(NumberText.estimate(-8.9e-16, error: 0.25) == "0")
    #expect(NumberText.estimate(0.99e-9, error: 1) == "0")
    #expect(NumberText.estimate(1.01e-9, error: 1) == "1.01e-09")
    #expect(NumberText.estimate(-1e-12, error: 1e-12, 3) == "-1e-12")
    #expect(NumberText.estimate(-8.9e-16, error: nil) == "-8.9e-16")
    #expect(NumberText.estimate(-8.9e-16, error: .infinity) == "-8.9e-16")
    #expect(NumberText.estimate(nil, error: 1) == "–")
    #expect(NumberText.estimate(0.5, error: 0) == "0.5")
  }

  @Test func probabilitiesBelowTheResolutionOfDoubles() {
    #expect(NumberText.probability(1e-17) == "< 2e-16")
    #expect(NumberText.probability(0.04321987) == "0.04322")
  }

  /// An unavailable value is a dash, never nan or inf.
  @Test(arguments: [nil, Double.nan, .infinity, -.infinity])
  func unavailableNumbersAreDashes(_ value: Double?) {
    #expect(NumberText.significant(value) == "–")
    #expect(NumberText.fixed(value, 2) == "–")
    #expect(NumberText.percent(value) == "–")
    #expect(NumberText.probability(value) == "–")
  }
}
