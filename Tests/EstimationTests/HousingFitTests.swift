import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// The fit as printed by Venables and Ripley, Modern Applied Statistics with S, 4th ed. (2002),
/// chapter 7: `multinom(Sat ~ Infl + Type + Cont)`.
@Suite struct HousingFitTests {
  static let names = [
    "(Intercept)", "Infl[Medium]", "Infl[High]", "Type[Apartment]", "Type[Atrium]",
    "Type[Terrace]", "Cont[High]",
  ]
  static let published: [[Double]] = [
    [-0.4192316, 0.4464003, 0.6649367, -0.4356851, 0.1313663, -0.6665728, 0.3608513],
    [-0.1387453, 0.7348626, 1.6126294, -0.7356261, -0.4079808, -1.4123333, 0.4818236],
  ]

  @Test func reproducesThePublishedFit() throws {
    let fit = try MaximumLikelihood(SoftmaxRegression(), likelihood: Multinomial())
      .fit(HousingSurvey.dataset())
    let statistics = fit.statistics
    #expect(fit.status.isConverged)
    #expect(statistics.totalWeight == 1681)
    #expect(statistics.degreesOfFreedom == 14)
    let kernel = statistics.logLikelihood - statistics.logLikelihoodConstant
    #expect((kernel + 1735.041933).magnitude < 1e-6)
    #expect((-2 * kernel - 3470.084).magnitude < 1e-3)
    #expect((-2 * kernel + 28 - 3498.084).magnitude < 1e-3)
    // multinom starts from equal probabilities.
    #expect(
      (statistics.uniformCrossEntropy(classCount: 3) * 1681 - 1846.767257).magnitude < 1e-6)
  }

  @Test func reproducesThePublishedCoefficients() throws {
    let record = try MaximumLikelihood(SoftmaxRegression(), likelihood: Multinomial())
      .fit(HousingSurvey.dataset()).record()
    for (offset, expected) in Self.published.enumerated() {
      let found = record.coefficients.filter { $0.classIndex == offset + 1 }
      let order = Self.names.compactMap { name in found.first { $0.feature == name }?.estimate }
      #expect(order.count == expected.count)
      for (found, expected) in zip(order, expected) {
        // nnet::multinom stops at about 1e-5.
        #expect((found - expected).magnitude < 1e-5, "\(found) \(expected)")
      }
    }
  }
}
