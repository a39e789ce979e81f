import SurprisalCalibration
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalProbability
import SurprisalTables

/// The member `calibration`: a map, and the record of its fit.
extension ModelFile {
  static func json(of record: CalibrationRecord) -> JSONValue {
    .members([
      "method": .string(record.method.rawValue),
      "map": json(of: record.calibrator),
      "labels": .string(record.labels.rawValue),
      "l2": JSONValue(record.lambda),
      "rows": .statistic(record.rowCount),
      "total_weight": .statistic(record.totalWeight),
      "before": json(of: record.before),
      "after": json(of: record.after),
      "parameters": .array(record.parameters.map(json(of:))),
      "std_errors": record.errors.map { .string($0.rawValue) } ?? .null,
      "std_errors_reason": .string(record.errorsReason.sentence),
      "test": record.test.map(json(of:)) ?? .null,
      "test_reason": .string(record.testReason.sentence),
      "is_converged": .bool(record.isConverged),
      "iterations": .integer(record.iterations),
      "warnings": .array(record.warnings.map(json(of:))),
    ])
  }

  static func calibration(
    _ given: ModelFileObject, classCount: Int
  ) throws(ModelFileError.Problem) -> CalibrationRecord {
    var object = given
    let method: CalibrationMethod = try object.word("method")
    let calibrator = try calibrator(method, try object.member("map"), classCount)
    let labels: LabelKind = try object.word("labels")
    let hasErrors = try !object.value("std_errors").isNull
    let hasTest = try !object.value("test").isNull
    let record = CalibrationRecord(
      calibrator: calibrator, labels: labels, lambda: try object.optionalNumber("l2"),
      rowCount: try object.statistic("rows"), totalWeight: try object.statistic("total_weight"),
      before: try scores(try object.member("before")),
      after: try scores(try object.member("after")),
      parameters: try object.objects("parameters") {
        (object: inout ModelFileObject) throws(ModelFileError.Problem) in
        try parameter(&object, classCount)
      },
      errors: hasErrors ? try object.word("std_errors") : nil,
      errorsReason: .recorded(try object.text("std_errors_reason")),
      test: hasTest ? try test(try object.member("test")) : nil,
      testReason: .recorded(try object.text("test_reason")),
      isConverged: try object.truth("is_converged"), iterations: try object.count("iterations"),
      warnings: try object.objects("warnings") {
        (object: inout ModelFileObject) throws(ModelFileError.Problem) in
        .recorded(code: try object.name("code"), message: try object.text("message"))
      })
    try object.finish()
    return record
  }

  // MARK: The map

  private static func json(of calibrator: Calibrator) -> JSONValue {
    switch calibrator {
    case .temperature(let slope): .members(["slope": .number(slope)])
    case .vector(let slopes, let intercepts):
      .members(["slopes": .numbers(slopes), "intercepts": .numbers(intercepts)])
    case .matrix(let map), .dirichlet(let map):
      .members([
        "weights": .array(map.weights.map { .numbers($0) }),
        "intercepts": .numbers(map.intercepts),
      ])
    case .isotonic(let functions):
      .members([
        "functions": .array(
          functions.map {
            .members(["thresholds": .numbers($0.thresholds), "values": .numbers($0.values)])
          })
      ])
    }
  }

  private static func calibrator(
    _ method: CalibrationMethod, _ given: ModelFileObject, _ classCount: Int
  ) throws(ModelFileError.Problem) -> Calibrator {
    var object = given
    let result: Calibrator
    switch method {
    case .temperature:
      let slope = try object.number("slope")
      guard slope > 0 else { throw .value(path: object.place("slope"), found: "\(slope)") }
      result = .temperature(slope: slope)
    case .vector:
      result = .vector(
        slopes: try object.numbers("slopes", count: classCount),
        intercepts: try object.numbers("intercepts", count: classCount))
    case .matrix: result = .matrix(try affineScores(&object, classCount))
    case .dirichlet: result = .dirichlet(try affineScores(&object, classCount))
    case .isotonic: result = .isotonic(try isotonicFunctions(&object, classCount))
    }
    try object.finish()
    return result
  }

  private static func affineScores(
    _ object: inout ModelFileObject, _ classCount: Int
  ) throws(ModelFileError.Problem) -> Calibrator.AffineScores {
    let entries = try object.matrix("weights", rows: classCount, columns: classCount)
    return Calibrator.AffineScores(
      weights: (0..<classCount).map { Array(entries[($0 * classCount)..<(($0 + 1) * classCount)]) },
      intercepts: try object.numbers("intercepts", count: classCount))
  }

  /// One a class, with values that are probabilities.
  private static func isotonicFunctions(
    _ object: inout ModelFileObject, _ classCount: Int
  ) throws(ModelFileError.Problem) -> [IsotonicFunction] {
    let functions = try object.objects("functions") {
      (object: inout ModelFileObject) throws(ModelFileError.Problem) -> IsotonicFunction in
      let thresholds = try object.numbers("thresholds")
      let values = try object.numbers("values", count: thresholds.count)
      guard values.allSatisfy({ $0 >= 0 }),
        let function = IsotonicFunction(thresholds: thresholds, values: values)
      else { throw .value(path: object.path, found: "knots that do not ascend, or values below 0") }
      return function
    }
    guard functions.count == classCount else {
      throw .shape(
        path: object.place("functions"), expected: "\(classCount) functions",
        found: functions.count)
    }
    return functions
  }

  // MARK: The record

  private static func json(of scores: CalibrationRecord.Scores) -> JSONValue {
    .members([
      "cross_entropy": .statistic(scores.crossEntropy),
      "label_entropy": .statistic(scores.labelEntropy),
      "kl_divergence": .statistic(scores.divergence),
      "ece": .statistic(scores.calibrationError),
      "accuracy": .statistic(scores.accuracy),
    ])
  }

  private static func scores(
    _ given: ModelFileObject
  ) throws(ModelFileError.Problem) -> CalibrationRecord.Scores {
    var object = given
    let scores = CalibrationRecord.Scores(
      crossEntropy: try object.statistic("cross_entropy"),
      labelEntropy: try object.statistic("label_entropy"),
      divergence: try object.statistic("kl_divergence"),
      calibrationError: try object.statistic("ece"),
      accuracy: try object.statistic("accuracy"))
    try object.finish()
    return scores
  }

  private static func json(of parameter: CalibrationRecord.Parameter) -> JSONValue {
    .members([
      "role": .string(parameter.role.rawValue),
      "class": JSONValue(parameter.classIndex),
      "score": JSONValue(parameter.scoreIndex),
      "estimate": JSONValue(parameter.estimate),
      "std_error": JSONValue(parameter.standardError),
      "interval": parameter.interval.map { .numbers([$0.lowerBound, $0.upperBound]) } ?? .null,
    ])
  }

  private static func parameter(
    _ object: inout ModelFileObject, _ classCount: Int
  ) throws(ModelFileError.Problem) -> CalibrationRecord.Parameter {
    let hasClass = try !object.value("class").isNull
    let hasScore = try !object.value("score").isNull
    let hasInterval = try !object.value("interval").isNull
    var parameter = CalibrationRecord.Parameter(
      try object.word("role"),
      class: hasClass ? try object.index("class", below: classCount, of: "classes") : nil,
      score: hasScore ? try object.index("score", below: classCount, of: "classes") : nil,
      estimate: try object.number("estimate"),
      standardError: try object.optionalNumber("std_error"))
    guard hasInterval else { return parameter }
    let ends = try object.numbers("interval", count: 2)
    guard ends[0] <= ends[1] else {
      throw .value(path: object.place("interval"), found: "ends that are not in order")
    }
    parameter.interval = ends[0]...ends[1]
    return parameter
  }

  private static func json(of test: CalibrationRecord.Test) -> JSONValue {
    .members([
      "kind": .string(test.kind.rawValue), "statistic": JSONValue(test.statistic),
      "degrees_of_freedom": .integer(test.degreesOfFreedom), "p_value": JSONValue(test.pValue),
    ])
  }

  private static func test(
    _ given: ModelFileObject
  ) throws(ModelFileError.Problem) -> CalibrationRecord.Test {
    var object = given
    let test = CalibrationRecord.Test(
      kind: try object.word("kind"), statistic: try object.number("statistic"),
      degreesOfFreedom: try object.count("degrees_of_freedom"),
      pValue: try object.number("p_value"))
    try object.finish()
    return test
  }
}
