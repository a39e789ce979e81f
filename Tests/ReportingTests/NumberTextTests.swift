import SurprisalReporting
import Testing

@Suite struct NumberTextTests {
  @Test(arguments: [
    (1.0, "1"), (0.1, "0.1"), (123456.789, "123457"), (1e-12, "1e-12"), (-2.5, "-2.5"),
  ])
  func significantDigits(_ value: Double, _ text: String) {
    #expect(NumberText.significant(value) == text)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatIsNotANumberIsADash(_ value: Double) {
    #expect(NumberText.significant(value) == NumberText.unavailable)
    #expect(NumberText.fixed(value, 3) == NumberText.unavailable)
    #expect(NumberText.percent(value) == NumberText.unavailable)
    #expect(NumberText.probability(value) == NumberText.unavailable)
  }

  @Test func probabilitiesBelowTheResolutionOfDoubles() {
    #expect(NumberText.probability(1e-17) == "< 2e-16")
    #expect(NumberText.probability(0.25) == "0.25")
  }
}
