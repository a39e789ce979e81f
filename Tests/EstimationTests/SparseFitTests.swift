import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

/// A fit of compressed rows equals that of the same numbers in dense form.
@Suite struct SparseFitTests {
  private static func rows(_ count: Int, _ columns: Int) -> [[Double]] {
    var state: UInt64 = 20
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
    return (0..<count).map { _ -> [Double] in
      (0..<columns).map { column -> Double in
        guard next() < 0.3 else { return 0 }
        let value: Double = next() - 0.3
        return value * Double(column + 1)
      }
    }
  }

  private static func data(
    _ labels: (Int) throws -> Labels, storage: MatrixStorage
  ) throws -> Dataset {
    let rows = rows(60, 4)
    var features = try Features(rows)
    features.matrix = features.matrix.stored(as: storage)
    return try Dataset(features: features, labels: labels(rows.count))
  }

  private static func classes(_ count: Int) throws -> Labels {
    let indices = (0..<count).map { row -> Int in (row * row % 7) % 3 }
    return .classes(try ClassIndices(indices, classCount: 3))
  }

  private static func counts(_ count: Int) throws -> Labels {
    var matrix = BlockedMatrix(rowCount: count, columnCount: 3)
    for row in 0..<count {
      matrix[row, 0] = Double(row % 3)
      matrix[row, 1] = Double(row % 4) + 1
      matrix[row, 2] = Double(row % 5)
    }
    return .counts(try ClassCounts(matrix))
  }

  private static func soft(_ count: Int) throws -> Labels {
    var matrix = BlockedMatrix(rowCount: count, columnCount: 3)
    for row in 0..<count {
      let first = Double(row % 5 + 1) / 10
      matrix[row, 0] = first
      matrix[row, 1] = 0.9 - first
      matrix[row, 2] = 0.1
    }
    return .probabilities(try ClassProbabilities(matrix))
  }

  private func same<L: Likelihood, P: Prior>(
    _ likelihood: L, _ prior: P, _ labels: @escaping (Int) throws -> Labels,
    options: FitOptions = FitOptions()
  ) throws {
    let estimator = MaximumLikelihood(
      SoftmaxRegression(), likelihood: likelihood, prior: prior, options: options)
    let full = try Self.data(labels, storage: .double)
    let sparse = try Self.data(labels, storage: .sparse)
    let expected = try estimator.fit(full)
    let found = try estimator.fit(sparse)
    #expect(expected.status.isConverged && found.status.isConverged)
    #expect(
      relativeDistance(found.statistics.objective, expected.statistics.objective) < 1e-10)
    #expect(found.statistics.degreesOfFreedom == expected.statistics.degreesOfFreedom)
    let pairs = zip(
      found.classifier.coefficients.weights.flatMap { $0 },
      expected.classifier.coefficients.weights.flatMap { $0 })
    for (found, expected) in pairs { #expect((found - expected).magnitude < 1e-6) }
    // Either model reads either storage.
    for fit in [found, expected] {
      let a = try fit.probabilities(for: sparse.features)
      let b = try fit.probabilities(for: full.features)
      for row in 0..<sparse.rowCount {
        for (x, y) in zip(a.values.row(row), b.values.row(row)) {
          #expect((x - y).magnitude < 1e-12)
        }
      }
    }
  }

  @Test(arguments: SolverChoice.allCases) func sameFitWithEverySolver(_ solver: SolverChoice) throws
  {
    let options = FitOptions(solver: solver)
    try same(Categorical(), GaussianPrior.ridge(1e-2), Self.soft, options: options)
    try same(Categorical(), FlatPrior(), Self.soft, options: options)
  }

  @Test func standardizedPenaltyMeansTheSame() throws {
    var options = FitOptions()
    options.penalizesStandardized = true
    try same(Categorical(), GaussianPrior.ridge(1e-1), Self.soft, options: options)
  }

  @Test func sameFitUnderOtherLikelihoods() throws {
    try same(Categorical(), FlatPrior(), Self.classes)
    try same(Multinomial(), FlatPrior(), Self.counts)
    try same(DirichletMultinomial(), GaussianPrior.ridge(1e-2), Self.counts)
    try same(ContinuousCategorical(), GaussianPrior.ridge(1e-2), Self.soft)
    try same(Dirichlet(), GaussianPrior.ridge(1e-2), Self.soft)
  }

  @Test func scalesAreThoseOfTheFullMatrix() {
    let matrix = BlockedMatrix(rows: Self.rows(50, 5), columnCount: 5)
    let weights = (0..<50).map { Double($0 % 3) + 0.5 }
    for centering in [true, false] {
      let full = Standardization(
        of: matrix, weights: weights, centering: centering, threads: .one)
      let sparse = Standardization(
        of: matrix.stored(as: .sparse), weights: weights, centering: centering, threads: .one)
      #expect(sparse.centers == [0, 0, 0, 0, 0])
      for (found, expected) in zip(sparse.scales, full.scales) {
        #expect(relativeDistance(found, expected) < 1e-13)
      }
    }
  }

  /// More cells than are converted to dense form: existence is undecided, without a trap.
  @Test func largeFlatFitSaysWhatWasNotExamined() throws {
    var entries = CompressedRows()
    for row in 0..<2000 {
      entries.append(columns: [UInt32(row % 3), UInt32(3 + row % 2)], values: [1, 2])
    }
    let names = (1...34_000).map { "f\($0)" }
    let features = Features(
      trusting: BlockedMatrix(entries, columnCount: names.count),
      encoding: FeatureEncoding(numbers: names))
    let data = try Dataset(features: features, labels: Self.classes(2000))
    var options = FitOptions()
    options.stopping.maximumIterations = 3
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), options: options
    ).fit(data)
    #expect(fit.warnings.contains(.rankUnexamined))
    #expect(fit.warnings.contains(.existenceUndecided(.sparseFeatures)))
    #expect(fit.statistics.degreesOfFreedom == nil)
  }
}
