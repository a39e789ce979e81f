import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// A classifier scored on many rows and classes.
@Suite struct ClassifierEvaluationTests {
  /// More predictions than are held as a matrix are computed block by block, with the same bits.
  @Test func manyPredictionsAreScoredInBlocks() throws {
    let (rows, classes) = (1750, 600)
    #expect(rows * classes > Evaluation.mostHeldPredictions)
    let model = LinearPredictor(featureCount: 1, classCount: classes, hasIntercept: true)
    var numbers = TestNumbers(seed: 6)
    let classifier = ModelClassifier(
      model: model, parameters: numbers.uniform(model.parameterCount, in: -1...1),
      likelihood: Categorical(), encoding: FeatureEncoding(numbers: ["x"]),
      standardization: Standardization(centers: [0.5], scales: [2]),
      classNames: (0..<classes).map { "k\($0)" }, usesOffsets: true)
    let data = try Dataset(
      features: Features(numbers.uniform(rows, in: -2...2).map { [$0] }, names: ["x"]),
      labels: .classes(ClassIndices((0..<rows).map { $0 % classes }, classCount: classes)),
      classNames: classifier.classNames,
      offsets: BlockedMatrix(
        columns: (0..<classes).map { [Double](repeating: Double($0 % 3), count: rows) },
        rowCount: rows))
    let parts = try classifier.evaluation(on: data, threads: ThreadCount(2))
    let logs = try classifier.logProbabilities(for: data.features, offsets: data.offsets)
    let whole = try Evaluation(ofLogProbabilities: logs, against: data.labels)
    #expect(parts.rowScores == whole.rowScores)
    #expect(parts.crossEntropy == whole.crossEntropy && parts.topK == whole.topK)
    let few = data.selecting(rows: [3, 1, 7])
    #expect(
      try classifier.evaluation(on: few).rowScores == [3, 1, 7].map { whole.rowScores[$0] })
  }
}
