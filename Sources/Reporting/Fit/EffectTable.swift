import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalInference
import SurprisalModelStore
import SurprisalTables

/// Average marginal effects as text, CSV and JSON.
public struct EffectTable: Sendable {
  private let effects: [MarginalEffect]
  private let classNames: [String]
  /// Why there are no standard errors; nil if there are.
  private let absenceOfErrors: PredictionRefusal?
  private let rowCount: Int
  /// The headings of statistic, p and interval.
  private let headings: [String]

  /// The table of effects over `rowCount` rows.
  public init(_ effects: MarginalEffects, rowCount: Int, classNames: [String]) {
    headings = effects.uncertainty.headings(level: effects.level)
    self.effects = effects.effects()
    absenceOfErrors = effects.absenceOfErrors
    self.rowCount = rowCount
    self.classNames = classNames
  }

  /// The table as text.
  public var text: String {
    var table = TextTable(
      ["class", "feature", "effect", "std.error"] + headings, leftColumns: 2)
    for effect in effects {
      table.append([
        classNames[effect.classIndex], effect.term, NumberText.significant(effect.estimate),
        NumberText.significant(effect.wald == nil ? nil : effect.standardError, 5),
        NumberText.fixed(effect.wald?.z, 3),
        NumberText.probability(effect.wald?.pValue),
        NumberText.significant(effect.wald?.interval.lowerBound, 5),
        NumberText.significant(effect.wald?.interval.upperBound, 5),
      ])
    }
    let heading =
      "average marginal effects on the probability of a class, over \(rowCount) rows"
    let note =
      "  of a number: the derivative per unit; of a level: the change from the base level"
      + (absenceOfErrors.map { "\n  no standard errors: \($0.sentence)" } ?? "")
    return [heading, table.text(), note].joined(separator: "\n")
  }

  /// One line per effect, with broom's column names; missing values are `NA`.
  public var tidy: String {
    let writer = DelimitedWriter()
    func cell(_ value: Double?) -> String {
      value.flatMap { $0.isFinite ? writer.field($0) : nil } ?? "NA"
    }
    let head = [
      "y.level", "term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high",
    ]
    let rows = effects.map { effect in
      [
        writer.field(classNames[effect.classIndex]), writer.field(effect.term),
        cell(effect.estimate), cell(effect.standardError), cell(effect.wald?.z),
        cell(effect.wald?.pValue), cell(effect.wald?.interval.lowerBound),
        cell(effect.wald?.interval.upperBound),
      ]
    }
    return ([head] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n")
  }

  /// The effects as JSON.
  public var json: JSONValue {
    .array(
      effects.map { effect in
        var base: String?
        if case .level(_, let name) = effect.change { base = name }
        return .members([
          "class": .string(classNames[effect.classIndex]), "feature": .string(effect.term),
          "base": base.map { .string($0) } ?? .null,
          "estimate": JSONValue(effect.estimate), "std_error": JSONValue(effect.standardError),
          "z": JSONValue(effect.wald?.z), "p_value": JSONValue(effect.wald?.pValue),
          "low": JSONValue(effect.wald?.interval.lowerBound),
          "high": JSONValue(effect.wald?.interval.upperBound),
        ])
      })
  }

  /// The summary of a model with these as its member `effects`.
  public func added(to summary: JSONValue) -> JSONValue {
    guard case .object(var object) = summary else { return summary }
    object["effects"] = json
    return .object(object)
  }
}
