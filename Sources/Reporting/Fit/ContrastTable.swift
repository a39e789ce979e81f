import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalInference
import SurprisalModelStore
import SurprisalProbability
import SurprisalTables

/// Linear combinations of coefficients as text, CSV and JSON.
public struct ContrastTable: Sendable {
  private let values: LinearContrasts

  /// The table of some combinations.
  public init(_ values: LinearContrasts) { self.values = values }

  /// The table as text.
  public var text: String {
    var table = TextTable(
      ["contrast", "estimate", "std.error"] + values.uncertainty.headings(level: values.level),
      leftColumns: 1)
    for contrast in values.contrasts {
      table.append([
        contrast.text, NumberText.estimate(contrast.estimate, error: contrast.standardError),
        NumberText.significant(contrast.standardError, 5), NumberText.fixed(contrast.wald?.z, 3),
        NumberText.probability(contrast.wald?.pValue),
        NumberText.significant(contrast.wald?.interval.lowerBound, 5),
        NumberText.significant(contrast.wald?.interval.upperBound, 5),
      ])
    }
    return (["linear combinations of coefficients, log odds", table.text()] + joint)
      .joined(separator: "\n")
  }

  private var joint: [String] {
    if let reason = values.jointRefusal { return ["  no joint Wald test: \(reason.sentence)"] }
    guard let test = values.jointTest else { return [] }
    let count = test.degreesOfFreedom
    let statistic =
      values.uncertainty.freedom.map {
        "F \(NumberText.fixed(test.statistic / Double(count), 3)) on \(count) and "
          + "\(NumberText.count($0))"
      } ?? "chi-square \(NumberText.fixed(test.statistic, 3)) on \(count)"
    return [
      "  joint Wald test that all are zero: \(statistic) degrees of freedom, "
        + "p \(NumberText.probability(test.pValue))"
    ]
  }

  /// One line per combination, with broom's column names.
  public var tidy: String {
    let writer = DelimitedWriter()
    func cell(_ value: Double?) -> String {
      value.flatMap { $0.isFinite ? writer.field($0) : nil } ?? "NA"
    }
    let head = [
      "contrast", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high",
    ]
    let rows = values.contrasts.map { contrast in
      [
        writer.field(contrast.text), cell(contrast.estimate), cell(contrast.standardError),
        cell(contrast.wald?.z), cell(contrast.wald?.pValue),
        cell(contrast.wald?.interval.lowerBound), cell(contrast.wald?.interval.upperBound),
      ]
    }
    return ([head] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n")
  }

  /// The summary of a model with these as its members `contrasts` and `joint_test_of_contrasts`.
  public func added(to summary: JSONValue) -> JSONValue {
    guard case .object(var object) = summary else { return summary }
    object["contrasts"] = .array(
      values.contrasts.map { contrast in
        .members([
          "contrast": .string(contrast.text), "estimate": JSONValue(contrast.estimate),
          "std_error": JSONValue(contrast.standardError), "z": JSONValue(contrast.wald?.z),
          "p_value": JSONValue(contrast.wald?.pValue),
          "log_p_value": JSONValue(contrast.wald?.logPValue),
          "low": JSONValue(contrast.wald?.interval.lowerBound),
          "high": JSONValue(contrast.wald?.interval.upperBound),
        ])
      })
    object["joint_test_of_contrasts"] =
      values.contrasts.count < 2
      ? .null
      : .members([
        "statistic": JSONValue(values.jointTest?.statistic),
        "degrees_of_freedom": JSONValue(values.jointTest?.degreesOfFreedom),
        "denominator_degrees_of_freedom": JSONValue(values.uncertainty.freedom),
        "p_value": JSONValue(values.jointTest?.pValue),
        "reason": JSONValue(values.jointRefusal?.sentence),
      ])
    return .object(object)
  }
}
