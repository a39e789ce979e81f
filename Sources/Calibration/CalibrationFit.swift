import SurprisalDatasets
import SurprisalEstimation
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Fits a calibrator to labels that the classifier was not trained on.
///
/// Scalings are models with few parameters whose features are the log-probabilities of another
/// classifier. They are fitted by the likelihood of the labels: categorical for classes and
/// distributions, multinomial for counts, and that of candidate sets. A prior, if given, applies to
/// the deviations of slopes and weights from the identity; intercepts are unpenalised. Isotonic
/// regression is weighted least squares, class by class, of the label's probability on the
/// predicted one.
///
/// The identity is tested by a likelihood-ratio test if labels have a likelihood (classes, counts,
/// candidate sets, without importance weights), and by a Wald test with the sandwich if they are
/// proportions, which have a quasi-likelihood only. With a prior, or for isotonic regression, there
/// is no test.
///
/// References: Guo et al., ICML 2017, arXiv:1706.04599; Kull et al., NeurIPS 2019,
/// arXiv:1910.12656.
public struct CalibrationFit: Sendable {
  /// The calibrator and the statistics of its fit.
  public let record: CalibrationRecord

  /// The fitted map.
  public var calibrator: Calibrator { record.calibrator }

  /// Fits a map of log-probabilities, N x C, to the labels of the same rows.
  ///
  /// `lambda` is the strength of a Gaussian prior, relative to the total weight: it adds `lambda /
  /// 2` times the sum of squared deviations to the mean loss. Rows of weight zero are ignored.
  /// Throws `CalibrationError`; `.data(.rowMismatch)` for unequal rows or classes. Complexity: a
  /// few passes over the rows, O(N C) each; matrix and Dirichlet scaling are softmax regressions
  /// with C features.
  public init(
    _ method: CalibrationMethod, of logProbabilities: BlockedMatrix, to labels: Labels,
    weights: RowWeights = .uniform, lambda: Double? = nil, options: FitOptions = FitOptions()
  ) throws(CalibrationError) {
    let before = try Self.evaluation(of: logProbabilities, nil, labels, weights, options)
    let problem = try CalibrationProblem(
      method, of: logProbabilities, to: labels, weights: weights, lambda: lambda, options: options)
    let found = try problem.solve()
    let after = try Self.evaluation(
      of: logProbabilities, found.calibrator, labels, weights, options)
    record = CalibrationRecord(
      calibrator: found.calibrator, labels: labels.kind, lambda: lambda,
      rowCount: Double(before.rows), totalWeight: before.totalWeight,
      before: .init(before), after: .init(after), parameters: found.parameters,
      errors: found.errors, errorsReason: found.errorsReason, test: found.test,
      testReason: found.testReason, isConverged: found.isConverged, iterations: found.iterations,
      warnings: found.warnings)
  }

  /// The scores of predictions, calibrated if there is a calibrator.
  private static func evaluation(
    of logs: BlockedMatrix, _ calibrator: Calibrator?, _ labels: Labels, _ weights: RowWeights,
    _ options: FitOptions
  ) throws(CalibrationError) -> Evaluation {
    do {
      let logs = try calibrator?.logProbabilities(from: logs, threads: options.threads) ?? logs
      return try Evaluation(
        ofLogProbabilities: logs, against: labels, weights: weights, threads: options.threads)
    } catch {
      throw .data(error)
    }
  }
}

extension CalibrationRecord.Scores {
  init(_ evaluation: Evaluation) {
    self.init(
      crossEntropy: evaluation.crossEntropy, labelEntropy: evaluation.labelEntropy,
      divergence: evaluation.klDivergence, calibrationError: evaluation.ece,
      accuracy: evaluation.accuracy)
  }
}
