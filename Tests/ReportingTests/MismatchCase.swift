import SurprisalAnnotation
import SurprisalCalibration
import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// A public entry of the library called with arguments that do not fit together.
struct MismatchCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Type and content of the error.
  let expected: String
  let call: @Sendable (MismatchFixture) throws -> Void

  init(
    _ name: String, _ error: any Error, _ call: @escaping @Sendable (MismatchFixture) throws -> Void
  ) {
    testDescription = name
    expected = Self.text(error)
    self.call = call
  }

  /// The case of a count that differs.
  init(
    _ name: String, _ what: String, _ expected: Int, _ found: Int,
    _ call: @escaping @Sendable (MismatchFixture) throws -> Void
  ) {
    self.init(
      name, DatasetError.rowMismatch(what: what, expected: expected, found: found), call)
  }

  static func text(_ error: any Error) -> String { String(reflecting: error) }
}

/// Consistent data of twelve rows, two features and three classes, and what was fitted to them.
struct MismatchFixture: Sendable {
  typealias SoftmaxFit = Fit<LinearPredictor, Categorical, GaussianPrior>

  let data: Dataset
  let fit: SoftmaxFit
  let names = ["a", "b", "c"]
  let predictions: ClassProbabilities
  let evaluation: Evaluation
  let softmax = MaximumLikelihood(
    SoftmaxRegression(), likelihood: Categorical(), prior: .ridge(0.1))
  let network = MaximumLikelihood(
    MultilayerPerceptron(hidden: [2]), likelihood: Categorical(), prior: .ridge(0.1))
  let training = TrainingOptions(epochs: 1, batchSize: 4)

  init() throws {
    data = try Self.rows(12)
    fit = try softmax.fit(data)
    predictions = try fit.probabilities(for: data.features)
    evaluation = try Evaluation(of: predictions, against: data.labels)
  }

  static func rows(_ count: Int, classes: Int = 3, columns: Int = 2) throws -> Dataset {
    try RandomData(rows: count, columns: columns, classes: classes, kind: .probabilities, seed: 3)
      .dataset()
  }

  static func zeros(_ rows: Int, _ columns: Int) -> BlockedMatrix {
    BlockedMatrix(rowCount: rows, columnCount: columns)
  }

  /// The record of a calibration of these predictions.
  func calibration(_ method: CalibrationMethod) throws -> CalibrationRecord {
    try CalibrationFit(
      method, of: predictions.logarithms, to: data.labels, lambda: method == .isotonic ? nil : 1
    ).record
  }

  /// An ensemble of one network.
  func networkFit() throws -> NetworkFit {
    try network.fitEnsemble(of: 1, to: data, training: training)
  }

  /// The annotators of a joint fit: one, who votes for the first of three classes.
  var votes: VoteRecord {
    VoteRecord(
      voteCount: 3, pseudoCounts: PseudoCounts(), classShares: [0.5, 0.25, 0.25],
      annotators: [
        VoteRecord.Annotator(
          name: "w", votes: 3, accuracy: nil, accuracyError: nil,
          confusion: [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], []], errors: [[], [], []],
          information: 0, remarks: [])
      ])
  }

  func crossValidated() throws -> CrossValidated<ModelClassifier<LinearPredictor>> {
    let path = RegularizationPath([0.1])
    let run = CrossValidation(
      SoftmaxPath(likelihood: Categorical()), path: path, foldCount: 2)
    return try #require(try run.run(data))
  }
}
