import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalTables

/// The statistics of a fit, a line a field.
extension ModelFile {
  static func json(of statistics: FitStatistics) -> JSONValue {
    let value: JSONValue = .members([
      "rows": .statistic(statistics.rowCount),
      "total_weight": .statistic(statistics.totalWeight),
      "objective": .statistic(statistics.objective),
      "cross_entropy": .statistic(statistics.crossEntropy),
      "label_entropy": .statistic(statistics.labelEntropy),
      "kl_divergence": .statistic(statistics.divergence),
      "null_cross_entropy": .statistic(statistics.nullCrossEntropy),
      "log_likelihood": .statistic(statistics.logLikelihood),
      "log_likelihood_constant": .statistic(statistics.logLikelihoodConstant),
      "null_log_likelihood": .statistic(statistics.nullLogLikelihood),
      "log_posterior": .statistic(statistics.logPosterior),
      "degrees_of_freedom": JSONValue(statistics.degreesOfFreedom),
      "criteria": json(of: statistics.criteria),
      "gradient_norm": .statistic(statistics.gradientNorm),
      "gradient_norm_standardized": .statistic(statistics.standardizedGradientNorm),
      "gap_bound": .statistic(statistics.gapBound),
      "gap_estimate": .statistic(statistics.gapEstimate),
    ])
    guard let checksum = statistics.dataChecksum, case .object(var object) = value else {
      return value
    }
    object["data_checksum"] = JSONValue(checksum)
    return .object(object)
  }

  static func statistics(
    _ given: ModelFileObject
  ) throws(ModelFileError.Problem) -> FitStatistics {
    var object = given
    let statistics = FitStatistics(
      rowCount: try object.statistic("rows"),
      totalWeight: try object.statistic("total_weight"),
      objective: try object.statistic("objective"),
      crossEntropy: try object.statistic("cross_entropy"),
      labelEntropy: try object.statistic("label_entropy"),
      divergence: try object.statistic("kl_divergence"),
      nullCrossEntropy: try object.statistic("null_cross_entropy"),
      logLikelihood: try object.statistic("log_likelihood"),
      logLikelihoodConstant: try object.statistic("log_likelihood_constant"),
      nullLogLikelihood: try object.statistic("null_log_likelihood"),
      logPosterior: try object.statistic("log_posterior"),
      degreesOfFreedom: try object.optionalCount("degrees_of_freedom"),
      criteria: try criteria(try object.member("criteria")),
      gradientNorm: try object.statistic("gradient_norm"),
      standardizedGradientNorm: try object.statistic("gradient_norm_standardized"),
      gapBound: try object.optionalStatistic("gap_bound"),
      gapEstimate: try object.optionalStatistic("gap_estimate"),
      dataChecksum: object.has("data_checksum") ? try object.number("data_checksum") : nil)
    try object.finish()
    return statistics
  }

  /// Either both criteria and no reason, or a reason.
  private static func json(of criteria: FitStatistics.Criteria) -> JSONValue {
    switch criteria {
    case .available(let akaike, let bayesian):
      .members(["aic": .statistic(akaike), "bic": .statistic(bayesian)])
    case .unavailable(let reason):
      .members(["reason": .string(reason.sentence)])
    }
  }

  private static func criteria(
    _ given: ModelFileObject
  ) throws(ModelFileError.Problem) -> FitStatistics.Criteria {
    var object = given
    let criteria: FitStatistics.Criteria =
      object.has("reason")
      ? .unavailable(reason: .recorded(try object.name("reason")))
      : .available(akaike: try object.statistic("aic"), bayesian: try object.statistic("bic"))
    try object.finish()
    return criteria
  }
}
