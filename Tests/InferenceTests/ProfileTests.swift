import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Profile likelihoods, the influence of rows, other reference classes and logarithms of p:
/// Tests/Reference/profile.py made the numbers.
@Suite struct ProfileTests {
  private static let reference = try? ReferenceValue(ofTests: "profile.json")
  private static let cases = reference?["cases"].array ?? []

  private func fit(_ tested: ReferenceValue) throws -> Fit<LinearPredictor, Categorical, FlatPrior>
  {
    let labels = Labels.classes(
      try ClassIndices(
        tested["labels"].numbers.map { Int($0) }, classCount: Int(tested["classes"].number)))
    let isPenalized = tested["name"].text != "binary"
    return try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(),
      informationPenalty: isPenalized ? .jeffreys : .none, options: UncertaintyTests.tight
    ).fit(Dataset(features: Features(tested["features"].array.map(\.numbers)), labels: labels))
  }

  @Test(arguments: cases) func profilesAgreeWithScipy(_ tested: ReferenceValue) throws {
    let fit = try fit(tested)
    let record = fit.record(errors: .automatic)
    let profile = try #require(fit.profile(of: record))
    for (found, expected) in zip(profile.tests, tested["tests"].array) {
      #expect(relativeDistance(found.statistic, expected["statistic"].number) < 1e-6)
      #expect(relativeDistance(found.pValue, expected["p_value"].number) < 1e-5)
    }
    for expected in tested["entries"].array {
      let (unit, column) = (Int(expected["class"].number), Int(expected["feature"].number))
      let index = try #require(
        record.coefficients.firstIndex { $0.classIndex == unit && $0.column == column })
      let entry = try #require(profile.entries[index])
      #expect(relativeDistance(entry.statistic ?? .nan, expected["statistic"].number) < 1e-6)
      #expect((entry.low - expected["low"].number).magnitude < 1e-6)
      #expect((entry.high - expected["high"].number).magnitude < 1e-6)
    }
  }

  @Test func thereAreCases() { #expect(Self.cases.count == 3) }

  @Test func influenceAgreesWithStatsmodels() throws {
    let tested = try #require(Self.reference)["influence"]
    let rows = tested["counts"].array.map(\.numbers)
    let labels = Labels.counts(try ClassCounts(BlockedMatrix(rows: rows, columnCount: 2)))
    let data = try Dataset(
      features: Features(tested["features"].array.map(\.numbers)), labels: labels)
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Multinomial(), options: UncertaintyTests.tight
    ).fit(data)
    let record = fit.record(errors: .automatic)
    let found = try RowInfluence(of: fit.classifier, record: record).rows(of: data)
    #expect(relativeDistance(record.statistics.pearson ?? .nan, tested["statistic"].number) < 1e-8)
    let columns: [(String, (RowDiagnostic) -> Double?)] = [
      ("fitted", { $0.fitted[1] }), ("deviance", { $0.devianceResidual }),
      ("pearson", { $0.pearsonResidual }), ("hat", { $0.leverage }),
      ("cooksd", { $0.cooksDistance }),
    ]
    for (key, value) in columns {
      let values = found.map { value($0) ?? .nan }
      #expect(vectorDistance(values, tested[key].numbers) < 1e-8, "\(key)")
    }
    // The leverages of all rows sum to the number of parameters.
    #expect((found.reduce(0) { $0 + ($1.leverage ?? .nan) } - 3).magnitude < 1e-8)
  }

  /// Two features within `width` of zero, with as much noise in the class: the last if the first
  /// feature exceeds the threshold, otherwise by the sign of the second.
  private static func threeClasses(
    rows: Int, width: Double, threshold: Double, seed: UInt64
  ) -> (rows: [[Double]], classes: [Int]) {
    var numbers = TestNumbers(seed: seed)
    let rows = (0..<rows).map { _ in numbers.uniform(2, in: -width...width) }
    let classes = rows.map { row in
      row[0] + Double.random(in: -width...width, using: &numbers) > threshold
        ? 2 : row[1] + Double.random(in: -width...width, using: &numbers) > 0 ? 1 : 0
    }
    return (rows, classes)
  }

  /// Leverages of three classes sum to the number of parameters, for any reference; without its row
  /// a fit changes by about as much as Cook's distance predicts.
  @Test func influenceOfThreeClasses() throws {
    let (rows, classes) = Self.threeClasses(rows: 60, width: 2, threshold: 0.7, seed: 6)
    let data = try Dataset(
      features: Features(rows), labels: .classes(ClassIndices(classes, classCount: 3)))
    let estimator = MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), options: UncertaintyTests.tight)
    let fit = try estimator.fit(data)
    let found = try (0..<3).map { reference in
      try RowInfluence(
        of: fit.classifier, record: fit.record(reference: reference, errors: .automatic)
      ).rows(of: data)
    }
    for diagnostics in found {
      #expect((diagnostics.reduce(0) { $0 + ($1.leverage ?? .nan) } - 6).magnitude < 1e-6)
    }
    for (first, last) in zip(found[0], found[2]) {
      #expect(
        relativeDistance(first.cooksDistance ?? .nan, last.cooksDistance ?? .nan) < 1e-6)
    }
    let farthest = try #require(
      found[0].indices.max { (found[0][$0].cooksDistance ?? 0) < (found[0][$1].cooksDistance ?? 0) }
    )
    let kept = rows.indices.filter { $0 != farthest }
    let without = try estimator.fit(
      Dataset(
        features: Features(kept.map { rows[$0] }),
        labels: .classes(ClassIndices(kept.map { classes[$0] }, classCount: 3)))
    ).record(errors: .none)
    let record = fit.record(errors: .information)
    let change = zip(record.coefficients, without.coefficients).map {
      ($0.estimate ?? .nan) - ($1.estimate ?? .nan)
    }
    let matrix = try #require(record.parameters.covarianceMatrix)
    let factor = try #require(Cholesky(matrix, tolerance: 1e-14))
    let distance = change.dot(factor.solve(change)) / 6
    let estimate = found[0][farthest].cooksDistance ?? .nan
    #expect(estimate > 0.5 * distance && estimate < 2 * distance, "\(estimate), \(distance)")
  }

  @Test func recordsAgainstAnotherClass() throws {
    let (rows, classes) = Self.threeClasses(rows: 80, width: 1, threshold: 0, seed: 2)
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), options: UncertaintyTests.tight
    ).fit(
      Dataset(features: Features(rows), labels: .classes(ClassIndices(classes, classCount: 3))))
    for choice in [StandardErrorChoice.information, .sandwich] {
      for reference in 0..<3 {
        let found = fit.record(errors: choice).against(reference: reference)
        let expected = fit.record(reference: reference, errors: choice)
        #expect(found.parameters.rows.map(\.identity) == expected.parameters.rows.map(\.identity))
        for (a, b) in zip(found.coefficients, expected.coefficients) {
          #expect(((a.estimate ?? .nan) - (b.estimate ?? .nan)).magnitude < 1e-9)
          #expect(relativeDistance(a.standardError ?? .nan, b.standardError ?? .nan) < 1e-6)
          #expect(a.state == b.state && a.place == b.place)
        }
        #expect(
          vectorDistance(
            found.parameters.covariance ?? [], expected.parameters.covariance ?? []) < 1e-6)
      }
    }
  }

  @Test func logarithmsOfTailsAgreeWithMpmath() throws {
    for tested in try #require(Self.reference)["tails"].array {
      let freedom: Double? = tested["freedom"].exists ? tested["freedom"].number : nil
      let z = tested["z"].number
      let found = WaldDistribution(freedom: freedom).logJointTail(z * z, count: 1)
      #expect(relativeDistance(found, tested["log"].number) < 1e-12, "\(z)")
    }
  }
}
