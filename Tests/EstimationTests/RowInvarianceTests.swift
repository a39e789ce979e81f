import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Changes of rows and weights that do not change a fit.
@Suite struct RowInvarianceTests {
  static let kinds = [LabelKind.classes, .probabilities, .counts]

  static func data(_ kind: LabelKind, weights: Bool = false, seed: UInt64 = 11) throws -> Dataset {
    try RandomData(
      rows: 60, columns: 3, classes: 3, kind: kind, hasWeights: weights, hasOffsets: true,
      seed: seed
    ).dataset()
  }

  @Test(arguments: kinds, [true, false])
  func aRepeatedRowIsADoubledWeight(_ kind: LabelKind, isFrequency: Bool) throws {
    let data = try Self.data(kind)
    let repeated = data.selecting(rows: Array(0..<60) + [3, 4, 4, 59])
    var weights = [Double](repeating: 1, count: 60)
    weights[3] = 2
    weights[4] = 3
    weights[59] = 2
    let weighted = try data.replacing(
      weights: isFrequency ? .frequency(checking: weights) : .importance(checking: weights))
    let (first, second) = (try penalizedFit(repeated), try penalizedFit(weighted))
    let (expected, found) = (first.statistics, second.statistics)
    #expect(relativeDistance(found.objective, expected.objective) < 1e-12)
    #expect(relativeDistance(found.crossEntropy, expected.crossEntropy) < 1e-12)
    #expect(relativeDistance(found.labelEntropy, expected.labelEntropy, floor: 1e-3) < 1e-12)
    #expect(relativeDistance(found.logLikelihood, expected.logLikelihood) < 1e-12)
    #expect(relativeDistance(found.logPosterior, expected.logPosterior) < 1e-12)
    #expect(relativeDistance(found.nullLogLikelihood, expected.nullLogLikelihood) < 1e-12)
    #expect(found.totalWeight == expected.totalWeight)
    if isFrequency { #expect(found.rowCount == expected.rowCount) }
    #expect(
      try probabilityDistance(first, second, on: data.features, offsets: data.offsets) < 1e-12)
  }

  /// A likelihood has criteria with frequencies, but not with importance weights.
  @Test func criteriaCountFrequencies() throws {
    let data = try Self.data(.counts)
    let weights = (0..<60).map { Double($0 % 3) }
    let rows = (0..<60).flatMap { [Int](repeating: $0, count: $0 % 3) }
    let estimator = MaximumLikelihood(SoftmaxRegression(), likelihood: Multinomial())
    let repeated = try estimator.fit(data.selecting(rows: rows)).statistics
    let frequency = try estimator.fit(
      data.replacing(weights: .frequency(checking: weights))
    ).statistics
    guard case .available(let aic, let bic) = repeated.criteria,
      case .available(let foundAIC, let foundBIC) = frequency.criteria
    else {
      Issue.record("criteria are missing")
      return
    }
    #expect(relativeDistance(foundAIC, aic) < 1e-12)
    #expect(relativeDistance(foundBIC, bic) < 1e-12)
    #expect(frequency.degreesOfFreedom == repeated.degreesOfFreedom)
    let importance = try estimator.fit(
      data.replacing(weights: .importance(checking: weights))
    ).statistics
    if case .available = importance.criteria { Issue.record("criteria with importance weights") }
  }

  @Test(arguments: kinds)
  func aRowOfWeightZeroIsAbsent(_ kind: LabelKind) throws {
    let data = try Self.data(kind)
    var weights = [Double](repeating: 1.5, count: 60)
    for row in [0, 17, 18, 59] { weights[row] = 0 }
    let weighted = try data.replacing(weights: .importance(checking: weights))
    let absent = weighted.selecting(rows: (0..<60).filter { weights[$0] > 0 })
    let (first, second) = (try penalizedFit(weighted), try penalizedFit(absent))
    #expect(first.classifier.parameters == second.classifier.parameters)
    #expect(first.classifier.standardization == second.classifier.standardization)
    #expect(first.record() == second.record())
  }

  /// A row of weight zero may be the only one with a class.
  @Test func aClassOfWeightZeroIsNeverSeen() throws {
    let labels = Labels.classes(try ClassIndices([0, 1, 2, 0, 1], classCount: 3))
    let data = try Dataset(
      features: Features([[1], [2], [3], [4], [0]]), labels: labels,
      weights: .importance(checking: [1, 1, 0, 1, 1]))
    #expect(throws: DatasetError.label(.neverSeen(classes: [2]))) { try plainFit(data) }
    #expect(throws: DatasetError.label(.neverSeen(classes: [2]))) { try penalizedFit(data) }
    // Without an intercept a proper prior keeps all parameters finite.
    let fit = try penalizedFit(data, hasIntercept: false)
    #expect(fit.status.isConverged)
  }

  @Test(arguments: kinds)
  func rowsMayBePermuted(_ kind: LabelKind) throws {
    let data = try Self.data(kind, weights: true)
    var numbers = TestNumbers(seed: 5)
    let permuted = data.selecting(rows: Array(0..<60).shuffled(using: &numbers))
    let (first, second) = (try penalizedFit(data), try penalizedFit(permuted))
    #expect(relativeDistance(first.statistics.objective, second.statistics.objective) < 1e-13)
    #expect(
      try probabilityDistance(first, second, on: data.features, offsets: data.offsets) < 1e-10)
  }

  /// Only ratios of weights matter: the mean is the same.
  @Test(arguments: [1e-200, 0.125, 1e6, 1e200])
  func weightsMayBeScaled(_ factor: Double) throws {
    let data = try Self.data(.probabilities, weights: true)
    let scaled = try data.replacing(
      weights: .importance(checking: (0..<60).map { data.weights[$0] * factor }))
    let (first, second) = (try penalizedFit(data), try penalizedFit(scaled))
    #expect(second.status.isConverged)
    #expect(relativeDistance(first.statistics.objective, second.statistics.objective) < 1e-13)
    #expect(
      try probabilityDistance(first, second, on: data.features, offsets: data.offsets) < 1e-10)
  }

  /// A weight ratio of 1e6; the 2 x 2 table is saturated, so the exact fit is known.
  @Test func extremeImbalance() throws {
    let labels = Labels.classes(try ClassIndices([0, 1, 0, 1], classCount: 2))
    let data = try Dataset(
      features: Features([[0], [0], [1], [1]]), labels: labels,
      weights: .frequency(checking: [1_000_000, 1, 2_000_000, 6]))
    let fit = try plainFit(data)
    #expect(fit.status.isConverged)
    let contrasts = fit.classifier.coefficients.contrasts(to: 0)
    #expect(relativeDistance(contrasts.intercepts[1], -13.815510557964274) < 1e-9)
    #expect(relativeDistance(contrasts.weights[1][0], 1.0986122886681098) < 1e-9)
  }
}
