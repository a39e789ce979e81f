import SurprisalModels
import SurprisalOptimization

extension FitRecord {
  /// Whether the fit converged or, for a network, training ended regularly: without divergence and
  /// before the step limit.
  public var isFinished: Bool {
    let unfinished = [Termination.diverged, .stepsDone]
    return convergence.isConverged
      || (training != nil && !unfinished.map(\.rawValue).contains(convergence.termination))
  }
}

extension Fit where M == PerceptronLogits {
  /// The fit as plain values. A network has neither coefficients nor standard errors.
  public func record() -> FitRecord {
    var prior = priorRecord
    prior.isStandardized = self.prior.isProper
    return FitRecord(
      specification: FitRecord.Specification(
        model: "mlp", likelihood: likelihood.name, reading: likelihood.interpretation,
        labels: labelKind,
        prior: prior, weighting: weighting, hasIntercept: true, reference: 0),
      convergence: convergence, statistics: statistics,
      parameters: ParameterTable(
        rows: auxiliaryRows, uncertainty: UncertaintyRecord(kind: nil, reason: .network)),
      warnings: warnings + statusWarnings(0, []),
      training: training.map { [$0] })
  }
}
