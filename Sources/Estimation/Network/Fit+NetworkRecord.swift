import SurprisalModels
import SurprisalOptimization

extension FitRecord {
  /// Whether the fit converged or, of a network, training came to its end: it neither diverged nor
  /// ran out of steps.
  public var isFinished: Bool {
    let unfinished = [Termination.diverged, .stepsDone]
    return convergence.isConverged
      || (training != nil && !unfinished.map(\.rawValue).contains(convergence.termination))
  }
}

extension Fit where M == PerceptronLogits {
  /// The fit as plain values. A network has no coefficients, and no standard errors of any.
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
