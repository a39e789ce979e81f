import SurprisalDatasets
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalInference
import SurprisalModelStore
import SurprisalTables

/// Average marginal effects as text, CSV and JSON; also mean predictions if columns are set to
/// values.
public struct EffectTable: Sendable {
  /// The effects with columns at one combination of values.
  private struct Part {
    let settings: [EffectSetting]
    let effects: [MarginalEffect]
    let means: [MarginalMean]
    /// `age = 20, color = red`.
    var words: String { settings.map { "\($0.column) = \($0.word)" }.joined(separator: ", ") }
  }

  private let parts: [Part]
  private let classNames: [String]
  /// Why there are no standard errors; nil if there are.
  private let absenceOfErrors: PredictionRefusal?
  private let rowCount: Int
  /// The headings of statistic, p and interval.
  private let headings: [String]

  /// The table of effects over `rowCount` rows.
  ///
  /// Throws `DatasetError.rowMismatch` unless there is one name per class.
  public init(
    _ effects: MarginalEffects, rowCount: Int, classNames: [String]
  ) throws(DatasetError) {
    try self.init([([], effects)], effects, rowCount: rowCount, classNames: classNames)
  }

  /// The table of effects over the same `rowCount` rows with columns at several combinations of
  /// values; nil for none. Throws as for one combination.
  public init?(
    _ effects: [(settings: [EffectSetting], effects: MarginalEffects)], rowCount: Int,
    classNames: [String]
  ) throws(DatasetError) {
    guard let first = effects.first?.effects else { return nil }
    try self.init(effects, first, rowCount: rowCount, classNames: classNames)
  }

  private init(
    _ effects: [(settings: [EffectSetting], effects: MarginalEffects)], _ first: MarginalEffects,
    rowCount: Int, classNames: [String]
  ) throws(DatasetError) {
    headings = first.uncertainty.headings(level: first.level)
    parts = effects.map {
      Part(settings: $0.settings, effects: $0.effects.effects(), means: $0.effects.means())
    }
    for part in parts where !part.means.isEmpty {
      try DatasetError.require("class names", classNames.count, equals: part.means.count)
    }
    absenceOfErrors = first.absenceOfErrors
    self.rowCount = rowCount
    self.classNames = classNames
  }

  /// The table as text.
  public var text: String {
    let hasChanges = parts.contains { $0.effects.contains { $0.change == .discrete } }
    let note =
      "  of a number: the derivative per unit; "
      + (hasChanges ? "of one that is 0 or 1: the change from 0 to 1; " : "")
      + "of a level: the change from the base level"
      + (absenceOfErrors.map { "\n  no standard errors: \($0.sentence)" } ?? "")
    return parts.map(text).joined(separator: "\n\n") + "\n" + note
  }

  private func text(_ part: Part) -> String {
    var table = TextTable(
      ["class", "feature", "effect", "std.error"] + headings, leftColumns: 2)
    for effect in part.effects {
      table.append([
        classNames[effect.classIndex],
        effect.term + (effect.change == .discrete ? " (0 to 1)" : ""),
        NumberText.estimate(effect.estimate, error: effect.standardError),
        NumberText.significant(effect.wald == nil ? nil : effect.standardError, 5),
        NumberText.fixed(effect.wald?.z, 3),
        NumberText.probability(effect.wald?.pValue),
        NumberText.significant(effect.wald?.interval.lowerBound, 5),
        NumberText.significant(effect.wald?.interval.upperBound, 5),
      ])
    }
    let heading =
      "average marginal effects on the probability of a class, over \(rowCount) rows"
    guard !part.settings.isEmpty else { return heading + "\n" + table.text() }
    var means = TextTable(["class", "mean", "std.error"] + headings.suffix(2), leftColumns: 1)
    for mean in part.means {
      means.append(
        [classNames[mean.classIndex], NumberText.significant(mean.estimate)]
          + [mean.standardError, mean.interval?.lowerBound, mean.interval?.upperBound].map {
            NumberText.significant($0, 5)
          })
    }
    let words = TerminalText.safe(part.words)
    return [
      "mean predicted probabilities over \(rowCount) rows with \(words)", means.text(), "",
      heading + " with \(words)", table.text(),
    ].joined(separator: "\n")
  }

  /// One line per effect, with broom's column names; missing values are `NA`. With columns
  /// at values, these come first, and mean predictions are the term `(mean)`.
  public var tidy: String {
    let writer = DelimitedWriter()
    func cell(_ value: Double?) -> String {
      value.flatMap { $0.isFinite ? writer.field($0) : nil } ?? "NA"
    }
    let head = [
      "y.level", "term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high",
    ]
    let columns = parts[0].settings.map { writer.field("at." + $0.column) }
    let rows = parts.flatMap { part -> [[String]] in
      let set = part.settings.map { writer.field($0.word) }
      let means = part.settings.isEmpty ? [] : part.means
      return means.map { mean in
        set + [
          writer.field(classNames[mean.classIndex]), "(mean)", cell(mean.estimate),
          cell(mean.standardError), "NA", "NA", cell(mean.interval?.lowerBound),
          cell(mean.interval?.upperBound),
        ]
      }
        + part.effects.map { effect in
          set + [
            writer.field(classNames[effect.classIndex]), writer.field(effect.term),
            cell(effect.estimate), cell(effect.standardError), cell(effect.wald?.z),
            cell(effect.wald?.pValue), cell(effect.wald?.interval.lowerBound),
            cell(effect.wald?.interval.upperBound),
          ]
        }
    }
    return ([columns + head] + rows).map { $0.joined(separator: ",") }.joined(separator: "\n")
  }

  private func json(_ effects: [MarginalEffect]) -> JSONValue {
    .array(
      effects.map { effect in
        var base: String?
        if case .level(_, let name) = effect.change { base = name }
        return .members([
          "class": .string(classNames[effect.classIndex]), "feature": .string(effect.term),
          "change": .string(effect.change.word),
          "base": base.map { .string($0) } ?? .null,
          "estimate": JSONValue(effect.estimate), "std_error": JSONValue(effect.standardError),
          "z": JSONValue(effect.wald?.z), "p_value": JSONValue(effect.wald?.pValue),
          "low": JSONValue(effect.wald?.interval.lowerBound),
          "high": JSONValue(effect.wald?.interval.upperBound),
        ])
      })
  }

  private func json(_ part: Part) -> JSONValue {
    var set = JSONObject()
    for setting in part.settings {
      if case .number(let value) = setting.value {
        set[setting.column] = JSONValue(value)
      } else {
        set[setting.column] = .string(setting.word)
      }
    }
    let means = part.means.map { mean in
      JSONValue.members([
        "class": .string(classNames[mean.classIndex]), "estimate": JSONValue(mean.estimate),
        "std_error": JSONValue(mean.standardError), "low": JSONValue(mean.interval?.lowerBound),
        "high": JSONValue(mean.interval?.upperBound),
      ])
    }
    return .members(["at": .object(set), "means": .array(means), "effects": json(part.effects)])
  }

  /// The summary of a model with these as its member `effects`; with columns at values, as its
  /// member `effects_at`, one object per combination.
  public func added(to summary: JSONValue) -> JSONValue {
    guard case .object(var object) = summary else { return summary }
    if parts[0].settings.isEmpty {
      object["effects"] = json(parts[0].effects)
    } else {
      object["effects_at"] = .array(parts.map(json))
    }
    return .object(object)
  }
}

extension EffectSetting {
  /// The value as text.
  fileprivate var word: String {
    switch value {
    case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .level(_, let name): name
    }
  }
}

extension MarginalEffect.Change {
  /// The word for the change in JSON.
  fileprivate var word: String {
    switch self {
    case .derivative: "derivative"
    case .discrete: "discrete"
    case .level: "level"
    }
  }
}
