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

extension FitRecord {
  /// Pearson's X² over the degrees of freedom of the deviance: 1 for independent votes whose
  /// probabilities are those of the model, and expected counts that are not small.
  func dispersion(classCount: Int) -> Double? {
    guard let pearson = statistics.pearson, pearson.isFinite,
      let freedom = statistics.saturatedFreedom(specification, classCount: classCount), freedom > 0
    else { return nil }
    return pearson / Double(freedom)
  }

  /// The likelihood's own parameters that are no entries of a confusion matrix.
  var ownParameters: [ParameterTable.Auxiliary] {
    confusionMatrix == nil ? parameters.auxiliaryParameters : []
  }

  /// The share explained by the measure of the likelihood: that of the divergence if the
  /// log-likelihood is minus the cross entropy, McFadden's `1 - log L / log L of the null model`
  /// for other probabilities of labels. A density has none, since its logarithm may have either
  /// sign.
  var explainedShare: Double? {
    if specification.isCrossEntropy { return statistics.explainedShare }
    guard specification.labels != .probabilities, statistics.nullLogLikelihood < -1e-14 else {
      return nil
    }
    return 1 - statistics.logLikelihood / statistics.nullLogLikelihood
  }
}
