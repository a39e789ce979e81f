import SurprisalEstimation

extension FitRecord.Specification {
  /// Whether the log-likelihood is minus the cross entropy, up to weights and constants: its
  /// deviance against the saturated model is then twice the divergence.
  var isCrossEntropy: Bool {
    (likelihood == "categorical" && labels != .candidates && labels != .evidence)
      || likelihood == "multinomial"
  }
}

extension FitStatistics {
  /// N (C - 1) less the degrees of freedom of the fit: those of the deviance of votes. Other labels
  /// have a deviance that follows no chi-square.
  func saturatedFreedom(_ specification: FitRecord.Specification, classCount: Int) -> Int? {
    guard specification.labels == .counts, specification.likelihood == "multinomial",
      specification.weighting == .uniform, specification.prior.name == "flat",
      let freedom = degreesOfFreedom, let rows = Int(exactly: rowCount)
    else { return nil }
    let (cells, overflow) = rows.multipliedReportingOverflow(by: classCount - 1)
    return overflow || cells < freedom ? nil : cells - freedom
  }
}
