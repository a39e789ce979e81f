import SurprisalDatasets
import SurprisalEstimation

/// A column of the table, and its occurrences in a design row.
struct EffectSource: Sendable {
  let name: String
  let kind: FeatureEncoding.Kind
  /// The design columns that involve the source, each with its factors split in two.
  private let parts: [Part]

  /// A design column that involves the source.
  private struct Part {
    let column: Int
    /// The factors of the source.
    let own: [FeatureEncoding.Factor]
    /// For each other factor, the design column that consists of that factor alone.
    let others: [Int]
  }

  /// nil if the column has partners in an interaction without a design column of their own: their
  /// values in a row cannot be determined from the design.
  init?(_ source: Int, in encoding: FeatureEncoding) {
    var parts: [Part] = []
    for (column, design) in encoding.columns.enumerated() {
      let own = design.factors.filter { $0.source == source }
      guard !own.isEmpty else { continue }
      var others: [Int] = []
      for factor in design.factors where factor.source != source {
        guard let alone = encoding.columns.firstIndex(where: { $0.factors == [factor] }) else {
          return nil
        }
        others.append(alone)
      }
      parts.append(Part(column: column, own: own, others: others))
    }
    guard !parts.isEmpty else { return nil }
    self.parts = parts
    name = encoding.sources[source].name
    kind = encoding.sources[source].kind
  }

  /// The derivatives of design columns with respect to the source, without those that are always
  /// zero.
  func slopes(at row: [Double]) -> [(column: Int, slope: Double)] {
    parts.compactMap { part in
      let values = part.own.filter { if case .value = $0 { true } else { false } }
      // A power of a column would need the column itself; the encoding creates none.
      guard values.count == 1, part.own.count == 1 else { return nil }
      return (part.column, part.others.reduce(1) { $0 * row[$1] })
    }
  }

  /// The row with the source set to a value.
  func row(_ row: [Double], at value: EffectSetting.Value) -> [Double] {
    var result = row
    for part in parts {
      let rest = part.others.reduce(1) { $0 * row[$1] }
      result[part.column] = part.own.reduce(rest) { product, factor in
        switch (factor, value) {
        case (.value, .number(let number)): product * number
        case (.level(_, let index), .level(let level, _)): index == level ? product : 0
        default: 0
        }
      }
    }
    return result
  }

  /// The number in a row; nil if no design column is the source alone.
  func number(in row: [Double]) -> Double? {
    parts.first { part in
      guard part.others.isEmpty, part.own.count == 1, case .value = part.own[0] else {
        return false
      }
      return true
    }.map { row[$0.column] }
  }
}

/// A column of the table and the value to which it is set.
public struct EffectSetting: Sendable, Equatable {
  /// A value to which a column is set.
  public enum Value: Sendable, Equatable {
    case number(Double)
    /// A level of a text column by its index, and its name.
    case level(Int, String)
  }

  /// The column.
  public let column: String
  /// The value.
  public let value: Value

  /// The settings that `COLUMN=VALUE,VALUE` describes, one per value.
  ///
  /// Throws `PredictionRefusal` for a column that is not in the encoding and for a value that is
  /// not a number, or not a level, of it.
  public static func all(
    _ text: String, in encoding: FeatureEncoding
  ) throws(PredictionRefusal) -> [EffectSetting] {
    let matching = encoding.sources.filter { text.hasPrefix($0.name + "=") }
    guard let source = matching.max(by: { $0.name.count < $1.name.count }) else {
      throw .unknownColumn(
        String(text.prefix { $0 != "=" }), available: encoding.sources.map(\.name))
    }
    let rest = String(text.dropFirst(source.name.count + 1))
    var words = rest.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if case .factor(let levels, _) = source.kind, levels.contains(rest) { words = [rest] }
    var result: [EffectSetting] = []
    for word in words {
      switch source.kind {
      case .number:
        guard let number = Double(word), number.isFinite else {
          throw .columnValue(word, column: source.name, levels: [])
        }
        result.append(EffectSetting(column: source.name, value: .number(number)))
      case .factor(let levels, _):
        guard let level = levels.firstIndex(of: word) else {
          throw .columnValue(word, column: source.name, levels: levels)
        }
        result.append(EffectSetting(column: source.name, value: .level(level, word)))
      }
    }
    return result
  }
}

/// A change of one column of the table, and its effect on a design row.
struct EffectTerm: Sendable {
  let source: EffectSource
  let change: MarginalEffect.Change
  /// For a change between two values, the values of the column after it and before it.
  let ends: (high: EffectSetting.Value, low: EffectSetting.Value)?

  /// Two terms per column of numbers, the derivative and the change from 0 to 1; one per level of
  /// text except the base.
  static func all(of encoding: FeatureEncoding) -> [EffectTerm] {
    encoding.sources.indices.flatMap { index -> [EffectTerm] in
      guard let source = EffectSource(index, in: encoding) else { return [] }
      switch source.kind {
      case .number:
        return [
          EffectTerm(source: source, change: .derivative, ends: nil),
          EffectTerm(source: source, change: .discrete, ends: (.number(1), .number(0))),
        ]
      case .factor(let levels, let base):
        return levels.indices.filter { $0 != base }.map { level in
          EffectTerm(
            source: source, change: .level(levels[level], base: levels[base]),
            ends: (.level(level, levels[level]), .level(base, levels[base])))
        }
      }
    }
  }
}

/// The values that a column of numbers has in the rows so far.
struct BinaryValues: Sendable {
  private var hasZero = false
  private var hasOne = false
  /// Whether there is a value other than 0 and 1.
  private(set) var hasOther = false

  /// Whether both values occur, and no others.
  var isBinary: Bool { hasZero && hasOne && !hasOther }

  mutating func note(_ value: Double?) {
    switch value {
    case 0: hasZero = true
    case 1: hasOne = true
    default: hasOther = true
    }
  }
}

extension FeatureEncoding.Factor {
  /// The index of the source column.
  var source: Int {
    switch self {
    case .value(let source), .level(let source, _), .absence(let source): source
    }
  }
}

/// The average effect of a column of the table on the predicted probability of a class.
public struct MarginalEffect: Sendable, Equatable {
  /// The kind of change of the column.
  public enum Change: Sendable, Equatable {
    /// An infinitesimal change of a number: the effect is a derivative, per unit of the column.
    case derivative
    /// A change from 0 to 1 of a number that is 0 or 1 in all rows.
    case discrete
    /// A change of a text column from its base to a level.
    case level(String, base: String)
  }

  /// The column.
  public let column: String
  /// The kind of change.
  public let change: Change
  /// The class whose probability changes.
  public let classIndex: Int
  /// The average effect.
  public let estimate: Double
  /// Its standard error by the delta method; nil if there is none.
  public let standardError: Double?
  /// z, p and the interval; nil without a standard error.
  public let wald: WaldStatistic?

  /// The name of the term, such as `age` or `color[red]`.
  public var term: String {
    switch change {
    case .derivative, .discrete: column
    case .level(let level, _): "\(column)[\(level)]"
    }
  }

  init(
    column: String, change: Change, classIndex: Int, estimate: Double, standardError: Double?,
    _ rule: WaldRule
  ) {
    self.column = column
    self.change = change
    self.classIndex = classIndex
    self.estimate = estimate
    self.standardError = standardError
    wald = WaldStatistic(estimate, standardError, rule)
  }
}

/// The predicted probability of a class, averaged over rows.
public struct MarginalMean: Sendable, Equatable {
  /// The class.
  public let classIndex: Int
  /// The average.
  public let estimate: Double
  /// Its standard error by the delta method; nil if there is none.
  public let standardError: Double?
  /// The interval; nil without a standard error.
  public let interval: ClosedRange<Double>?
}
