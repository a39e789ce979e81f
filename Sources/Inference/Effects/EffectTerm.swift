import SurprisalDatasets
import SurprisalEstimation

/// A change of one column of the table, and its effect on a design row.
struct EffectTerm: Sendable {
  let column: String
  let change: MarginalEffect.Change
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

  private let level: Int?

  /// One term per column of numbers, and one per level of text except the base.
  ///
  /// A column has no term if its partners in an interaction have no design column of their own:
  /// their values cannot be read from the design.
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

/// The average effect of a column of the table on the predicted probability of a class.
public struct MarginalEffect: Sendable, Equatable {
  /// What is changed.
  public enum Change: Sendable, Equatable {
    /// An infinitesimal change of a number: the effect is a derivative, per unit of the column.
    case derivative
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
