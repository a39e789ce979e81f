import SurprisalModels

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
      course: course, statistics: statistics, coefficients: [], ownParameters: ownParameters,
      warnings: notices(),
      uncertainty: FitRecord.UncertaintyRecord(
        kind: nil,
        reason: "a network has no coefficients: its units can be exchanged without changing it"),
      training: training.map { [$0] })
  }
}
