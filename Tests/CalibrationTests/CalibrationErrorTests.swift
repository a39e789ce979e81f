import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalCalibration

/// Errors for data that cannot be calibrated.
@Suite struct CalibrationErrorTests {
  private func error(
    _ method: CalibrationMethod, _ rows: [[Double]], _ labels: Labels, lambda: Double? = nil,
    weights: RowWeights = .uniform
  ) -> CalibrationError? {
    let logs = ClassProbabilities(
      trusting: BlockedMatrix(rows: rows, columnCount: rows[0].count)
    ).logarithms
    do throws(CalibrationError) {
      _ = try CalibrationFit(method, of: logs, to: labels, weights: weights, lambda: lambda)
      return nil
    } catch {
      return error
    }
  }

  private func classes(_ indices: [Int], of count: Int = 2) throws -> Labels {
    .classes(try ClassIndices(indices, classCount: count))
  }

  static let sure = [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6]]

  @Test func predictionsThatAreAlwaysRight() throws {
    let labels = try classes([0, 1, 0, 1])
    for method in [CalibrationMethod.temperature, .vector, .matrix] {
      #expect(error(method, Self.sure, labels) == .separated(method))
      #expect(error(method, Self.sure, labels, lambda: 0.01) == nil)
    }
    #expect(error(.isotonic, Self.sure, labels) == nil)
  }

  @Test func predictionsThatAreAlwaysWrong() throws {
    #expect(error(.temperature, Self.sure, try classes([1, 0, 1, 0])) == .separated(.temperature))
  }

  @Test func predictionsThatAreMostlyWrong() throws {
    let rows = [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6], [0.9, 0.1]]
    guard case .reversed(let slope) = error(.temperature, rows, try classes([1, 0, 1, 1, 0]))
    else {
      Issue.record("no reversal")
      return
    }
    #expect(slope < 0)
  }

  @Test func predictionsWithoutADifference() throws {
    let rows = [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]
    #expect(error(.temperature, rows, try classes([0, 1, 0])) == .uniform)
  }

  @Test func zeros() throws {
    let rows = [[0.9, 0.1], [1, 0], [0.7, 0.3], [0, 1]]
    let labels = try classes([0, 0, 1, 1])
    #expect(
      error(.temperature, rows, labels) == .zeroProbability(row: 1, class: 1, affected: 2))
    #expect(error(.isotonic, rows, labels) == nil)
    let weights = try RowWeights.importance(checking: [1, 0, 1, 1])
    #expect(
      error(.temperature, rows, labels, weights: weights)
        == .zeroProbability(row: 3, class: 0, affected: 1))
  }

  @Test func tooFewRows() throws {
    let rows = [[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7]]
    let soft = Labels.probabilities(
      try ClassProbabilities(
        BlockedMatrix(
          rows: [[0.4, 0.3, 0.3], [0.3, 0.4, 0.3], [0.2, 0.3, 0.5]], columnCount: 3)))
    #expect(error(.matrix, rows, soft) == .tooFewRows(.matrix, rows: 3, needed: 4))
    #expect(error(.dirichlet, rows, soft) == .tooFewRows(.dirichlet, rows: 3, needed: 5))
    #expect(error(.vector, rows, soft) == nil)
    #expect(error(.matrix, rows, soft, lambda: 0.1) == nil)
  }

  @Test func aClassThatNeverOccurs() throws {
    let rows = [
      [0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7], [0.4, 0.4, 0.2], [0.3, 0.5, 0.2],
      [0.6, 0.3, 0.1],
    ]
    let labels = try classes([0, 1, 1, 0, 0, 1], of: 3)
    for method in [CalibrationMethod.vector, .matrix, .dirichlet] {
      #expect(error(method, rows, labels) == .data(.label(.neverSeen(classes: [2]))))
    }
    #expect(error(.temperature, rows, labels) == nil)
  }

  @Test func isotonicNeedsDistributions() throws {
    let sets = Labels.candidates(
      try CandidateSets(BlockedMatrix(rows: [[1, 1], [0, 1]], columnCount: 2)))
    guard case .data(.label(.kind)) = error(.isotonic, [[0.6, 0.4], [0.5, 0.5]], sets) else {
      Issue.record("candidate sets were taken")
      return
    }
  }

  @Test func isotonicZerosAreSaid() throws {
    let logs = ClassProbabilities(trusting: BlockedMatrix(rows: Self.sure, columnCount: 2))
      .logarithms
    let record = try CalibrationFit(.isotonic, of: logs, to: classes([0, 1, 0, 1])).record
    #expect(record.warnings == [.impossibleClasses(count: 2, classCount: 2)])
  }
}
