import SurprisalDatasets
import SurprisalEstimation

/// A change of one column of the table, and what it does to a design row.
struct EffectTerm: Sendable {
  let column: String
  let change: MarginalEffect.Change
  /// The design columns the source takes part in, each with its factors split in two.
  private let parts: [Part]

  /// A design column with the source in it.
  private struct Part {
    let column: Int
    /// The factors of the source.
    let own: [FeatureEncoding.Factor]
    /// For each other factor the design column that is that factor alone.
    let others: [Int]
  }

  private let level: Int?

  /// One term a column of numbers, one a level of text but the base.
  ///
  /// A column whose partners in an interaction have no design column of their own has none: what
  /// they are in a row cannot be read from the design.
  static func all(of encoding: FeatureEncoding) -> [EffectTerm] {
    encoding.sources.indices.flatMap { source -> [EffectTerm] in
      guard let parts = parts(of: source, in: encoding), !parts.isEmpty else { return [] }
      let name = encoding.sources[source].name
      switch encoding.sources[source].kind {
      case .number:
        return [EffectTerm(column: name, change: .derivative, parts: parts, level: nil)]
      case .factor(let levels, let base):
        return levels.indices.filter { $0 != base }.map { level in
          EffectTerm(
            column: name, change: .level(levels[level], base: levels[base]), parts: parts,
            level: level)
        }
      }
    }
  }

  private static func parts(of source: Int, in encoding: FeatureEncoding) -> [Part]? {
    var result: [Part] = []
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
      result.append(Part(column: column, own: own, others: others))
    }
    return result
  }

  /// The derivatives of design columns in the source, those that are not zero everywhere.
  func slopes(at row: [Double]) -> [(column: Int, slope: Double)] {
    parts.compactMap { part in
      let values = part.own.filter { if case .value = $0 { true } else { false } }
      // A power of a column would need the column itself; the encoding makes none.
      guard values.count == 1, part.own.count == 1 else { return nil }
      return (part.column, part.others.reduce(1) { $0 * row[$1] })
    }
  }

  /// The row with the source at the level, and at its base.
  func rows(from row: [Double]) -> (high: [Double], low: [Double]) {
    var (high, low) = (row, row)
    for part in parts {
      let rest = part.others.reduce(1) { $0 * row[$1] }
      let isThere = part.own.allSatisfy { factor in
        if case .level(_, let index) = factor { index == level } else { false }
      }
      high[part.column] = isThere ? rest : 0
      low[part.column] = 0
    }
    return (high, low)
  }
}

extension FeatureEncoding.Factor {
  /// The index of the source column.
  fileprivate var source: Int {
    switch self {
    case .value(let source), .level(let source, _), .absence(let source): source
    }
  }
}

/// How the predicted probability of a class answers to a column of the table, averaged over rows.
public struct MarginalEffect: Sendable, Equatable {
  /// What is changed.
  public enum Change: Sendable, Equatable {
    /// A number, a little: the effect is a derivative, per unit of the column.
    case derivative
    /// The level of a text column, from its base.
    case level(String, base: String)
  }

  /// The column.
  public let column: String
  /// What is changed of it.
  public let change: Change
  /// The class whose probability answers.
  public let classIndex: Int
  /// The average.
  public let estimate: Double
  /// Its standard error by the delta method; nil where there is none.
  public let standardError: Double?
  /// z, p and the interval; nil where there is no standard error.
  public let wald: WaldStatistic?

  /// `age`, or `color[red]`.
  public var term: String {
    switch change {
    case .derivative: column
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
