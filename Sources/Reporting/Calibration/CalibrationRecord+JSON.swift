import SurprisalCalibration
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalModelStore
import SurprisalTables

extension CalibrationRecord {
  /// The object that `calibrate --json` prints, and `summary --json` under `calibration`.
  public func json(classNames: [String]) -> JSONValue {
    .members([
      "method": .string(method.rawValue),
      "labels": .string(labels.rawValue),
      "l2": JSONValue(lambda),
      "rows": Self.whole(rowCount),
      "total_weight": JSONValue(totalWeight),
      "classes": .strings(classNames),
      "before": Self.json(before),
      "after": Self.json(after),
      "parameters": .array(parameters.map { Self.json($0, classNames) }),
      "std_errors": errors.map { .string($0.rawValue) } ?? .null,
      "std_errors_reason": .string(errorsReason.sentence),
      "test": test.map(Self.json) ?? .null,
      "test_reason": .string(testReason.sentence),
      "converged": .bool(isConverged),
      "iterations": .integer(iterations),
      "warnings": .array(
        warnings.map {
          .members(["code": .string($0.code), "message": .string($0.message)])
        }),
    ])
  }

  private static func whole(_ value: Double) -> JSONValue {
    Int(exactly: value).map { .integer($0) } ?? JSONValue(value)
  }

  private static func json(_ scores: Scores) -> JSONValue {
    .members([
      "cross_entropy": JSONValue(scores.crossEntropy),
      "label_entropy": JSONValue(scores.labelEntropy),
      "kl_divergence": JSONValue(scores.divergence),
      "ece": JSONValue(scores.calibrationError), "accuracy": JSONValue(scores.accuracy),
    ])
  }

  private static func json(_ parameter: Parameter, _ classNames: [String]) -> JSONValue {
    func name(_ index: Int?) -> JSONValue {
      index.flatMap { classNames.indices.contains($0) ? .string(classNames[$0]) : nil } ?? .null
    }
    return .members([
      "role": .string(parameter.role.rawValue),
      "class": name(parameter.classIndex),
      "score": name(parameter.scoreIndex),
      "estimate": JSONValue(parameter.estimate),
      "std_error": JSONValue(parameter.standardError),
      "low": JSONValue(parameter.interval?.lowerBound),
      "high": JSONValue(parameter.interval?.upperBound),
    ])
  }

  private static func json(_ test: Test) -> JSONValue {
    .members([
      "kind": .string(test.kind.rawValue), "statistic": JSONValue(test.statistic),
      "degrees_of_freedom": .integer(test.degreesOfFreedom), "p_value": JSONValue(test.pValue),
    ])
  }
}
