import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

/// Predictions that are computed block by block are scored as a matrix of them is.
@Suite struct BlockwisePredictionsTests {
  private let classCount = 5

  /// N x C log-probabilities of three blocks of rows, the last one short.
  private func logProbabilities(rows: Int) -> BlockedMatrix {
    var numbers = TestNumbers(seed: 3)
    return BlockedMatrix(
      rows: (0..<rows).map { _ in
        Softmax.logProbabilities(numbers.uniform(classCount, in: -3...3))
      }, columnCount: classCount)
  }

  private func blockwise(_ logs: BlockedMatrix, held: Int = 1) -> BlockwisePredictions {
    BlockwisePredictions(
      rowCount: logs.rowCount, classCount: classCount, heldClasses: held
    ) { (rows: [Int]) throws(DatasetError) in logs.selecting(rows: rows) }
  }

  /// Everything that is computed from the predictions.
  private func measures(_ evaluation: Evaluation) throws -> [String: String] {
    let numbers = [
      evaluation.crossEntropy, evaluation.klDivergence, evaluation.brierDivergence, evaluation.ece,
      evaluation.accuracy, evaluation.expectedAccuracy, evaluation.topKAccuracy(2),
      evaluation.pearsonStatistic ?? 0,
    ]
    return [
      "means": "\(numbers) \(evaluation.topK)", "rows": "\(evaluation.rowScores)",
      "calibration": "\(evaluation.calibration(binCount: 7))",
      "line": "\(String(describing: try evaluation.calibrationLine()))",
      "classes": "\(evaluation.classScores())", "confusion": "\(evaluation.confusionMatrix())",
      "discrimination": "\(evaluation.discrimination())",
      "ranks": "\(evaluation.rankedProbabilityScore())",
      "distances": "\(evaluation.labelDistributionMeasures())",
      "spiegelhalter": "\(String(describing: evaluation.spiegelhalterTest()))",
      "noise": "\(String(describing: try evaluation.labelNoise()))",
      "evidence": "\(String(describing: evaluation.evidenceScore()))",
      "errors": "\(try evaluation.standardErrors())",
    ]
  }

  @Test(arguments: LabelKind.allCases, [1, 2, 5])
  func equalTheirMatrixToTheBit(_ kind: LabelKind, _ held: Int) throws {
    let rows = 2 * BlockedMatrix.blockSize + 17
    let data = try RandomData(
      rows: rows, columns: 2, classes: classCount, kind: kind, hasWeights: true
    ).dataset()
    let logs = logProbabilities(rows: rows)
    let whole = try Evaluation(
      ofLogProbabilities: logs, against: data.labels, weights: data.weights)
    let parts = try Evaluation(
      ofBlockwise: blockwise(logs, held: held), against: data.labels, weights: data.weights,
      threads: ThreadCount(2))
    let (left, right) = (try measures(whole), try measures(parts))
    #expect(left.count == 13)
    for (name, value) in left { #expect(right[name] == value, "\(name)") }
  }

  @Test func someRows() throws {
    let rows = BlockedMatrix.blockSize + 40
    let data = try RandomData(rows: rows, columns: 2, classes: classCount, kind: .classes).dataset()
    let logs = logProbabilities(rows: rows)
    let chosen = (0..<rows).filter { $0 % 3 != 0 }.reversed().map { $0 }
    let labels = data.labels.selecting(rows: chosen)
    let whole = try Evaluation(
      ofLogProbabilities: logs.selecting(rows: chosen), against: labels)
    let parts = try Evaluation(
      ofBlockwise: blockwise(logs).selecting(rows: chosen).selecting(
        rows: Array(chosen.indices)), against: labels)
    #expect(whole.rowScores == parts.rowScores)
  }

  /// A failure in a later block names the row of the data.
  @Test func failuresNameTheirRow() throws {
    let rows = BlockedMatrix.blockSize + 40
    let data = try RandomData(rows: rows, columns: 2, classes: classCount, kind: .classes).dataset()
    let logs = logProbabilities(rows: rows)
    let failing = BlockwisePredictions(rowCount: rows, classCount: classCount) {
      (places: [Int]) throws(DatasetError) in
      if let place = places.firstIndex(of: 200) { throw .prediction(row: place) }
      return logs.selecting(rows: places)
    }
    #expect(throws: DatasetError.prediction(row: 200)) {
      try Evaluation(ofBlockwise: failing, against: data.labels)
    }
  }

  @Test func othersShapesAreRefused() throws {
    let data = try RandomData(rows: 40, columns: 2, classes: classCount, kind: .classes).dataset()
    let logs = logProbabilities(rows: 40)
    let narrow = BlockwisePredictions(rowCount: 40, classCount: classCount) {
      (rows: [Int]) throws(DatasetError) in
      logs.selecting(rows: rows).selecting(columns: [0, 1])
    }
    let short = BlockwisePredictions(rowCount: 40, classCount: classCount) {
      (rows: [Int]) throws(DatasetError) in logs.selecting(rows: [0])
    }
    let few = BlockwisePredictions(rowCount: 39, classCount: classCount) {
      (rows: [Int]) throws(DatasetError) in logs.selecting(rows: rows)
    }
    for predictions in [narrow, short, few] {
      #expect(throws: DatasetError.self) {
        try Evaluation(ofBlockwise: predictions, against: data.labels)
      }
    }
  }
}
