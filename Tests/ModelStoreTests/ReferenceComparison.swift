import Foundation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// Compares a fit with a reference case.
struct ReferenceComparison {
  let item: ReferenceCase

  init(_ item: ReferenceCase) { self.item = item }

  func check<L: Likelihood, P: Prior>(
    _ fit: Fit<LinearPredictor, L, P>, _ data: Dataset
  ) throws {
    #expect(fit.status.isConverged, "\(item): \(fit.status.name)")
    checkStatistics(fit.statistics)
    checkCriteria(fit.statistics)
    let probabilities = try fit.probabilities(for: data.features)
    checkProbabilities(probabilities, data)
    try checkCoefficients(fit.classifier.coefficients, names: data.features.names)
  }

  private func expect(
    _ found: Double?, _ field: String, within tolerance: Double, floor: Double = 1e-300
  ) {
    let expected = item.value[field].number
    let distance = relativeDistance(found ?? .nan, expected, floor: floor)
    #expect(
      distance <= tolerance,
      "\(item) \(field): \(found ?? .nan), not \(expected), \(distance) apart")
  }

  private func checkStatistics(_ statistics: FitStatistics) {
    expect(statistics.totalWeight, "sum_of_weights", within: 0)
    expect(statistics.rowCount, "N", within: 0)
    expect(statistics.objective, "objective", within: 1e-10)
    expect(statistics.crossEntropy, "cross_entropy", within: 1e-10)
    expect(statistics.labelEntropy, "label_entropy", within: 1e-12, floor: 1e-2)
    expect(statistics.divergence, "kl", within: 1e-10, floor: 1)
    let kernel = statistics.logLikelihood - statistics.logLikelihoodConstant
    expect(kernel, "loglik_kernel", within: 1e-10)
    guard item.weighsVotes else {
      #expect(statistics.logLikelihoodConstant == 0)
      return
    }
    expect(statistics.logLikelihoodConstant, "log_multinomial_coefficients", within: 1e-12)
    expect(statistics.logLikelihood, "loglik_with_coefficients", within: 1e-10)
    expect(statistics.devianceAgainstLabels, "deviance_vs_saturated", within: 1e-9)
  }

  private func checkCriteria(_ statistics: FitStatistics) {
    guard item.lambda == 0 else {
      #expect(statistics.degreesOfFreedom == nil)
      if case .available = statistics.criteria { Issue.record("\(item): criteria with a prior") }
      return
    }
    #expect(statistics.degreesOfFreedom.map { Double($0) } == item.freedom)
    guard case .available(let akaike, let bayesian) = statistics.criteria else {
      #expect(!item.weighsVotes && item.labels != .hard, "\(item): no criteria")
      return
    }
    #expect(item.weighsVotes || item.labels == .hard, "\(item): criteria of a quasi-likelihood")
    expect(
      akaike, item.weighsVotes ? "aic_with_coefficients" : "aic_kernel", within: 1e-10)
    let penalty = item.freedom * (log(item.value["sum_of_weights"].number) - 2)
    #expect(relativeDistance(bayesian, akaike + penalty) < 1e-12)
  }

  private func checkProbabilities(_ probabilities: ClassProbabilities, _ data: Dataset) {
    for (row, expected) in item.value["fitted_first_20_rows"].array.enumerated() {
      for (found, expected) in zip(probabilities.values.row(row), expected.numbers) {
        #expect(
          (found - expected).magnitude <= item.probabilityTolerance,
          "\(item) row \(row): \(found), not \(expected)")
      }
    }
    let masses = (0..<data.rowCount).map { data.labels.multiplicity(ofRow: $0) }
    let total = masses.reduce(0, +)
    for (index, expected) in item.value["fitted_column_means"].numbers.enumerated() {
      let mean = zip(probabilities.values.column(index), masses).reduce(0) { $0 + $1.0 * $1.1 }
      #expect((mean / total - expected).magnitude <= item.probabilityTolerance, "\(item)")
    }
  }

  private func checkCoefficients(_ found: AffineCoefficients, names: [String]) throws {
    if item.value["reference_first"].exists {
      checkContrasts(found.contrasts(to: 0), names, "reference_first", first: 1)
      let last = found.weights.count - 1
      checkContrasts(found.contrasts(to: last), names, "reference_last", first: 0)
    }
    guard item.lambda > 0 else { return }
    let weights = centred(found.weights.map { ordered($0, names) })
    #expect(vectorDistance(weights.flatMap { $0 }, try item.weights.flatMap { $0 }) < 1e-6)
    let intercepts = centred(found.intercepts.map { [$0] }).flatMap { $0 }
    #expect(vectorDistance(intercepts, item.value["b"].numbers) < 1e-6, "\(item)")
  }

  private func checkContrasts(
    _ found: AffineCoefficients, _ names: [String], _ field: String, first: Int
  ) {
    for (offset, expected) in item.value[field]["coefficients"].array.enumerated() {
      let values =
        [found.intercepts[first + offset]] + ordered(found.weights[first + offset], names)
      #expect(values.count == expected.numbers.count)
      for (found, expected) in zip(values, expected.numbers) {
        #expect(
          relativeDistance(found, expected) <= 1e-6, "\(item) \(field): \(found), \(expected)")
      }
    }
  }

  /// Weights in the order of the features in the case.
  private func ordered(_ weights: [Double], _ names: [String]) -> [Double] {
    guard let wanted = item.featureNames else { return weights }
    return wanted.compactMap { name in names.firstIndex(of: name).map { weights[$0] } }
  }

  /// Rows minus their mean: the constraint used by the references.
  private func centred(_ rows: [[Double]]) -> [[Double]] {
    let count = Double(rows.count)
    let means = (rows.first ?? []).indices.map { column in
      rows.reduce(0) { $0 + $1[column] } / count
    }
    return rows.map { row in zip(row, means).map { $0 - $1 } }
  }
}
