import SurprisalEstimation

extension FitRecord.Specification {
  /// Whether the log-likelihood is minus the cross entropy, up to weights and constants: the
  /// deviance from the saturated model is then twice the divergence.
  var isCrossEntropy: Bool {
    (likelihood == "categorical" && labels != .candidates && labels != .evidence)
      || likelihood == "multinomial"
  }
}

extension FitStatistics {
  /// N (C - 1) minus the degrees of freedom of the fit: those of the deviance of votes. The
  /// deviance of other labels is not chi-square distributed.
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
  /// Pearson's X² over the degrees of freedom of the deviance: about 1 if votes are independent
  /// with the probabilities of the model and expected counts are not small.
  func dispersion(classCount: Int) -> Double? {
    guard let pearson = statistics.pearson, pearson.isFinite,
      let freedom = statistics.saturatedFreedom(specification, classCount: classCount), freedom > 0
    else { return nil }
    return pearson / Double(freedom)
  }

  /// The auxiliary parameters of the likelihood, except entries of a confusion matrix.
  var ownParameters: [ParameterTable.Auxiliary] {
    confusionMatrix == nil ? parameters.auxiliaryParameters : []
  }

  /// The explained proportion by the measure that suits the likelihood: that of the divergence if
  /// the log-likelihood is minus the cross entropy, McFadden's `1 - log L / log L of the null
  /// model` for other probabilities of labels. Nil for a density, whose logarithm may have either
  /// sign.
  var explainedShare: Double? {
    if specification.isCrossEntropy { return statistics.explainedShare }
    guard specification.labels != .probabilities, statistics.nullLogLikelihood < -1e-14 else {
      return nil
    }
    return 1 - statistics.logLikelihood / statistics.nullLogLikelihood
  }
}
