import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalTables

/// Standard errors and what goes with them.
extension ModelFile {
  static func json(of table: ParameterTable) -> JSONValue {
    let uncertainty = table.uncertainty
    let value: JSONValue = .members([
      "kind": uncertainty.kind.map { .string($0.rawValue) } ?? .null,
      "reason": .string(uncertainty.reason.sentence),
      "units": JSONValue(uncertainty.unitCount),
      "clusters": uncertainty.clusterColumn.map { .string($0) } ?? .null,
      "tests": .array(uncertainty.tests.map(json(of:))),
      "covariance": table.covariance.map { .numbers($0) } ?? .null,
    ])
    guard let takeuchi = uncertainty.takeuchi, case .object(var object) = value else {
      return value
    }
    object["takeuchi"] = .members([
      "value": .statistic(takeuchi.value),
      "effective_parameters": .statistic(takeuchi.effectiveParameterCount),
    ])
    return .object(object)
  }

  static func uncertainty(
    _ given: ModelFileObject
  ) throws(ModelFileError.Problem) -> (UncertaintyRecord, covariance: [Double]?) {
    var object = given
    let hasKind = try !object.value("kind").isNull
    let hasClusters = try !object.value("clusters").isNull
    let hasCovariance = try !object.value("covariance").isNull
    let uncertainty = UncertaintyRecord(
      kind: hasKind ? try object.word("kind") : nil,
      reason: .recorded(try object.text("reason")),
      unitCount: try object.optionalNumber("units"),
      clusterColumn: hasClusters ? try object.text("clusters") : nil,
      tests: try object.objects("tests") {
        (object: inout ModelFileObject) throws(ModelFileError.Problem) in
        try test(&object)
      },
      takeuchi: object.has("takeuchi") ? try takeuchi(try object.member("takeuchi")) : nil)
    let covariance = hasCovariance ? try object.numbers("covariance") : nil
    try object.finish()
    return (uncertainty, covariance)
  }

  private static func takeuchi(
    _ given: ModelFileObject
  ) throws(ModelFileError.Problem) -> TakeuchiCriterion {
    var object = given
    let criterion = TakeuchiCriterion(
      value: try object.statistic("value"),
      effectiveParameterCount: try object.statistic("effective_parameters"))
    try object.finish()
    return criterion
  }

  /// Standard errors are not negative, and the covariance is that of the coefficients that have one.
  static func requireErrors(
    of table: ParameterTable, _ path: String
  ) throws(ModelFileError.Problem) {
    let errors = table.rows.filter { $0.place != nil }.compactMap(\.standardError)
    if let error = errors.first(where: { $0 < 0 }) {
      throw .value(path: path, found: "\(error)")
    }
    guard let covariance = table.covariance else { return }
    let expected = errors.count * (errors.count + 1) / 2
    guard covariance.count == expected else {
      throw .shape(
        path: "\(path).covariance", expected: "\(expected) numbers", found: covariance.count)
    }
  }

  private static func json(of test: WaldTest) -> JSONValue {
    .members([
      "feature": test.feature.map { .string($0) } ?? .null,
      "statistic": JSONValue(test.statistic),
      "degrees_of_freedom": .integer(test.degreesOfFreedom),
      "p_value": JSONValue(test.pValue),
    ])
  }

  private static func test(
    _ object: inout ModelFileObject
  ) throws(ModelFileError.Problem) -> WaldTest {
    let hasFeature = try !object.value("feature").isNull
    return WaldTest(
      feature: hasFeature ? try object.text("feature") : nil,
      statistic: try object.number("statistic"),
      degreesOfFreedom: try object.count("degrees_of_freedom"),
      pValue: try object.number("p_value"))
  }

  static func json(of parameter: ParameterTable.Auxiliary) -> JSONValue {
    .members([
      "name": .string(parameter.name), "estimate": .statistic(parameter.estimate),
      "std_error": JSONValue(parameter.standardError),
      "interval": parameter.interval.map { .numbers([$0.lowerBound, $0.upperBound]) } ?? .null,
    ])
  }

  static func auxiliaryParameter(
    _ object: inout ModelFileObject
  ) throws(ModelFileError.Problem) -> ParameterTable.Row {
    var row = ParameterTable.Row(
      .auxiliary(try object.name("name")), estimate: try object.statistic("estimate"),
      standardError: try object.optionalNumber("std_error"))
    guard try !object.value("interval").isNull else { return row }
    let ends = try object.numbers("interval", count: 2)
    guard ends[0] <= ends[1] else {
      throw .value(path: object.place("interval"), found: "ends that are not in order")
    }
    row.interval = ends[0]...ends[1]
    return row
  }
}
