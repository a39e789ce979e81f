import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModels
import SurprisalProbability
import SurprisalTables

/// The record of a fit, a writing and a reading function a type, in the order of the type's fields.
extension ModelFile {
  static func json(of record: FitRecord) -> JSONValue {
    let value = affineJSON(of: record)
    guard let training = record.training, case .object(var object) = value else { return value }
    object["training"] = .array(training.map(json(of:)))
    object["validation"] = record.validation.map(json(of:)) ?? .null
    return .object(object)
  }

  private static func affineJSON(of record: FitRecord) -> JSONValue {
    .members([
      "specification": json(of: record.specification),
      "course": json(of: record.convergence),
      "statistics": json(of: record.statistics),
      "coefficients": .array(record.coefficients.map(json(of:))),
      "own_parameters": .array(record.parameters.auxiliaryParameters.map(json(of:))),
      "uncertainty": json(of: record.parameters),
      "warnings": .array(record.warnings.map(json(of:))),
    ])
  }

  static func record(
    _ value: JSONValue, classCount: Int, columnNames: [String], network: MultilayerPerceptron?
  ) throws(ModelFileError.Problem) -> FitRecord {
    var object = try ModelFileObject(value, path: "fit")
    var record = FitRecord(
      specification: try specification(try object.member("specification"), classCount),
      convergence: try convergence(try object.member("course")),
      statistics: try statistics(try object.member("statistics")),
      parameters: try parameters(&object, classCount, network == nil ? columnNames : []),
      warnings: try object.objects("warnings") {
        (object: inout ModelFileObject) throws(ModelFileError.Problem) in
        .recorded(code: try object.name("code"), message: try object.text("message"))
      })
    if let network {
      record.training = try object.objects("training") {
        (object: inout ModelFileObject) throws(ModelFileError.Problem) in
        try training(&object, network)
      }
      record.validation = try held(try object.value("validation"), object.place("validation"))
    }
    try requireErrors(of: record.parameters, object.place("uncertainty"))
    try object.finish()
    return record
  }

  private static func json(of specification: FitRecord.Specification) -> JSONValue {
    .members([
      "model": .string(specification.model),
      "likelihood": .string(specification.likelihood),
      "reading": .string(specification.reading),
      "labels": .string(specification.labels.rawValue),
      "prior": json(of: specification.prior),
      "weighting": .string(specification.weighting.rawValue),
      "has_intercept": .bool(specification.hasIntercept),
      "reference": .integer(specification.reference),
    ])
  }

  private static func specification(
    _ given: ModelFileObject, _ classCount: Int
  ) throws(ModelFileError.Problem) -> FitRecord.Specification {
    var object = given
    let specification = FitRecord.Specification(
      model: try object.name("model"),
      likelihood: try object.name("likelihood"),
      reading: try object.name("reading"),
      labels: try object.word("labels"),
      prior: try prior(try object.member("prior")),
      weighting: try object.word("weighting"),
      hasIntercept: try object.truth("has_intercept"),
      reference: try object.index("reference", below: classCount, of: "classes"))
    try object.finish()
    return specification
  }

  private static func json(of prior: FitRecord.PriorRecord) -> JSONValue {
    .members([
      "name": .string(prior.name),
      "precision": .statistic(prior.precision),
      "lambda": .statistic(prior.lambda),
      "is_standardized": .bool(prior.isStandardized),
    ])
  }

  private static func prior(
    _ given: ModelFileObject
  ) throws(ModelFileError.Problem) -> FitRecord.PriorRecord {
    var object = given
    let prior = FitRecord.PriorRecord(
      name: try object.name("name"),
      precision: try object.optionalStatistic("precision"),
      lambda: try object.optionalStatistic("lambda"),
      isStandardized: try object.truth("is_standardized"))
    try object.finish()
    return prior
  }

  private static func json(of convergence: FitRecord.Convergence) -> JSONValue {
    var object = JSONObject()
    let members: [(String, JSONValue)] = [
      ("solvers", .strings(convergence.solvers)),
      ("is_converged", .bool(convergence.isConverged)),
      ("termination", .string(convergence.termination)),
      ("iterations", .integer(convergence.iterations)),
      ("passes", .integer(convergence.passes)),
      ("curvature_evaluations", .integer(convergence.curvatureEvaluations)),
      ("tolerance", .statistic(convergence.tolerance)),
    ]
    for (key, value) in members { object[key] = value }
    // Files of version 0.1 have no such member, and a reader of them knows none.
    if convergence.setUpPasses != 0 {
      object["set_up_passes"] = .statistic(convergence.setUpPasses)
    }
    return .object(object)
  }

  private static func convergence(
    _ given: ModelFileObject
  ) throws(ModelFileError.Problem) -> FitRecord.Convergence {
    var object = given
    let convergence = FitRecord.Convergence(
      solvers: try object.texts("solvers"),
      isConverged: try object.truth("is_converged"),
      termination: try object.name("termination"),
      iterations: try object.count("iterations"),
      passes: try object.count("passes"),
      setUpPasses: object.has("set_up_passes") ? try object.statistic("set_up_passes") : 0,
      curvatureEvaluations: try object.count("curvature_evaluations"),
      tolerance: try object.statistic("tolerance"))
    try object.finish()
    return convergence
  }

  private static func json(of coefficient: ParameterTable.Coefficient) -> JSONValue {
    .members([
      "class": .integer(coefficient.classIndex),
      "feature": .string(coefficient.feature),
      "estimate": JSONValue(coefficient.estimate),
      "state": .string(coefficient.state.rawValue),
      "std_error": JSONValue(coefficient.standardError),
    ])
  }

  /// The table of parameters: coefficients find the place of their column by its name, once.
  private static func parameters(
    _ object: inout ModelFileObject, _ classCount: Int, _ columnNames: [String]
  ) throws(ModelFileError.Problem) -> ParameterTable {
    var columns: [String: Int?] = [ParameterTable.interceptName: nil as Int?]
    for (column, name) in columnNames.enumerated() { columns[name] = column }
    var place = 0
    let coefficients = try object.objects("coefficients") {
      (object: inout ModelFileObject) throws(ModelFileError.Problem) in
      try coefficient(&object, classCount, columns, &place)
    }
    let auxiliary = try object.objects("own_parameters") {
      (object: inout ModelFileObject) throws(ModelFileError.Problem) in
      try auxiliaryParameter(&object)
    }
    let (uncertainty, covariance) = try uncertainty(try object.member("uncertainty"))
    return ParameterTable(
      columnNames: columnNames, rows: coefficients + auxiliary, covariance: covariance,
      uncertainty: uncertainty)
  }

  private static func coefficient(
    _ object: inout ModelFileObject, _ classCount: Int, _ columns: [String: Int?],
    _ place: inout Int
  ) throws(ModelFileError.Problem) -> ParameterTable.Row {
    let unit = try object.index("class", below: classCount, of: "classes")
    // Put together of names that are checked where they are listed.
    let feature = try object.text("feature")
    guard let column = columns[feature] else {
      throw .value(path: object.place("feature"), found: "the name of no column")
    }
    var row = ParameterTable.Row(
      .coefficient(class: unit, column: column), estimate: try object.optionalNumber("estimate"),
      state: try object.word("state"),
      standardError: try object.optionalNumber("std_error"))
    guard (row.estimate == nil) == (row.state != .estimated) else {
      throw .value(
        path: object.place("estimate"),
        found: "\(row.estimate == nil ? "null" : "a number") in the state " + row.state.rawValue)
    }
    if row.standardError != nil {
      row.place = place
      place += 1
    }
    return row
  }

  static func json(of warning: FitWarning) -> JSONValue {
    .members(["code": .string(warning.code), "message": .string(warning.message)])
  }
}
