import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalModels
import SurprisalProbability
import SurprisalReporting
import SurprisalTables
import TestSupport
import Testing

@Suite struct FitRecordJSONTests {
  /// The documented keys of `fit --json`.
  static let promised = [
    "model", "likelihood", "prior", "classes", "features", "rows", "total_weight", "objective",
    "cross_entropy", "label_entropy", "kl_divergence", "null_cross_entropy", "log_likelihood",
    "log_likelihood_constant", "degrees_of_freedom", "aic", "bic", "converged", "termination",
    "iterations", "passes", "set_up_passes", "gradient_norm", "gradient_norm_standardized",
    "gap_bound",
    "gap_estimate", "log_posterior", "warnings", "extra_parameters", "coefficients",
  ]
  static let promisedOfCoefficients = [
    "class", "feature", "estimate", "std_error", "z", "p_value", "low", "high",
  ]

  static func json<L: Likelihood, P: Prior>(
    _ fit: Fit<LinearPredictor, L, P>
  ) throws -> JSONValue {
    let value = fit.record().json(
      classNames: fit.classifier.classNames, features: fit.classifier.encoding.columnNames,
      bases: fit.classifier.encoding.baseLevels)
    // Converted to text and back, as for a reader of the output.
    return try JSONParser().parse(JSONWriter.pretty.text(of: value))
  }

  @Test func everyKeyIsThere() throws {
    let json = try Self.json(HousingReportTests.fit())
    for key in Self.promised { #expect(json[key] != nil, "\(key)") }
    let coefficients = try #require(json["coefficients"]?.arrayValue)
    #expect(coefficients.count == 14)
    for key in Self.promisedOfCoefficients { #expect(coefficients[0][key] != nil, "\(key)") }
    #expect(json["classes"]?.stringArray == ["Low", "Medium", "High"])
    #expect(json["total_weight"]?.doubleValue == 1681)
    #expect(json["rows"]?.integerValue == 24)
    #expect(json["degrees_of_freedom"]?.integerValue == 14)
    #expect(json["converged"]?.boolValue == true)
    #expect(json["prior"]?["name"]?.stringValue == "flat")
    #expect(json["gap_bound"]?.isNull == true)
    #expect(json["bases"]?["Type"]?.stringValue == "Tower")
  }

  /// Numbers read back to the same bits.
  @Test func numbersKeepTheirBits() throws {
    let fit = try HousingReportTests.fit()
    let json = try Self.json(fit)
    #expect(json["objective"]?.doubleValue == fit.statistics.objective)
    #expect(json["log_likelihood"]?.doubleValue == fit.statistics.logLikelihood)
    let estimates = (json["coefficients"]?.arrayValue ?? []).map { $0["estimate"]?.doubleValue }
    #expect(estimates == fit.record().coefficients.map(\.estimate))
  }

  /// An unavailable value is null, with a reason.
  @Test func whatIsNotAvailableIsNull() throws {
    let labels = Labels.classes(try ClassIndices([0, 0, 1, 1], classCount: 2))
    let data = try Dataset(
      features: Features([[0, 5], [1, 5], [2, 5], [3, 5]]), labels: labels)
    let fit = try MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical()).fit(data)
    let json = try Self.json(fit)
    #expect(json["converged"]?.boolValue == false)
    #expect(json["termination"]?.stringValue == "separation")
    #expect(json["aic"]?.isNull == true)
    #expect(json["criteria_reason"]?.stringValue?.isEmpty == false)
    let states = (json["coefficients"]?.arrayValue ?? []).map { $0["state"]?.stringValue }
    #expect(states == ["infinite", "infinite", "aliased"])
    #expect(
      (json["coefficients"]?.arrayValue ?? []).allSatisfy { $0["estimate"]?.isNull == true })
    let codes = (json["warnings"]?.arrayValue ?? []).compactMap { $0["code"]?.stringValue }
    #expect(codes.contains("fit.separation") && codes.contains("fit.aliased"))
  }
}
