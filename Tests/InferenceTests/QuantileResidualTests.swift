import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalInference

/// Randomised quantile residuals, and likelihood ratios of separated data.
@Suite struct QuantileResidualTests {
  /// y, n, q, the fraction `uniform`, and the residual by scipy.
  @Test(arguments: [
    (0.0, 1.0, 0.3, 0.25, -0.93458929107348), (1, 1, 0.3, 0.25, 0.7554150263604693),
    (3, 10, 0.2, 0.5, 0.7670120431502349), (9, 10, 0.2, 0.75, 4.729313761426387),
    (0, 40, 0.5, 0.125, -7.331627902649328), (520, 1000, 0.5, 0.5, 1.2643419721154023),
    (0, 5, 1e-9, 0.5, -6.266574544575595e-9), (7, 7, 0.999, 0.5, 0.00874703472536973),
    (12, 400, 0.001, 0.5, 7.642243079911696),
  ])
  func agreesWithScipy(_ y: Double, _ n: Double, _ q: Double, _ share: Double, _ z: Double) {
    let found = QuantileResidual.value(votes: y, of: n, probability: q, uniform: share)
    #expect(((found ?? .nan) - z).magnitude < 1e-9 * max(1, z.magnitude))
  }

  @Test func refusesPartsOfVotes() {
    #expect(QuantileResidual.value(votes: 0.5, of: 2, probability: 0.5, uniform: 0) == nil)
    #expect(QuantileResidual.value(votes: 1, of: 2.5, probability: 0.5, uniform: 0) == nil)
  }

  /// Residuals of a true model have mean 0 and variance 1, also for one vote; they depend on the
  /// seed, not on threads.
  @Test func areNormalForATrueModel() throws {
    var numbers = TestNumbers(seed: 8)
    let rows = (0..<2000).map { _ in numbers.uniform(1, in: -2...2) }
    let classes = rows.map { row in
      Double.random(in: 0...1, using: &numbers) < 1 / (1 + Double.exp(-row[0])) ? 1 : 0
    }
    let data = try Dataset(
      features: Features(rows), labels: .classes(ClassIndices(classes, classCount: 2)))
    let fit = try MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical()).fit(data)
    let influence = try RowInfluence(
      of: fit.classifier, record: fit.record(errors: .automatic))
    let found = try influence.rows(of: data, seed: 3).map { $0.quantileResiduals?[1] ?? .nan }
    let mean = found.reduce(0, +) / 2000
    let variance = found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2000
    // Three standard errors.
    #expect(mean.magnitude < 3 / 2000.0.squareRoot())
    #expect((variance - 1).magnitude < 3 * (2 / 2000.0).squareRoot())
    let again = try influence.rows(of: data, seed: 3).map { $0.quantileResiduals?[1] ?? .nan }
    let other = try influence.rows(of: data, seed: 4).map { $0.quantileResiduals?[1] ?? .nan }
    #expect(found == again && found != other)
  }

  /// Ten doses without overlap: the supremum of the log-likelihood is 0, that of the intercepts
  /// alone 3 log .3 + 4 log .4 + 3 log .3.
  @Test func likelihoodRatioOfTheSuprema() throws {
    let doses = [1, 2, 2.5, 3, 4, 5, 6.5, 7, 8, 10]
    let classes = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
    let data = try Dataset(
      features: Features(doses.map { [$0] }, names: ["dose"]),
      labels: .classes(ClassIndices(classes, classCount: 3)))
    let estimator = MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical())
    let fit = try estimator.fit(data)
    let found = try fit.test(
      ofColumns: ["dose"], record: fit.record(errors: .automatic), data: data,
      estimator: estimator, errors: .automatic)
    let test = try #require(found.comparison.test(.likelihoodRatio))
    let expected = -2 * (6 * Double.log(0.3) + 4 * Double.log(0.4))
    #expect(relativeDistance(test.statistic, expected) < 1e-9)
    #expect(test.isAtSupremum && test.degreesOfFreedom == 2)
    #expect(relativeDistance(test.pValue, Double.exp(-expected / 2)) < 1e-8)
    #expect(found.comparison.refusal(.wald) != nil)
  }
}
