import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// The error of a likelihood names the row of the given data set, not its position among the used
/// rows.
@Suite struct RowIdentityTests {
  /// The row at fault.
  private static let row = 86

  /// A hundred rows of which the first ten have weight zero; the label of one has a zero.
  private static func data(
    weightless: Int = 10, row: Int? = row
  ) throws -> Dataset {
    var numbers = TestNumbers(seed: 5)
    let features = (0..<100).map { _ in numbers.uniform(2, in: -1...1) }
    var shares = BlockedMatrix(
      rows: (0..<100).map { _ in numbers.uniform(3, in: 0.1...1) }, columnCount: 3)
    if let row { shares[row, 1] = 0 }
    return try Dataset(
      features: Features(features),
      labels: .probabilities(ClassProbabilities(normalizing: shares)),
      weights: .importance(checking: (0..<100).map { $0 < weightless ? 0 : 1 }))
  }

  private static let expected = DatasetError.label(
    .outsideDomain(likelihood: "dirichlet", row: row, class: 1, value: 0))

  @Test func affineFit() throws {
    let data = try Self.data()
    #expect(throws: Self.expected) {
      try MaximumLikelihood(SoftmaxRegression(), likelihood: Dirichlet()).fit(data)
    }
    #expect(throws: Self.expected) { try data.requireResponses(to: Dirichlet()) }
    #expect(throws: Self.expected) { try DatasetProfile(of: data, likelihood: Dirichlet()) }
  }

  /// The label of a row of weight zero is not examined.
  @Test func weightlessRowsAreNotExamined() throws {
    let data = try Self.data(row: 4)
    try data.requireResponses(to: Dirichlet())
    let fit = try MaximumLikelihood(SoftmaxRegression(), likelihood: Dirichlet()).fit(data)
    #expect(fit.status.isConverged)
  }

  /// A report that no class can give under a known confusion matrix.
  @Test func noisyLabels() throws {
    let confusion = try ClassProbabilities(
      BlockedMatrix(rows: [[0.9, 0.1, 0], [0.2, 0.8, 0], [0.5, 0.5, 0]], columnCount: 3))
    let classes = (0..<100).map { $0 == Self.row ? 2 : $0 % 2 }
    let data = try Dataset(
      features: Self.data().features, labels: .classes(ClassIndices(classes, classCount: 3)),
      weights: Self.data().weights)
    #expect(
      throws: DatasetError.label(
        .outsideDomain(likelihood: "noisy-label", row: Self.row, class: 2, value: 1))
    ) {
      try MaximumLikelihood(SoftmaxRegression(), likelihood: NoisyLabel(.known(confusion)))
        .fit(data)
    }
  }

  /// Rows of weight zero are dropped, then a share of the others is held out in random order.
  @Test(arguments: 1...4) func networksWithValidationRows(seed: UInt64) throws {
    let data = try Self.data()
    let estimator = MaximumLikelihood(
      MultilayerPerceptron(hidden: [3]), likelihood: Dirichlet(), options: FitOptions(seed: seed))
    #expect(throws: Self.expected) {
      try estimator.fit(
        data, training: TrainingOptions(epochs: 1), validation: .share(0.4))
    }
    #expect(throws: Self.expected) {
      try estimator.fitEnsemble(of: 2, to: data, training: TrainingOptions(epochs: 1))
    }
  }

  /// Separate validation rows are named by their own numbers.
  @Test func validationRows() throws {
    let (good, bad) = (try Self.data(row: nil), try Self.data())
    #expect(throws: Self.expected) {
      try MaximumLikelihood(MultilayerPerceptron(hidden: [3]), likelihood: Dirichlet())
        .fit(good, training: TrainingOptions(epochs: 1), validation: .data(bad))
    }
  }

  @Test func crossValidation() throws {
    let data = try Self.data()
    let validation = CrossValidation(
      SoftmaxPath(likelihood: Dirichlet()), path: RegularizationPath([0.1]), foldCount: 3)
    #expect(throws: Self.expected) { _ = try validation.run(data) }
  }

  /// Parts of parts refer to the original data set; a selection is an independent data set.
  @Test func originsCompose() throws {
    let data = try Self.data()
    let part = data.part(rows: Array(50..<100)).droppingZeroWeights().part(rows: [36, 2])
    #expect(part.origin == [86, 52])
    #expect(data.droppingZeroWeights().origin == Array(10..<100))
    #expect(data.selecting(rows: [86]).origin == nil)
    let single = data.selecting(rows: [3, Self.row, 20])
    #expect(
      throws: DatasetError.label(
        .outsideDomain(likelihood: "dirichlet", row: 1, class: 1, value: 0))
    ) { try single.requireResponses(to: Dirichlet()) }
  }

  /// Every error with row numbers is mapped.
  @Test func everyRowIsMapped() {
    let origin = [10, 11, 12, 20]
    let pairs: [(DatasetError, DatasetError)] = [
      (
        .label(.negative(row: 3, class: 1, value: -1)),
        .label(.negative(row: 20, class: 1, value: -1))
      ),
      (
        .label(.sum(row: 0, sum: 2, affected: 2, worstRow: 3, worstSum: 3)),
        .label(.sum(row: 10, sum: 2, affected: 2, worstRow: 20, worstSum: 3))
      ),
      (.label(.empty(row: 1, affected: 1)), .label(.empty(row: 11, affected: 1))),
      (.label(.overflow(row: 2)), .label(.overflow(row: 12))),
      (
        .notFinite(column: "x", row: 3, value: .infinity),
        .notFinite(column: "x", row: 20, value: .infinity)
      ),
      (.weight(row: 3, value: -1), .weight(row: 20, value: -1)),
      (
        .unknownLevel(column: "c", row: 3, level: "z", known: ["a"]),
        .unknownLevel(column: "c", row: 20, level: "z", known: ["a"])
      ),
      (.noRows, .noRows), (.label(.oneClass), .label(.oneClass)),
    ]
    for (error, expected) in pairs {
      #expect(error.mappingRows(origin) == expected)
      #expect(error.mappingRows(nil) == error)
    }
  }
}
