import SurprisalEstimation

extension FitRecord.Specification {
  /// Whether the log-likelihood is minus the cross entropy, up to weights and constants: the
  /// deviance from the saturated model is then twice the divergence.
  var isCrossEntropy: Bool {
    (likelihood == "categorical" && labels != .candidates && labels != .evidence)
      || likelihood == "multinomial"
  }
}

extension FitRecord {
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
