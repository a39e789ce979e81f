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
      "course": json(of: record.course),
      "statistics": json(of: record.statistics),
      "coefficients": .array(record.coefficients.map(json(of:))),
      "own_parameters": .array(record.ownParameters.map(json(of:))),
      "uncertainty": json(of: record.uncertainty),
      "warnings": .array(record.warnings.map(json(of:))),
    ])
  }

  static func record(
    _ value: JSONValue, classCount: Int, network: MultilayerPerceptron?
  ) throws(ModelFileError.Problem) -> FitRecord {
    var object = try ModelFileObject(value, path: "fit")
    var record = FitRecord(
      specification: try specification(try object.member("specification"), classCount),
      course: try course(try object.member("course")),
      statistics: try statistics(try object.member("statistics")),
      coefficients: try object.objects("coefficients") {
        (object: inout ModelFileObject) throws(ModelFileError.Problem) in
        try coefficient(&object, classCount)
      },
      ownParameters: try object.objects("own_parameters") {
        (object: inout ModelFileObject) throws(ModelFileError.Problem) in
        try ownParameter(&object)
      },
      warnings: try object.objects("warnings") {
        (object: inout ModelFileObject) throws(ModelFileError.Problem) in
        FitRecord.Notice(code: try object.name("code"), message: try object.text("message"))
      },
      uncertainty: try uncertainty(try object.member("uncertainty")))
    if let network {
      record.training = try object.objects("training") {
        (object: inout ModelFileObject) throws(ModelFileError.Problem) in
        try training(&object, network)
      }
      record.validation = try held(try object.value("validation"), object.place("validation"))
    }
    try requireErrors(of: record, object.place("uncertainty"))
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

  private static func json(of course: FitRecord.Course) -> JSONValue {
    var object = JSONObject()
    let members: [(String, JSONValue)] = [
      ("solvers", .strings(course.solvers)),
      ("is_converged", .bool(course.isConverged)),
      ("termination", .string(course.termination)),
      ("iterations", .integer(course.iterations)),
      ("passes", .integer(course.passes)),
      ("curvature_evaluations", .integer(course.curvatureEvaluations)),
      ("tolerance", .statistic(course.tolerance)),
    ]
    for (key, value) in members { object[key] = value }
    // Files of version 0.1 have no such member, and a reader of them knows none.
    if course.setUpPasses != 0 { object["set_up_passes"] = .statistic(course.setUpPasses) }
    return .object(object)
  }

  private static func course(
    _ given: ModelFileObject
  ) throws(ModelFileError.Problem) -> FitRecord.Course {
    var object = given
    let course = FitRecord.Course(
      solvers: try object.texts("solvers"),
      isConverged: try object.truth("is_converged"),
      termination: try object.name("termination"),
      iterations: try object.count("iterations"),
      passes: try object.count("passes"),
      setUpPasses: object.has("set_up_passes") ? try object.statistic("set_up_passes") : 0,
      curvatureEvaluations: try object.count("curvature_evaluations"),
      tolerance: try object.statistic("tolerance"))
    try object.finish()
    return course
  }

  private static func json(of coefficient: FitRecord.Coefficient) -> JSONValue {
    .members([
      "class": .integer(coefficient.classIndex),
      "feature": .string(coefficient.feature),
      "estimate": JSONValue(coefficient.estimate),
      "state": .string(coefficient.state.rawValue),
      "std_error": JSONValue(coefficient.standardError),
    ])
  }

  private static func coefficient(
    _ object: inout ModelFileObject, _ classCount: Int
  ) throws(ModelFileError.Problem) -> FitRecord.Coefficient {
    let coefficient = FitRecord.Coefficient(
      classIndex: try object.index("class", below: classCount, of: "classes"),
      // Put together of names that are checked where they stand.
      feature: try object.text("feature"),
      estimate: try object.optionalNumber("estimate"),
      state: try object.word("state"),
      standardError: try object.optionalNumber("std_error"))
    guard (coefficient.estimate == nil) == (coefficient.state != .estimated) else {
      throw .value(
        path: object.place("estimate"),
        found: "\(coefficient.estimate == nil ? "null" : "a number") in the state "
          + coefficient.state.rawValue)
    }
    return coefficient
  }

  private static func json(of notice: FitRecord.Notice) -> JSONValue {
    .members(["code": .string(notice.code), "message": .string(notice.message)])
  }
}
