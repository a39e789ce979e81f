import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability
import Testing

func matrix(_ rows: [[Double]]) -> BlockedMatrix {
  BlockedMatrix(rows: rows, columnCount: rows.first?.count ?? 0)
}

func probabilities(_ rows: [[Double]]) throws -> ClassProbabilities {
  try ClassProbabilities(matrix(rows))
}

func soft(_ rows: [[Double]]) throws -> Labels { .probabilities(try probabilities(rows)) }

func counts(_ rows: [[Double]]) throws -> Labels { .counts(try ClassCounts(matrix(rows))) }

func hard(_ classes: [Int], of classCount: Int) throws -> Labels {
  .classes(try ClassIndices(classes, classCount: classCount))
}

@Suite struct EvaluationTests {
  @Test func workedExample() throws {
    let evaluation = try Evaluation(
      of: try probabilities([[0.2, 0.7, 0.1]]), against: try soft([[0, 1, 0]]))
    // The three decimals sum to one minus an ulp, and rows are divided by their sum.
    #expect((evaluation.crossEntropy - 0.35667494393873245).magnitude < 2e-16)
    #expect((evaluation.klDivergence - 0.35667494393873245).magnitude < 2e-16)
    #expect(evaluation.labelEntropy == 0)
    #expect((evaluation.brier - 0.14).magnitude < 1e-15)
    #expect(evaluation.topK == [1, 1, 1])
    #expect((evaluation.ece - 0.3).magnitude < 1e-15)
  }

  @Test func aPredictionEqualToItsLabelHasNoDivergence() throws {
    let rows = [[0.2, 0.7, 0.1], [1 / 3.0, 1 / 3.0, 1 / 3.0], [0, 0.25, 0.75]]
    let evaluation = try Evaluation(of: try probabilities(rows), against: try soft(rows))
    #expect(evaluation.klDivergence == 0)
    #expect(evaluation.brierDivergence == 0)
    #expect(evaluation.ece == 0)
    #expect(evaluation.crossEntropy == evaluation.labelEntropy)
    #expect(evaluation.accuracy == 1)
    #expect(evaluation.tiedLabels == 1 && evaluation.tiedPredictions == 1)
  }

  @Test func zerosAreNeverClipped() throws {
    let labels = try soft([[0.5, 0.5, 0], [0, 0, 1]])
    let evaluation = try Evaluation(
      of: try probabilities([[1, 0, 0], [0, 0, 1]]), against: labels)
    #expect(evaluation.crossEntropy == .infinity)
    #expect(evaluation.klDivergence == .infinity)
    #expect(evaluation.infiniteRows == 1)
    #expect(evaluation.rowScores[1].crossEntropy == 0)
    #expect(evaluation.brier == 0.5)
  }

  /// Logarithms of zero are ranked below all others: this comparison did not end.
  @Test func zeroProbabilitiesAreRanked() throws {
    let least = -Double.infinity
    let rows: [[Double]] = [[least, 0], [least, 0], [-0.5, -0.9], [0, least]]
    let evaluation = try Evaluation(
      ofLogProbabilities: matrix(rows), against: try hard([0, 1, 0, 0], of: 2))
    // Of the three pairs of classes the first is a tie, the others are right.
    let auc = try #require(evaluation.discrimination().auc)
    #expect((auc - 2.5 / 3).magnitude < 1e-15)
  }

  @Test func aRowOfWeightZeroCountsForNothingEvenIfInfinite() throws {
    let evaluation = try Evaluation(
      of: try probabilities([[1, 0], [0.25, 0.75]]), against: try hard([1, 1], of: 2),
      weights: .importance([0, 2]))
    #expect(evaluation.crossEntropy == 0.2876820724517809)
    #expect(evaluation.rows == 1 && evaluation.infiniteRows == 0)
    #expect(evaluation.accuracy == 1)
  }

  @Test func logarithmsStayFiniteWhereProbabilitiesUnderflow() throws {
    let logs = matrix([[0, -1e4, -2e4], [-1e3, 0, -1e3]])
    let evaluation = try Evaluation(ofLogProbabilities: logs, against: try hard([1, 1], of: 3))
    #expect(evaluation.crossEntropy == 5e3)
    #expect(evaluation.klDivergence == 5e3)
    #expect(evaluation.infiniteRows == 0)
    #expect(evaluation.accuracy == 0.5)
    let exact = try Evaluation(
      ofLogProbabilities: matrix([[-.infinity, 0]]), against: try hard([1], of: 2))
    #expect(exact.crossEntropy == 0)
  }

  @Test func tiesGoToTheFirstClass() throws {
    let evaluation = try Evaluation(
      of: try probabilities([[0.4, 0.4, 0.2], [0.2, 0.4, 0.4]]),
      against: try soft([[0.5, 0.5, 0], [0, 0.3, 0.7]]))
    #expect(evaluation.accuracy == 0.5)
    #expect(evaluation.expectedAccuracy == 0.4)
    #expect(evaluation.tiedPredictions == 2 && evaluation.tiedLabels == 1)
    #expect(evaluation.topK == [0.4, 1, 1])
  }

  @Test func theMeanLabelAndTheUniformPrediction() throws {
    let labels = try counts([[3, 1, 0], [0, 2, 2], [1, 0, 1]])
    let weights = RowWeights.importance([1, 2, 0])
    let evaluation = try Evaluation(
      of: try probabilities([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0, 0, 1]]), against: labels,
      weights: weights)
    let mean = try Evaluation.meanLabel(of: labels, weights: weights)
    #expect(mean.map { $0 * 12 } == [3, 5, 4])
    #expect(evaluation.totalWeight == 12)
    #expect((evaluation.uniform.crossEntropy - 1.0986122886681098).magnitude < 1e-15)
    #expect(evaluation.null.crossEntropy < evaluation.uniform.crossEntropy)
    #expect(evaluation.null.labelEntropy == evaluation.labelEntropy)
  }

  @Test func moreThanFiveClassesAreCountedOnRequest() throws {
    let q = (1...8).map { Double($0) / 36 }
    let evaluation = try Evaluation(
      of: try probabilities([q, q.reversed()]), against: try hard([1, 0], of: 8))
    // Class 1 has rank seven in the first row, class 0 rank one in the second.
    let shares = [1, 5, 6, 7, 8, 20].map { evaluation.topKAccuracy($0) }
    #expect(shares == [0.5, 0.5, 0.5, 1, 1, 1])
  }
}
