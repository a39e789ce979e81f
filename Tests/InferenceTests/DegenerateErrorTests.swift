import Foundation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

/// Standard errors if some parameters have none.
@Suite struct DegenerateErrorTests {
  static func fit(_ rows: [[Double]], _ classes: [Int], _ count: Int) throws -> Fit<
    LinearPredictor, Categorical, FlatPrior
  > {
    let labels = Labels.classes(try ClassIndices(classes, classCount: count))
    return try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), options: UncertaintyTests.tight
    ).fit(Dataset(features: Features(rows), labels: labels))
  }

  @Test func completeSeparationHasNone() throws {
    let fit = try Self.fit([[0], [1], [2], [3]], [0, 0, 1, 1], 2)
    let record = fit.record(errors: .automatic)
    #expect(record.uncertainty.kind == nil && record.uncertainty.tests.isEmpty)
    #expect(record.coefficients.allSatisfy { $0.standardError == nil })
  }

  /// A text column with a level that has class 0 only: its indicator is infinite, and the rest is
  /// the fit without the rows of that level.
  @Test func quasiSeparationKeepsFiniteErrors() throws {
    let x = (0..<40).map { Double($0 * 7 % 13) / 4 }
    let level = (0..<40).map { $0 % 4 == 3 ? 1.0 : 0 }
    let classes = (0..<40).map { $0 % 4 == 3 ? 0 : ($0 * 5 + $0 * $0 % 7) % 3 % 2 }
    let fit = try Self.fit(zip(x, level).map { [$0, $1] }, classes, 2)
    guard case .separated(let separation) = fit.status else {
      Issue.record("not separated")
      return
    }
    #expect(separation.kind == .quasi)
    let record = fit.record(errors: .automatic)
    let rest = (0..<40).filter { level[$0] == 0 }
    let reduced = try Self.fit(rest.map { [x[$0]] }, rest.map { classes[$0] }, 2)
      .record(errors: .automatic)
    #expect(record.coefficients.map(\.state) == [.estimated, .estimated, .minusInfinite])
    for (found, expected) in zip(record.coefficients, reduced.coefficients) {
      let (a, b) = (found.standardError ?? .nan, expected.standardError ?? .nan)
      #expect(relativeDistance(a, b) < 1e-6, "\(a), not \(b)")
    }
    #expect(record.coefficients[2].standardError == nil)
    #expect(record.uncertainty.tests.map(\.feature) == ["f1"])
  }

  /// Two classes overlap, the third is separated: the contrast of the two is finite.
  @Test func aClassFarAwayLeavesTheOthers() throws {
    let x = (0..<30).map { Double($0 % 10) }
    let classes = (0..<30).map { row in row % 10 > 6 ? 2 : (row * 5 + row * row % 7) % 2 }
    let fit = try Self.fit(x.map { [$0] }, classes, 3)
    let record = fit.record(errors: .automatic)
    #expect(
      record.coefficients.map(\.state)
        == [.estimated, .estimated, .minusInfinite, .plusInfinite])
    let rest = (0..<30).filter { classes[$0] < 2 }
    let pair = try Self.fit(rest.map { [x[$0]] }, rest.map { classes[$0] }, 2)
      .record(errors: .automatic)
    for (found, expected) in zip(record.coefficients.prefix(2), pair.coefficients) {
      let (a, b) = (found.standardError ?? .nan, expected.standardError ?? .nan)
      #expect(relativeDistance(a, b) < 1e-6, "\(a), not \(b)")
    }
  }

  /// All probabilities are within 1e-8 of 0 or 1, so that gradient and decrement are small before
  /// the coefficients are exact. The errors are those of Newton's method with 60 digits (mpmath).
  @Test func certainPredictionsHaveExactErrors() throws {
    let x = [[-611.0, 700], [572, -626], [552, 769], [609, -977]]
    let labels = Labels.classes(try ClassIndices([0, 1, 0, 1], classCount: 2))
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(),
      prior: GaussianPrior.ridge(1e-4), options: FitOptions()
    ).fit(Dataset(features: Features(x), labels: labels))
    let record = fit.record(errors: .automatic)
    let expected = [20787.254444791695, 35.264055549896474, 16.138877839104426]
    #expect(record.coefficients.count == expected.count)
    for (found, expected) in zip(record.coefficients, expected) {
      #expect(relativeDistance(found.standardError ?? .nan, expected) < 1e-6)
    }
  }

  @Test func aliasedColumnsHaveNone() throws {
    let x = (0..<30).map { Double($0 * 7 % 13) }
    let classes = (0..<30).map { ($0 * 5 + $0 * $0 % 7) % 3 }
    let twice = try Self.fit(x.map { [$0, 2 * $0 + 1] }, classes, 3).record(errors: .automatic)
    let once = try Self.fit(x.map { [$0] }, classes, 3).record(errors: .automatic)
    let found = twice.coefficients.filter { $0.state == .estimated }.map(\.standardError)
    #expect(found == once.coefficients.map(\.standardError))
    #expect(twice.coefficients.filter { $0.state == .aliased }.count == 2)
  }

  /// Labels without zeros: shares of three classes plus a constant, divided by their sum.
  private static func raisingShares(of data: Dataset, by constant: Double) throws -> Dataset {
    let shares = try ClassProbabilities(
      normalizing: BlockedMatrix(
        rows: (0..<data.rowCount).map { row in
          data.labels.distribution(ofRow: row).map { $0 + constant }
        }, columnCount: 3))
    return try Dataset(features: data.features, labels: .probabilities(shares))
  }

  /// With as many coefficients as rows there are no residuals for standard errors.
  @Test func saturatedSharesHaveNone() throws {
    let data = try RandomData(rows: 12, columns: 11, classes: 3, kind: .probabilities, seed: 3)
      .dataset()
    let fit = try UncertaintyTests.fit(Self.raisingShares(of: data, by: 0.1), options: FitOptions())
    let uncertainty = Uncertainty(of: fit)
    #expect(uncertainty.kind == nil && uncertainty.reason == .noResiduals(rank: 12, units: 12))
  }

  /// A covariance from three clusters cannot test four coefficients at once.
  @Test func fewClustersHaveNoJointTest() throws {
    let data = try RandomData(rows: 60, columns: 2, classes: 3, kind: .classes, seed: 3).dataset()
    let record = try UncertaintyTests.fit(data).record(
      errors: .cluster(Clusters((0..<60).map { $0 % 5 })))
    #expect(record.uncertainty.tests.map(\.feature) == ["f1", "f2"])
    #expect(record.uncertainty.reason == .fewClusters(.dependentRows(column: "cluster")))
  }

  /// An extreme value gives the coefficients and errors of a moderately large one, here 40: its row
  /// is fitted with certainty either way. More than one block of rows.
  @Test(arguments: [1e4, 1e7, 1e9])
  func outliersCostNoErrors(_ size: Double) throws {
    var numbers = TestNumbers(seed: 31)
    let rows = (0..<260).map { _ in numbers.uniform(2, in: -2...2) }
    let classes = rows.map { row in
      Double.random(in: 0..<1, using: &numbers) < 1 / (1 + exp(-row[0] + 0.5 * row[1])) ? 1 : 0
    }
    func record(_ value: Double) throws -> FitRecord {
      let labels = Labels.classes(try ClassIndices(classes + [1], classCount: 2))
      return try MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical()).fit(
        Dataset(features: Features(rows + [[value, 0.3]]), labels: labels)
      ).record(errors: .automatic)
    }
    let (plain, far) = (try record(400), try record(size))
    for (a, b) in zip(plain.coefficients, far.coefficients) {
      #expect(relativeDistance(a.estimate ?? .nan, b.estimate ?? .nan) < 1e-5)
      #expect(relativeDistance(a.standardError ?? .nan, b.standardError ?? .nan) < 1e-5)
    }
  }

  /// Only ratios of weights matter, however large or small the weights are.
  @Test(arguments: [1e300, 1e-300, 1e160])
  func weightsOfAnySize(_ size: Double) throws {
    let data = try RandomData(rows: 60, columns: 2, classes: 3, kind: .classes, seed: 4).dataset()
    func record(_ unit: Double) throws -> FitRecord {
      try UncertaintyTests.fit(
        Dataset(
          features: data.features, labels: data.labels,
          weights: .importance(checking: (0..<60).map { unit * Double(1 + $0 % 3) }))
      ).record(errors: .automatic)
    }
    let (plain, extreme) = (try record(1), try record(size))
    for (a, b) in zip(plain.coefficients, extreme.coefficients) {
      #expect(relativeDistance(a.standardError ?? .nan, b.standardError ?? .nan) < 1e-9)
    }
    let counts = [plain, extreme].map { $0.uncertainty.takeuchi?.effectiveParameterCount ?? .nan }
    #expect(relativeDistance(counts[0] * size, counts[1]) < 1e-9)
  }

  /// Ten times the votes of a hundred million change nothing relevant: the dispersion bounds the
  /// information of a row. Above that, where values have no digits left, a fit does not report
  /// convergence.
  @Test func votesBeyondTheDispersionAreFitted() throws {
    var numbers = TestNumbers(seed: 17)
    let x = numbers.uniform(40, in: -1...1)
    let shares = x.map { value -> Double in
      1 / (1 + exp(-value - Double.random(in: -1...1, using: &numbers)))
    }
    func fit(_ votes: Double) throws -> Fit<LinearPredictor, DirichletMultinomial, FlatPrior> {
      let rows = shares.map { [($0 * votes).rounded(), votes - ($0 * votes).rounded()] }
      return try MaximumLikelihood(
        SoftmaxRegression(), likelihood: DirichletMultinomial(), options: FitOptions(restarts: 0)
      ).fit(
        Dataset(
          features: Features(x.map { [$0] }),
          labels: .counts(ClassCounts(BlockedMatrix(rows: rows, columnCount: 2)))))
    }
    let fits = try [1e8, 1e9, 1e12].map(fit)
    let found = fits.map { $0.record().coefficients.map { $0.estimate ?? .nan } }
    #expect(fits[0].status.isConverged && fits[1].status.isConverged)
    #expect(vectorDistance(found[0], found[1]) < 1e-5, "\(found)")
    #expect(!fits[2].status.isConverged || vectorDistance(found[0], found[2]) < 1e-3, "\(found)")
  }

  @Test func noErrorsBeforeConvergence() throws {
    let data = try RandomData(rows: 50, columns: 2, classes: 3, kind: .classes).dataset()
    let fit = try UncertaintyTests.fit(
      data, options: FitOptions(stopping: StoppingRule(maximumIterations: 1)))
    let uncertainty = Uncertainty(of: fit)
    #expect(uncertainty.kind == nil && uncertainty.reason == .notConverged)
  }

  /// A precision has an error by the delta method, and an interval within its domain.
  @Test func ownParametersHaveErrors() throws {
    let data = try RandomData(rows: 80, columns: 1, classes: 3, kind: .probabilities, seed: 12)
      .dataset()
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Dirichlet(), options: UncertaintyTests.tight
    ).fit(Self.raisingShares(of: data, by: 0.05))
    for (choice, kind) in [
      (StandardErrorChoice.automatic, CovarianceType.sandwich), (.information, .information),
    ] {
      let uncertainty = Uncertainty(of: fit, errors: choice)
      #expect(uncertainty.kind == kind)
      let record = fit.record(uncertainty)
      let own = try #require(record.parameters.auxiliaryParameters.first)
      let error = try #require(uncertainty.standardError(of: .auxiliary(own.name)))
      #expect(relativeDistance(own.standardError ?? .nan, own.estimate * error) < 1e-14)
      let interval = try #require(own.interval)
      #expect(interval.contains(own.estimate) && interval.lowerBound > 0)
    }
  }
}
