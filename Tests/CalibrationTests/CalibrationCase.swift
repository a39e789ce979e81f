import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalOptimization
import SurprisalProbability
import TestSupport

@testable import SurprisalCalibration

/// A case of Tests/Reference/calibration.json.
struct CalibrationCase: Sendable, CustomStringConvertible {
  let value: ReferenceValue

  static let all = (try? ReferenceValue(ofTests: "calibration.json")["cases"].array) ?? []
  static let scalings = all.filter { $0["method"].text != "isotonic" }
    .map { CalibrationCase(value: $0) }
  static let isotonic = all.filter { $0["method"].text == "isotonic" }
    .map { CalibrationCase(value: $0) }

  var description: String { value["name"].text }

  var method: CalibrationMethod {
    CalibrationMethod(rawValue: value["method"].text) ?? .temperature
  }

  func predictions() throws -> ClassProbabilities {
    let rows = value["predictions"].array.map(\.numbers)
    return try ClassProbabilities(
      normalizing: BlockedMatrix(rows: rows, columnCount: rows[0].count))
  }

  func labels() throws -> Labels {
    let rows = value["labels"].array.map(\.numbers)
    let matrix = BlockedMatrix(rows: rows, columnCount: rows[0].count)
    switch value["kind"].text {
    case "soft": return .probabilities(try ClassProbabilities(normalizing: matrix))
    case "counts": return .counts(try ClassCounts(matrix))
    case "candidates": return .candidates(try CandidateSets(matrix))
    default:
      let indices = rows.map { $0.firstIndex(of: 1) ?? 0 }
      return .classes(try ClassIndices(indices, classCount: matrix.columnCount))
    }
  }

  func weights() throws -> RowWeights {
    if value["weights"].exists { return try .importance(checking: value["weights"].numbers) }
    if value["frequencies"].exists {
      return try .frequency(checking: value["frequencies"].numbers)
    }
    return .uniform
  }

  func fit() throws -> CalibrationFit {
    try CalibrationFit(
      method, of: predictions().logarithms, to: labels(), weights: weights(),
      lambda: value["l2"].exists ? value["l2"].number : nil,
      options: FitOptions(stopping: StoppingRule(tolerance: 1e-11)))
  }
}
