import Foundation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalInference

/// Published numbers, including omitted constants.
@Suite struct PublishedNumbersTests {
  /// Severity of pneumoconiosis in miners, 8 groups by years of exposure: McCullagh and Nelder,
  /// Generalized Linear Models, 2nd ed. (1989), p. 179; Ashford, Biometrics 15 (1959).
  static let exposure = [5.8, 15, 21.5, 27.5, 33.5, 39.5, 46, 51.5]
  static let severity: [[Double]] = [
    [98, 0, 0], [51, 2, 1], [34, 6, 3], [35, 5, 8], [32, 10, 9], [23, 7, 8], [12, 6, 10],
    [4, 2, 5],
  ]

  static func pneumoconiosis() throws -> Fit<LinearPredictor, Multinomial, FlatPrior> {
    try MaximumLikelihood(SoftmaxRegression(), likelihood: Multinomial()).fit(
      Dataset(
        features: Features(exposure.map { [log($0)] }),
        labels: .counts(ClassCounts(BlockedMatrix(rows: severity, columnCount: 3)))))
  }

  /// The log-likelihood is -25.25 in VGAM (Yee, Journal of Statistical Software 32 (2010), issue
  /// 10), -204.43 if the multinomial coefficients, 179.1839, are omitted; the deviance is 5.347.
  @Test func pneumoconiosisHasItsConstant() throws {
    let statistics = try Self.pneumoconiosis().statistics
    let (full, constant) = (statistics.logLikelihood, statistics.logLikelihoodConstant)
    #expect(abs(full + 25.25) < 0.005)
    #expect(abs(full - constant + 204.43) < 0.005)
    #expect(abs(constant - 179.1839) < 5e-5)
    #expect(abs(statistics.devianceAgainstLabels - 5.347) < 5e-4)
    #expect(statistics.degreesOfFreedom == 4)
  }

  /// Venables and Ripley, Modern Applied Statistics with S, 4th ed. (2002), section 7.3: residual
  /// deviance 3470.084 and AIC 3498.084 of `Sat ~ Infl + Type + Cont`, constants omitted; 38.66
  /// with 34 degrees of freedom against the saturated model.
  @Test func housingHasItsDeviances() throws {
    let fit = try MaximumLikelihood(SoftmaxRegression(), likelihood: Multinomial())
      .fit(HousingSurvey.dataset())
    let statistics = fit.statistics
    let kernel = statistics.logLikelihood - statistics.logLikelihoodConstant
    #expect(abs(-2 * kernel - 3470.084) < 5e-4)
    guard case .available(let akaike, let bayesian) = statistics.criteria else {
      Issue.record("no criteria")
      return
    }
    #expect(abs(akaike + 2 * statistics.logLikelihoodConstant - 3498.084) < 5e-4)
    #expect(abs(bayesian - akaike - 14 * (log(1681) - 2)) < 1e-9)
    #expect(abs(statistics.devianceAgainstLabels - 38.66) < 5e-3)
  }

  /// Agresti, Categorical Data Analysis, 3rd ed. (2013), section 8.1.2: alligators by lake and
  /// size; log-likelihood -74.42948 and deviance 52.47849 as printed by VGAM.
  @Test
  func alligatorsHaveTheirLikelihood() throws {
    let statistics = try ModelComparisonTests.fit("alligators_lake_size_l0").statistics
    #expect(abs(statistics.logLikelihood + 74.42948) < 5e-6)
    #expect(abs(statistics.devianceAgainstLabels - 52.47849) < 5e-6)
  }

  /// The Statlog heart data: two classes, thirteen scaled columns.
  @Test(arguments: [(1e-8, 1e-6), (1e-11, 1e-8)])
  func heartHasItsErrors(_ tolerance: Double, _ bound: Double) throws {
    let record = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(),
      options: FitOptions(stopping: StoppingRule(tolerance: tolerance))
    ).fit(HeartData.dataset()).record(errors: .automatic)
    let answer = try ReferenceCase("heart_l0").value["reference_first"]
    for (index, coefficient) in record.coefficients.enumerated() {
      let error = answer["standard_errors"].array[0].numbers[index]
      #expect(relativeDistance(coefficient.standardError ?? .nan, error) < bound)
      let estimate = answer["coefficients"].array[0].numbers[index]
      #expect(relativeDistance(coefficient.estimate ?? .nan, estimate, floor: 1e-2) < bound)
    }
  }
}
