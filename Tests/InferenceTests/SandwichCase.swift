import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport

/// A case of Tests/Reference/sandwich.json.
struct SandwichCase: Sendable, CustomStringConvertible {
  let value: ReferenceValue

  static func all() throws -> [SandwichCase] {
    try ReferenceValue(ofTests: "sandwich.json").array.map { SandwichCase(value: $0) }
  }

  /// The cases that include their data.
  static let generated = (try? all().filter { !$0.value["shared"].exists }) ?? []

  var description: String { value["name"].text }

  func dataset() throws -> Dataset {
    let rows = value["labels"].array.map(\.numbers)
    let matrix = BlockedMatrix(rows: rows, columnCount: rows[0].count)
    let features = try Features(value["features"].array.map(\.numbers))
    return try Dataset(features: features, labels: labels(matrix), weights: weights())
  }

  private func labels(_ matrix: BlockedMatrix) throws -> Labels {
    switch value["kind"].text {
    case "soft": return .probabilities(try ClassProbabilities(matrix))
    case "counts": return .counts(try ClassCounts(matrix))
    case "candidates": return .candidates(try CandidateSets(matrix))
    default:
      let indices = (0..<matrix.rowCount).map { row in
        matrix.row(row).firstIndex(of: 1) ?? 0
      }
      return .classes(try ClassIndices(indices, classCount: matrix.columnCount))
    }
  }

  private func weights() throws -> RowWeights {
    if value["weights"].exists { return try .importance(checking: value["weights"].numbers) }
    if value["frequencies"].exists {
      return try .frequency(checking: value["frequencies"].numbers)
    }
    return .uniform
  }

  var errors: StandardErrorChoice {
    switch value["errors"].text {
    case "information": return .information
    case "cluster":
      return .cluster(Clusters(value["clusters"].numbers, name: "group"))
    case "sandwich": return .sandwich
    default: return .automatic
    }
  }

  /// The uncertainty of the fit at a small tolerance, and the record of the fit with it.
  func fitted(_ data: Dataset, tolerance: Double) throws -> (Uncertainty, FitRecord) {
    switch value["kind"].text {
    case "counts": try fitted(data, Multinomial(), tolerance)
    case "candidates": try fitted(data, CandidateSet(), tolerance)
    default: try fitted(data, Categorical(), tolerance)
    }
  }

  private func fitted<L: Likelihood>(
    _ data: Dataset, _ likelihood: L, _ tolerance: Double
  ) throws -> (Uncertainty, FitRecord) {
    let options = FitOptions(stopping: StoppingRule(tolerance: tolerance))
    let precision = value["precision"].number
    if precision > 0 {
      let fit = try MaximumLikelihood(
        SoftmaxRegression(), likelihood: likelihood, prior: .gaussian(precision: precision),
        options: options
      ).fit(data)
      return (Uncertainty(of: fit, errors: errors), fit.record(errors: errors))
    }
    let fit = try MaximumLikelihood(
      SoftmaxRegression(), likelihood: likelihood, options: options
    ).fit(data)
    return (Uncertainty(of: fit, errors: errors), fit.record(errors: errors))
  }
}
