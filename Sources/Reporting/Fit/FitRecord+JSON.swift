import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalInference
import SurprisalModelStore
import SurprisalProbability
import SurprisalTables

extension FitRecord {
  /// The object that `fit --json` and `summary --json` print; there is a name per class.
  package func json(
    classNames: [String], features: [String], bases: [(column: String, level: String)],
    level: Double = 0.95
  ) -> JSONValue {
    var object = JSONObject()
    object["model"] = .string(specification.model)
    object["likelihood"] = .string(specification.likelihood)
    object["reading"] = .string(specification.reading)
    object["labels"] = .string(specification.labels.rawValue)
    object["prior"] = priorJSON
    object["classes"] = .strings(classNames)
    object["reference"] = .string(classNames[specification.reference])
    object["features"] = .strings(features)
    object["bases"] = .object(basesJSON(bases))
    object["weights"] = .string(specification.weighting.rawValue)
    addStatistics(to: &object)
    object["deviance_degrees_of_freedom"] = JSONValue(
      statistics.saturatedFreedom(specification, classCount: classNames.count))
    object["pearson"] = JSONValue(statistics.pearson)
    object["dispersion_phi"] = JSONValue(dispersion(classCount: classNames.count))
    addConvergence(to: &object)
    if let matrix = confusionMatrix { object["confusion_matrix"] = Self.json(matrix, classNames) }
    if let votes { object["votes"] = votes.json }
    object["extra_parameters"] = .array(parameters.auxiliaryParameters.map(json))
    object["warnings"] = .array(
      warnings.map { .members(["code": .string($0.code), "message": .string($0.message)]) })
    addUncertainty(to: &object)
    object["level"] = JSONValue(level)
    let entries = profile?.entries ?? []
    object["coefficients"] = .array(
      parameters.coefficients(level: level).enumerated().map { index, coefficient in
        json(coefficient, classNames, entries.indices.contains(index) ? entries[index] : nil)
      })
    object["profile"] =
      profile.map {
        .members(["level": JSONValue($0.level), "tests": Self.json($0.tests, WaldDistribution())])
      } ?? .null
    addTraining(to: &object)
    return .object(object)
  }

  /// Whether the likelihood has a maximum: `attained`, `none` or `undecided`; nil under a prior and
  /// for fits for which it was not examined.
  public var existence: String? {
    if convergence.termination == "separation" { return "none" }
    if warnings.contains(where: { $0.code == "fit.existence" }) { return "undecided" }
    let isExamined =
      convergence.isConverged && specification.prior.name == "flat" && training == nil
      && specification.likelihood != "dirichlet"
    return isExamined ? "attained" : nil
  }

  private var priorJSON: JSONValue {
    .members([
      "name": .string(specification.prior.name),
      "precision": JSONValue(specification.prior.precision),
      "l2": JSONValue(specification.prior.lambda),
      "standardized": .bool(specification.prior.isStandardized),
    ])
  }

  private func basesJSON(_ bases: [(column: String, level: String)]) -> JSONObject {
    var object = JSONObject()
    for (column, level) in bases { object[column] = .string(level) }
    return object
  }

  private func addStatistics(to object: inout JSONObject) {
    object["rows"] = Self.whole(statistics.rowCount)
    object["total_weight"] = JSONValue(statistics.totalWeight)
    object["objective"] = JSONValue(statistics.objective)
    object["cross_entropy"] = JSONValue(statistics.crossEntropy)
    object["label_entropy"] = JSONValue(statistics.labelEntropy)
    object["kl_divergence"] = JSONValue(statistics.divergence)
    object["null_cross_entropy"] = JSONValue(statistics.nullCrossEntropy)
    object["explained_share"] = JSONValue(explainedShare)
    object["label_noise"] =
      statistics.labelNoise.map {
        LabelNoiseText($0).json(nullDivergence: statistics.nullDivergence)
      } ?? .null
    let isCrossEntropy = specification.isCrossEntropy
    object["mcfadden_share"] = JSONValue(isCrossEntropy ? statistics.mcFaddenShare : nil)
    object["mcfadden_limit"] = JSONValue(isCrossEntropy ? statistics.mcFaddenLimit : nil)
    object["deviance"] = JSONValue(isCrossEntropy ? statistics.devianceAgainstLabels : nil)
    object["log_likelihood"] = JSONValue(statistics.logLikelihood)
    object["log_likelihood_constant"] = JSONValue(statistics.logLikelihoodConstant)
    object["null_log_likelihood"] = JSONValue(statistics.nullLogLikelihood)
    object["log_posterior"] = JSONValue(statistics.logPosterior)
    object["degrees_of_freedom"] = JSONValue(statistics.degreesOfFreedom)
    switch statistics.criteria {
    case .available(let akaike, let bayesian):
      object["aic"] = JSONValue(akaike)
      object["bic"] = JSONValue(bayesian)
      object["criteria_reason"] = .null
    case .unavailable(let reason):
      object["aic"] = .null
      object["bic"] = .null
      object["criteria_reason"] = .string(reason.sentence)
    }
    object["tic"] = JSONValue(uncertainty.takeuchi?.value)
    object["effective_parameters"] = JSONValue(uncertainty.takeuchi?.effectiveParameterCount)
    object["gradient_norm"] = JSONValue(statistics.gradientNorm)
    object["gradient_norm_standardized"] = JSONValue(statistics.standardizedGradientNorm)
    object["gap_bound"] = JSONValue(statistics.gapBound)
    object["gap_estimate"] = JSONValue(statistics.gapEstimate)
  }

  private func addConvergence(to object: inout JSONObject) {
    object["converged"] = .bool(convergence.isConverged)
    object["termination"] = .string(convergence.termination)
    object["existence"] = JSONValue(existence)
    object["solver"] = .string(convergence.solvers.joined(separator: "+"))
    object["iterations"] = .integer(convergence.iterations)
    object["passes"] = .integer(convergence.passes)
    object["set_up_passes"] = JSONValue(convergence.setUpPasses)
    object["curvature_evaluations"] = .integer(convergence.curvatureEvaluations)
    object["tolerance"] = JSONValue(convergence.tolerance)
  }

  private func addUncertainty(to object: inout JSONObject) {
    object["std_errors"] = uncertainty.kind.map { .string($0.rawValue) } ?? .null
    object["std_errors_reason"] = .string(uncertainty.reason.sentence)
    object["std_errors_units"] =
      (uncertainty.kind == .quasi ? nil : uncertainty.unitCount)
      .map(Self.whole) ?? .null
    object["std_errors_degrees_of_freedom"] = uncertainty.freedom.map(Self.whole) ?? .null
    object["std_errors_clusters"] = uncertainty.clusterColumn.map { .string($0) } ?? .null
    object["wald_tests"] = Self.json(uncertainty.tests, uncertainty.distribution)
  }

  private static func json(
    _ tests: [WaldTest], _ distribution: WaldDistribution
  ) -> JSONValue {
    .array(
      tests.map { test in
        .members([
          "feature": test.feature.map { .string($0) } ?? .null,
          "statistic": JSONValue(test.statistic),
          "degrees_of_freedom": .integer(test.degreesOfFreedom),
          "p_value": JSONValue(test.pValue),
          "log_p_value": JSONValue(
            distribution.logJointTail(test.statistic, count: test.degreesOfFreedom)),
        ])
      })
  }

  private static func json(
    _ matrix: [[ParameterTable.Auxiliary]], _ classNames: [String]
  ) -> JSONValue {
    func rows(_ value: (ParameterTable.Auxiliary) -> Double?) -> JSONValue {
      .array(matrix.map { row in .array(row.map { JSONValue(value($0)) }) })
    }
    return .members([
      "true_classes": .strings(classNames), "labels": .strings(classNames),
      "estimate": rows(\.estimate), "std_error": rows(\.standardError),
      "low": rows { $0.interval?.lowerBound }, "high": rows { $0.interval?.upperBound },
    ])
  }

  private func json(_ parameter: ParameterTable.Auxiliary) -> JSONValue {
    .members([
      "name": .string(parameter.name), "estimate": JSONValue(parameter.estimate),
      "std_error": JSONValue(parameter.standardError),
      "low": JSONValue(parameter.interval?.lowerBound),
      "high": JSONValue(parameter.interval?.upperBound),
    ])
  }

  private func json(
    _ coefficient: ParameterTable.Coefficient, _ classNames: [String],
    _ entry: ProfileRecord.Entry?
  ) -> JSONValue {
    let wald = coefficient.wald
    return .members([
      "class": .string(classNames[coefficient.classIndex]),
      "feature": .string(coefficient.feature),
      "estimate": JSONValue(coefficient.estimate),
      "state": .string(
        (coefficient.state.isInfinite ? .infinite : coefficient.state).rawValue),
      "sign": coefficient.state.infinity.map { .string($0 > 0 ? "+" : "-") } ?? .null,
      "std_error": JSONValue(coefficient.standardError),
      "z": JSONValue(wald?.z), "p_value": JSONValue(wald?.pValue),
      "log_p_value": JSONValue(wald?.logPValue),
      "low": JSONValue(wald?.interval.lowerBound), "high": JSONValue(wald?.interval.upperBound),
      "profile": entry.map {
        .members([
          "statistic": JSONValue($0.statistic), "p_value": JSONValue($0.pValue),
          "low": JSONValue($0.low), "high": JSONValue($0.high),
        ])
      } ?? .null,
    ])
  }

  private static func whole(_ value: Double) -> JSONValue {
    Int(exactly: value).map { .integer($0) } ?? JSONValue(value)
  }
}
