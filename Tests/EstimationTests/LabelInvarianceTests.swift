import Foundation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Equivalent forms of labels, and edge cases of labels.
@Suite struct LabelInvarianceTests {
  static func data(_ kind: LabelKind, rows: Int = 60, weights: Bool = true) throws -> Dataset {
    try RandomData(
      rows: rows, columns: 3, classes: 3, kind: kind, hasWeights: weights, seed: 31
    ).dataset()
  }

  static func relabelled(_ data: Dataset, _ labels: Labels) throws -> Dataset {
    try Dataset(
      features: data.features, labels: labels, classNames: data.classNames, weights: data.weights)
  }

  /// Bit for bit, with any weights and options.
  @Test(arguments: SolverChoice.allCases, [true, false])
  func oneHotLabelsAreClasses(_ solver: SolverChoice, hasWeights: Bool) throws {
    let data = try Self.data(.classes, rows: 200, weights: hasWeights)
    let rows = (0..<200).map { data.labels.distribution(ofRow: $0) }
    let matrix = BlockedMatrix(rows: rows, columnCount: 3)
    let soft = try Self.relabelled(data, .probabilities(ClassProbabilities(matrix)))
    let votes = try Self.relabelled(data, .counts(ClassCounts(matrix)))
    let options = FitOptions(solver: solver)
    let expected = try penalizedFit(data, lambda: 1e-3, options: options)
    for other in [soft, votes] {
      let found = try penalizedFit(other, lambda: 1e-3, options: options)
      #expect(found.classifier.parameters == expected.classifier.parameters)
      #expect(found.statistics.objective == expected.statistics.objective)
      #expect(found.statistics.crossEntropy == expected.statistics.crossEntropy)
      #expect(found.statistics.logPosterior == expected.statistics.logPosterior)
    }
    let multinomial = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: Multinomial(), prior: .ridge(1e-3), options: options
    ).fit(votes)
    #expect(multinomial.classifier.parameters == expected.classifier.parameters)
    #expect(multinomial.statistics.logLikelihoodConstant == 0)
  }

  /// One hard row per class, weighted by the shares.
  @Test func aSoftRowIsAMixtureOfHardRows() throws {
    let data = try Self.data(.probabilities)
    let rows = (0..<60).flatMap { [$0, $0, $0] }
    let weights = (0..<60).flatMap { row in
      data.labels.distribution(ofRow: row).map { $0 * data.weights[row] }
    }
    let mixture = try Dataset(
      features: data.features.selecting(rows: rows),
      labels: .classes(ClassIndices((0..<60).flatMap { _ in [0, 1, 2] }, classCount: 3)),
      weights: .importance(checking: weights))
    let (first, second) = (try penalizedFit(data), try penalizedFit(mixture))
    #expect(relativeDistance(first.statistics.objective, second.statistics.objective) < 1e-12)
    #expect(relativeDistance(first.statistics.crossEntropy, second.statistics.crossEntropy) < 1e-12)
    #expect(second.statistics.labelEntropy == 0)
    #expect(try probabilityDistance(first, second, on: data.features) < 1e-11)
  }

  /// n votes are equivalent to n rows, up to the number of orders of the votes.
  @Test func countsAreRepeatedRowsUpToTheConstant() throws {
    let data = try Self.data(.counts, weights: false)
    guard case .counts(let counts) = data.labels else { return }
    var (rows, classes): ([Int], [Int]) = ([], [])
    for row in 0..<60 {
      for index in 0..<3 {
        guard let votes = Int(exactly: counts.values[row, index]) else { continue }
        rows += [Int](repeating: row, count: votes)
        classes += [Int](repeating: index, count: votes)
      }
    }
    let repeated = try Dataset(
      features: data.features.selecting(rows: rows),
      labels: .classes(ClassIndices(classes, classCount: 3)))
    let first = try MaximumLikelihood(SoftmaxRegression(), likelihood: Multinomial()).fit(data)
    let second = try plainFit(repeated)
    let (votes, single) = (first.statistics, second.statistics)
    #expect(relativeDistance(votes.objective, single.objective) < 1e-12)
    #expect(
      relativeDistance(votes.logLikelihood - votes.logLikelihoodConstant, single.logLikelihood)
        < 1e-12)
    // The constant: the logarithm of the multinomial coefficients, from factorials.
    let constant = (0..<60).reduce(0) { sum, row in
      (0..<3).reduce(sum + Self.logFactorial(counts.totals[row])) {
        $0 - Self.logFactorial(counts.values[row, $1])
      }
    }
    #expect(relativeDistance(votes.logLikelihoodConstant, constant) < 1e-12)
    #expect(try probabilityDistance(first, second, on: data.features) < 1e-11)
    guard case .available(_, let bic) = votes.criteria,
      case .available(_, let other) = single.criteria
    else {
      Issue.record("criteria are missing")
      return
    }
    #expect(relativeDistance(bic + 2 * votes.logLikelihoodConstant, other) < 1e-12)
  }

  private static func logFactorial(_ count: Double) -> Double {
    stride(from: 2, through: count, by: 1).reduce(0) { $0 + log($1) }
  }

  /// Without features a fit gives exactly the weighted mean label.
  @Test(arguments: [LabelKind.classes, .probabilities, .counts])
  func withoutFeaturesTheMeanLabelIsFitted(_ kind: LabelKind) throws {
    let full = try Self.data(kind)
    let data = try full.replacing(
      features: Features(
        trusting: BlockedMatrix(rowCount: 60, columnCount: 0),
        encoding: FeatureEncoding(numbers: []))
    )
    let fit = try plainFit(data)
    #expect(fit.status.isConverged)
    var (mass, total) = ([0.0, 0, 0], 0.0)
    for row in 0..<60 {
      let weight = data.weights[row] * data.labels.multiplicity(ofRow: row)
      total += weight
      mass.add(weight, times: data.labels.distribution(ofRow: row))
    }
    let found = try fit.probabilities(for: data.features).values.row(7)
    for (found, expected) in zip(found, mass) {
      #expect(relativeDistance(found, expected / total) < 1e-14)
    }
    #expect(relativeDistance(fit.statistics.crossEntropy, fit.statistics.nullCrossEntropy) < 1e-14)
    #expect(fit.statistics.degreesOfFreedom == 2)
  }

  /// One soft row: every column is constant, and the label itself is fitted.
  @Test func aSingleSoftRowIsItsOwnFit() throws {
    let shares = BlockedMatrix(rows: [[0.2, 0.7, 0.1]], columnCount: 3)
    let data = try Dataset(
      features: Features([[3, -5]]), labels: .probabilities(ClassProbabilities(shares)))
    let fit = try plainFit(data)
    #expect(fit.status.isConverged)
    #expect(fit.aliased.map(\.column) == [0, 1])
    let found = try fit.probabilities(for: data.features).values.row(0)
    #expect(vectorDistance(found, [0.2, 0.7, 0.1]) < 1e-14)
    #expect(fit.statistics.divergence.magnitude < 1e-14)
    #expect(fit.statistics.explainedShare == nil)
    let penalized = try penalizedFit(data)
    #expect(penalized.status.isConverged)
  }

  /// λ = 1e300 gives the mean label, λ = 1e-300 plain maximum likelihood.
  @Test func limitsOfThePenalty() throws {
    let data = try Self.data(.probabilities)
    let strong = try penalizedFit(data, lambda: 1e300)
    #expect(strong.status.isConverged)
    #expect(
      relativeDistance(strong.statistics.crossEntropy, strong.statistics.nullCrossEntropy) < 1e-14)
    #expect(strong.statistics.objective.isFinite)
    let weights = strong.classifier.coefficients.weights.flatMap { $0 }
    #expect(weights.allSatisfy { $0.magnitude < 1e-290 })
    let (weak, plain) = (try penalizedFit(data, lambda: 1e-300), try plainFit(data))
    #expect(weak.status.isConverged)
    #expect(relativeDistance(weak.statistics.objective, plain.statistics.objective) < 1e-13)
    #expect(try probabilityDistance(weak, plain, on: data.features) < 1e-9)
  }

  /// A class without mass has no finite intercept: the error names it, with any prior.
  @Test(arguments: [LabelKind.classes, .probabilities, .counts])
  func aClassNeverSeenIsRefused(_ kind: LabelKind) throws {
    let rows: [[Double]] = [[1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1]]
    let matrix = BlockedMatrix(rows: rows, columnCount: 3)
    let labels: Labels =
      switch kind {
      case .classes: .classes(try ClassIndices([0, 2, 0, 2], classCount: 3))
      case .counts: .counts(try ClassCounts(matrix))
      default: .probabilities(try ClassProbabilities(matrix))
      }
    let data = try Dataset(features: Features([[1], [2], [2], [1]]), labels: labels)
    #expect(throws: DatasetError.label(.neverSeen(classes: [1]))) { try plainFit(data) }
    #expect(throws: DatasetError.label(.neverSeen(classes: [1]))) { try penalizedFit(data) }
    #expect(throws: DatasetError.label(.neverSeen(classes: [1]))) {
      try plainFit(data, hasIntercept: false)
    }
  }
}
