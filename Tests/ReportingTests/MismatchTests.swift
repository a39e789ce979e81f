import SurprisalAnnotation
import SurprisalCalibration
import SurprisalDatasets
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalFitting
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import SurprisalReporting
import TestSupport
import Testing

/// Public entries give errors that name the fault if arguments do not fit together, and never trap.
@Suite struct MismatchTests {
  private typealias Fixture = MismatchFixture

  @Test(
    arguments: labels + datasets + classifiers + fits + networks + calibrations + inferences
      + reports)
  func throwsTheStatedError(_ item: MismatchCase) throws {
    let fixture = try MismatchFixture()
    do {
      try item.call(fixture)
      Issue.record("no error")
    } catch {
      #expect(MismatchCase.text(error) == item.expected)
    }
  }

  static let labels: [MismatchCase] = [
    MismatchCase(
      "class weights", LabelError.entryCount(what: "class weights", expected: 3, found: 2)
    ) { _ = try $0.data.labels.weightingClasses(by: [1, 2]) },
    MismatchCase(
      "label smoothing",
      LabelError.argument("label smoothing", value: 1.5, domain: "a number from 0 to 1")
    ) { _ = try $0.data.labels.smoothed(by: 1.5) },
    MismatchCase(
      "a temperature",
      LabelError.argument("teacher temperature", value: 0, domain: "a positive finite number")
    ) { _ = try $0.data.labels.tempered(by: 0) },
    MismatchCase(
      "logits of a row", LabelError.entryCount(what: "logits", expected: 3, found: 2)
    ) { _ = try Categorical().logLikelihood(of: $0.data.labels, logits: [0, 0]) },
    MismatchCase(
      "parameters of a row",
      LabelError.entryCount(what: "auxiliary parameters", expected: 0, found: 1)
    ) {
      _ = try Categorical().logLikelihood(
        of: $0.data.labels, logits: [0, 0, 0], parameters: [1])
    },
    MismatchCase(
      "a row that is not there",
      LabelError.argument("row", value: 12, domain: "an index of 12 rows")
    ) { _ = try Categorical().logLikelihood(of: $0.data.labels, row: 12, logits: [0, 0, 0]) },
    MismatchCase("predictions of a ledger", LabelError.rowCount(expected: 12, found: 3)) {
      _ = try Ledger(
        labels: $0.data.labels, predictions: $0.predictions.selecting(rows: [0, 1, 2]),
        weights: [Double](repeating: 1, count: 12))
    },
    MismatchCase("weights of a ledger", LabelError.rowCount(expected: 12, found: 1)) {
      _ = try Ledger(labels: $0.data.labels, predictions: $0.predictions, weights: [1])
    },
  ]

  static let datasets: [MismatchCase] = [
    MismatchCase(
      "the code of a level",
      DatasetError.levelCode(column: "t", row: 1, code: 2, levelCount: 2)
    ) { _ in _ = try Column(name: "t", levels: ["a", "b"], codes: [0, 2, -1]) },
    MismatchCase(
      "a negative code",
      DatasetError.levelCode(column: "t", row: 0, code: -2, levelCount: 1)
    ) { _ in _ = try Column(name: "t", levels: ["a"], codes: [-2]) },
    MismatchCase("columns of unequal length", "y", 2, 3) { _ in
      _ = try Columns(
        [Column(name: "x", numbers: [1, 2]), Column(name: "y", numbers: [1, 2, 3])], rowCount: 2)
    },
    MismatchCase("features of another encoding", "columns of the features", 2, 3) { _ in
      _ = try Features(
        matrix: Fixture.zeros(2, 3), encoding: FeatureEncoding(numbers: ["x", "y"]))
    },
    MismatchCase("class names of a data set", "class names", 3, 2) {
      _ = try Dataset(
        features: $0.data.features, labels: $0.data.labels, classNames: ["a", "b"])
    },
    MismatchCase("groups of folds", "groups", 12, 11) {
      var generator = SplitMix64(seed: 1)
      _ = try Folds(of: $0.data, count: 2, groups: Array(0..<11), using: &generator)
    },
    MismatchCase("factors of weights", "factors of the weights", 2, 3) { _ in
      _ = try RowWeights.importance([1, 2]).multiplied(by: [1, 1, 1])
    },
  ]

  static let classifiers: [MismatchCase] = [
    MismatchCase("rows of offsets", "offsets", 12, 11) {
      _ = try $0.fit.classifier.logits(
        for: $0.data.features, offsets: Fixture.zeros(11, 3))
    },
    MismatchCase("more rows of offsets", "offsets", 12, 200) {
      _ = try $0.fit.probabilities(for: $0.data.features, offsets: Fixture.zeros(200, 3))
    },
    MismatchCase("columns of offsets", "columns of the offsets", 3, 4) {
      _ = try $0.fit.classifier.probabilities(
        for: $0.data.features, offsets: Fixture.zeros(12, 4))
    },
    MismatchCase("columns of a design matrix", "columns of the features", 2, 3) {
      _ = try $0.fit.classifier.predict(
        .logits, from: Fixture.zeros(4, 3), offsets: nil, threads: .one)
    },
    MismatchCase("offsets of a network", "offsets", 12, 1) {
      _ = try $0.networkFit().classifier.logProbabilities(
        for: $0.data.features, offsets: Fixture.zeros(1, 3))
    },
    MismatchCase("classes of a loss", "classes of the labels", 3, 4) {
      _ = try $0.fit.classifier.loss(of: Fixture.rows(12, classes: 4))
    },
    MismatchCase(
      "probabilities beside votes",
      VoteError.rowMismatch(what: "probabilities", expected: 3, found: 2)
    ) { _ = try $0.votes.posterior(of: [0.5, 0.5], given: []) },
    MismatchCase(
      "the annotator of a vote",
      VoteError.index(what: "annotators", row: 1, index: 1, count: 1)
    ) { _ = try $0.votes.posterior(of: [0.5, 0.25, 0.25], given: [(0, 0, 1), (1, 0, 1)]) },
    MismatchCase(
      "the label of a vote", VoteError.index(what: "labels", row: 0, index: 3, count: 3)
    ) { _ = try $0.votes.posterior(of: [0.5, 0.25, 0.25], given: [(0, 3, 1)]) },
    MismatchCase(
      "an annotator who answers",
      VoteError.index(what: "annotators", row: 0, index: -1, count: 1)
    ) { _ = try $0.votes.answers(of: -1, given: [0.5, 0.25, 0.25]) },
  ]

  static let fits: [MismatchCase] = [
    MismatchCase("groups of a cross-validation", "groups", 12, 13) {
      _ = try CrossValidation(SoftmaxPath(likelihood: Categorical()), foldCount: 3)
        .run($0.data, groups: Array(0..<13))
    },
    MismatchCase(
      "repeats of a cross-validation",
      DatasetError.argument("repeats", value: 0, domain: "at least 1")
    ) {
      _ = try CrossValidation(SoftmaxPath(likelihood: Categorical()), foldCount: 3, repeats: 0)
        .run($0.data)
    },
    MismatchCase("rows out of fold", "rows", 12, 5) {
      _ = try $0.crossValidated().outOfFold(Fixture.rows(5), choosing: .minimum)
    },
    MismatchCase("classes out of fold", "classes", 3, 4) {
      _ = try $0.crossValidated().outOfFold(
        Fixture.rows(12, classes: 4), choosing: .minimum)
    },
    MismatchCase(
      "a strength out of fold",
      DatasetError.argument("strength", value: 1, domain: "an index of 1 strengths")
    ) { _ = try $0.crossValidated().outOfFold($0.data) { _, _ in 1 } },
  ]

  static let networks: [MismatchCase] = [
    MismatchCase("groups of a network", "groups", 12, 3) {
      _ = try $0.network.fit(
        $0.data, training: $0.training, validation: .fold(of: 3), groups: [1, 2, 3])
    },
    MismatchCase("more groups of a network", "groups", 12, 15) {
      _ = try $0.network.fit(
        $0.data, training: $0.training, validation: .share(0.5), groups: Array(0..<15))
    },
    MismatchCase("a share that is none", DatasetError.noRows) {
      _ = try $0.network.fit($0.data, training: $0.training, validation: .share(2))
    },
    MismatchCase(
      "an ensemble without members",
      DatasetError.argument("members", value: 0, domain: "at least 1")
    ) { _ = try $0.network.fitEnsemble(of: 0, to: $0.data) },
    MismatchCase(
      "no network", DatasetError.argument("members", value: 0, domain: "at least 1")
    ) { _ in _ = try NetworkClassifier(members: []) },
    MismatchCase(
      "a network of other classes",
      DatasetError.argument(
        "member", value: 1, domain: "a network of the features and classes of the first")
    ) {
      let other = try $0.network.fit(Fixture.rows(12, classes: 2), training: $0.training)
      _ = try NetworkClassifier(
        members: $0.networkFit().classifier.members + [other.classifier])
    },
    MismatchCase(
      "one candidate for the layers",
      DatasetError.argument("candidates for the layers", value: 1, domain: "at least 2")
    ) {
      _ = try $0.network.layerChoice(
        among: [[]], on: $0.data, training: $0.training, validation: .share(0.5))
    },
    MismatchCase(
      "no linear candidate",
      DatasetError.argument("hidden layers of the first candidate", value: 1, domain: "none")
    ) {
      _ = try $0.network.layerChoice(
        among: [[2], [3]], on: $0.data, training: $0.training, validation: .share(0.5))
    },
    MismatchCase(
      "one strength", DatasetError.argument("strengths", value: 1, domain: "at least 2")
    ) {
      _ = try $0.network.priorChoice(
        among: [0.1], on: $0.data, training: $0.training, validation: .share(0.5))
    },
  ]

  static let calibrations: [MismatchCase] = [
    MismatchCase(
      "rows of a calibration",
      CalibrationError.data(.rowMismatch(what: "predictions", expected: 12, found: 4))
    ) { _ = try CalibrationFit(.temperature, of: Fixture.zeros(4, 3), to: $0.data.labels) },
    MismatchCase(
      "weights of a calibration",
      CalibrationError.data(.rowMismatch(what: "weights", expected: 12, found: 1))
    ) {
      _ = try CalibrationFit(
        .temperature, of: $0.predictions.logarithms, to: $0.data.labels,
        weights: .importance([1]))
    },
    MismatchCase("classes of a vector calibrator", "classes of the calibrator", 2, 3) {
      _ = try $0.calibration(.vector).calibrator.probabilities(from: Fixture.zeros(4, 2))
    },
    MismatchCase("classes of an isotonic calibrator", "classes of the calibrator", 4, 3) {
      _ = try $0.calibration(.isotonic).calibrator.logits(from: Fixture.zeros(4, 4))
    },
    MismatchCase(
      "a slope", DatasetError.argument("slope", value: -1, domain: "a positive finite number")
    ) { _ in
      _ = try Calibrator.temperature(slope: -1).logProbabilities(from: Fixture.zeros(4, 2))
    },
    MismatchCase("classes of a calibrated classifier", "classes of the calibrator", 2, 3) {
      let other = try $0.softmax.fit(Fixture.rows(12, classes: 2)).classifier
      _ = try CalibratedClassifier(other, calibration: $0.calibration(.matrix))
    },
    MismatchCase("classes of a saved classifier", "classes of the calibrator", 2, 3) {
      let other = try $0.softmax.fit(Fixture.rows(12, classes: 2)).classifier
      _ = try SavedClassifier.affine(other).calibrated(by: $0.calibration(.dirichlet))
    },
  ]
}
