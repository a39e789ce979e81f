import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Checked predictions and labels for a calibrator, without rows of weight zero.
struct CalibrationProblem {
  let method: CalibrationMethod
  /// The features are the scores that the method uses.
  let data: Dataset
  let lambda: Double?
  let options: FitOptions

  /// The result of a fit, before it is compared with the predictions.
  struct Solution {
    var calibrator: Calibrator
    var parameters: [CalibrationRecord.Parameter] = []
    var errors: CovarianceType?
    var errorsReason: CovarianceReason
    var test: CalibrationRecord.Test?
    var testReason: CalibrationTestReason
    var isConverged = true
    var iterations = 0
    var warnings: [FitWarning] = []
  }

  init(
    _ method: CalibrationMethod, of logs: BlockedMatrix, to labels: Labels, weights: RowWeights,
    lambda: Double?, options: FitOptions
  ) throws(CalibrationError) {
    self.method = method
    self.lambda = lambda.flatMap { $0 > 0 ? $0 : nil }
    self.options = options
    if method != .isotonic { try Self.requireLogits(logs, weights) }
    let scores = Calibrator.scores(method, of: logs)
    let names = (0..<labels.classCount).map(String.init)
    do {
      data = try Dataset(
        features: Features(trusting: scores, encoding: FeatureEncoding(numbers: names)),
        labels: labels, weights: weights
      ).droppingZeroWeights()
    } catch {
      throw .data(error)
    }
    guard method != .isotonic else { return }
    try requireDifferences()
    let needed = method.coefficientsPerClass(classCount: data.classCount) + 1
    if self.lambda == nil, data.rowCount < needed {
      throw .tooFewRows(method, rows: data.rowCount, needed: needed)
    }
  }

  func solve() throws(CalibrationError) -> Solution {
    if method == .isotonic { return try isotonic() }
    switch data.labels {
    case .classes, .probabilities: return try solve(Categorical())
    case .counts: return try solve(Multinomial())
    case .candidates: return try solve(CandidateSet())
    case .evidence: return try solve(Evidence())
    }
  }

  private func solve<L: Likelihood>(_ likelihood: L) throws(CalibrationError) -> Solution {
    if let lambda { return try solve(likelihood, GaussianPrior(.lambda(lambda))) }
    return try solve(likelihood, FlatPrior())
  }

  private func solve<L: Likelihood, P: Prior>(
    _ likelihood: L, _ prior: P
  ) throws(CalibrationError) -> Solution {
    switch method {
    case .temperature: return try temperature(likelihood, prior)
    case .vector: return try vector(likelihood, prior)
    case .matrix, .dirichlet, .isotonic: return try affine(likelihood, prior)
    }
  }

  // MARK: Checks

  /// Throws if a probability is zero, because it has no logit.
  private static func requireLogits(
    _ logs: BlockedMatrix, _ weights: RowWeights
  ) throws(CalibrationError) {
    var first: (row: Int, class: Int)?
    var affected = 0
    for row in 0..<logs.rowCount where weights[row] > 0 {
      for column in 0..<logs.columnCount where logs[row, column] == -.infinity {
        first = first ?? (row, column)
        affected += 1
      }
    }
    guard let first else { return }
    throw .zeroProbability(row: first.row, class: first.class, affected: affected)
  }

  private func requireDifferences() throws(CalibrationError) {
    let scores = data.features.matrix
    let differ = (0..<data.rowCount).contains { row in
      (1..<data.classCount).contains { scores[row, $0] != scores[row, 0] }
    }
    guard differ else { throw .uniform }
  }
}
