import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Quasi-multinomial errors: Tests/Reference/inference.py made the numbers.
@Suite struct QuasiErrorTests {
  private static let reference = try? ReferenceValue(ofTests: "inference.json")

  @Test(arguments: ["two", "three"]) func quasiErrorsAgreeWithStatsmodels(_ name: String) throws {
    let tested = try #require(Self.reference)["quasi"]
    let expected = tested[name]
    let counts = expected["counts"].array.map(\.numbers)
    let data = try Dataset(
      features: Features(tested["features"].array.map(\.numbers)),
      labels: .counts(ClassCounts(BlockedMatrix(rows: counts, columnCount: counts[0].count))))
    let estimator = MaximumLikelihood(
      SoftmaxRegression(), likelihood: Multinomial(), options: UncertaintyTests.tight)
    let fit = try estimator.fit(data)
    let record = fit.record(errors: .quasi)
    #expect(record.uncertainty.kind == .quasi)
    #expect(record.uncertainty.freedom == expected["freedom"].number)
    #expect(record.statistics.criteria == .unavailable(reason: .dispersion))
    for (index, coefficient) in record.coefficients.enumerated() {
      let found = [
        coefficient.estimate, coefficient.standardError, coefficient.wald?.pValue,
      ]
      for (value, key) in zip(found, ["estimates", "errors", "p_values"]) {
        #expect(
          relativeDistance(value ?? .nan, expected[key].numbers[index]) < 1e-7, "\(key) \(index)")
      }
    }
    // The information and phi, from the record with the other type of errors.
    let plain = fit.record(errors: .information)
    let phi = expected["phi"].number
    let tests = try fit.test(
      ofColumns: ["f1"], record: record, data: data, estimator: estimator, errors: .quasi
    ).comparison
    let unscaled = try fit.test(
      ofColumns: ["f1"], record: plain, data: data, estimator: estimator, errors: .information
    ).comparison
    #expect(tests.refusal(.likelihoodRatio) == .criteria(.dispersion))
    for kind in [ModelComparison.Kind.wald, .score] {
      let (scaled, whole) = (try #require(tests.test(kind)), try #require(unscaled.test(kind)))
      #expect(relativeDistance(scaled.statistic * phi, whole.statistic) < 1e-8)
      #expect(scaled.denominatorFreedom == expected["freedom"].number && !scaled.isRobust)
    }
  }

  @Test func quasiErrorsAreThoseOfVotes() throws {
    func reason<L: Likelihood, P: Prior>(
      _ data: Dataset, _ likelihood: L, _ prior: P
    ) throws -> CovarianceReason {
      let fit = try MaximumLikelihood(SoftmaxRegression(), likelihood: likelihood, prior: prior)
        .fit(data)
      let found = Uncertainty(of: fit, errors: .quasi)
      #expect(found.kind == nil && found.parameters.isEmpty)
      return found.reason
    }
    let classes = try RandomData(rows: 30, columns: 2, classes: 3, kind: .classes).dataset()
    #expect(try reason(classes, Categorical(), FlatPrior()) == .noDispersion)
    let counts = BlockedMatrix(rows: [[3, 4], [2, 5], [6, 1], [2, 2]], columnCount: 2)
    let labels = Labels.counts(try ClassCounts(counts))
    let votes = try Dataset(features: Features([[1], [2], [3], [5]]), labels: labels)
    #expect(try reason(votes, Multinomial(), GaussianPrior.ridge(0.1)) == .noDispersion)
    #expect(try reason(votes, DirichletMultinomial(), FlatPrior()) != .requested)
    let weighted = try Dataset(
      features: votes.features, labels: labels, weights: .importance(checking: [1, 2, 1, 1]))
    #expect(try reason(weighted, Multinomial(), FlatPrior()) == .noDispersion)
    let saturated = try Dataset(
      features: Features([[1, 1, 0], [2, 0, 0], [3, 0, 1], [5, 1, 1]]), labels: labels)
    #expect(try reason(saturated, Multinomial(), FlatPrior()) == .noDispersionFreedom)
  }
}
