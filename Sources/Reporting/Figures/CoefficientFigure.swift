import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalInference
import SurprisalModelStore
import SurprisalTables

/// A forest plot: the coefficients of a fit with their intervals.
public struct CoefficientFigure: Figure {
  struct Row: Sendable {
    let coefficient: ParameterTable.Coefficient
    let wald: WaldStatistic?
  }

  let record: FitRecord
  let classNames: [String]
  private let all: [Row]
  /// The rows that are drawn, feature by feature.
  let drawn: [Row]

  /// The largest number of coefficients drawn.
  public static let rowLimit = 40

  /// The figure of a record, with a name per class; nil if there are no coefficients besides
  /// intercepts.
  package init?(_ record: FitRecord, classNames: [String]) {
    self.record = record
    self.classNames = classNames
    all = record.coefficients.map { Row(coefficient: $0, wald: $0.wald) }
    let candidates = all.filter { $0.coefficient.feature != ParameterTable.interceptName }
    guard !candidates.isEmpty else { return nil }
    drawn = Self.byFeature(Self.foremost(candidates), order: candidates)
  }

  /// The rows with the largest estimates relative to their standard errors, in the order of the
  /// model.
  private static func foremost(_ rows: [Row]) -> [Row] {
    let order = rows.indices.sorted { (-weight(of: rows[$0]), $0) < (-weight(of: rows[$1]), $1) }
    return order.prefix(rowLimit).sorted().map { rows[$0] }
  }

  private static func weight(of row: Row) -> Double {
    switch row.coefficient.state {
    case .infinite, .plusInfinite, .minusInfinite: .infinity
    case .aliased, .outOfRange: -1
    case .estimated: (row.wald?.z ?? row.coefficient.estimate ?? 0).magnitude
    }
  }

  /// The rows grouped by feature, features in the order of the model.
  private static func byFeature(_ rows: [Row], order: [Row]) -> [Row] {
    var places: [String: Int] = [:]
    for row in order where places[row.coefficient.feature] == nil {
      places[row.coefficient.feature] = places.count
    }
    return rows.enumerated().sorted { first, second in
      (places[first.element.coefficient.feature] ?? 0, first.offset)
        < (places[second.element.coefficient.feature] ?? 0, second.offset)
    }.map(\.element)
  }

  // MARK: Words

  public var name: String { "coefficients" }
  public var title: String { "Coefficients" }

  var hasIntervals: Bool { drawn.contains { $0.wald != nil } }
  private var reference: String { EscapedText(classNames[record.specification.reference]).text }

  public var caption: String {
    let what = "Change of the log odds against class \(reference) for one unit more of a feature. "
    let intervals =
      hasIntervals
      ? "Lines are 95 % "
        + "intervals\(record.uncertainty.kind == .laplace ? " of the posterior" : ""); "
        + "a filled point has an interval without zero, a hollow one an interval with it."
      : "There are no intervals: \(record.uncertainty.reason.sentence)."
    return what + intervals
  }

  public var notes: [String] {
    var notes: [String] = []
    let count = all.count { $0.coefficient.feature != ParameterTable.interceptName }
    if drawn.count < count {
      notes.append(
        "\(drawn.count) of \(count) coefficients are drawn, those farthest from zero "
          + (drawn.contains { $0.wald?.z != nil } ? "in standard errors." : "in size."))
    }
    if all.count > count { notes.append("Intercepts are in the table and not in the picture.") }
    let infinite = all.count { $0.coefficient.state.isInfinite }
    if infinite > 0 {
      notes.append("\(infinite) coefficients have no finite maximum likelihood estimate.")
    }
    if clipped > 0 {
      notes.append(
        "The axis is cut: \(clipped) points or intervals extend beyond it, marked by arrows.")
    }
    return notes
  }

  public var table: FigureTable {
    let isPosterior = record.uncertainty.kind == .laplace
    let heads = record.uncertainty.headings()
    var table = FigureTable([
      ("class", "class"), ("feature", "feature"), ("estimate", "estimate"),
      (isPosterior ? "post.sd" : "std.error", "std_error"), (heads[0], "z"), (heads[1], "p_value"),
      (heads[2], "low"), (heads[3], "high"), ("state", "state"),
    ])
    for row in all {
      table.append([
        .text(classNames[row.coefficient.classIndex]), .text(row.coefficient.feature),
        .number(row.coefficient.estimate), .number(row.coefficient.standardError),
        .number(row.wald?.z), .probability(row.wald?.pValue),
        .number(row.wald?.interval.lowerBound),
        .number(row.wald?.interval.upperBound), .text(row.coefficient.state.rawValue),
      ])
    }
    table.foldLimit = 40
    table.hasUnitScale = false
    return table
  }

  // MARK: Axis

  private static func ends(of row: Row) -> [Double] {
    guard let estimate = row.coefficient.estimate else { return [] }
    return [
      estimate, row.wald?.interval.lowerBound ?? estimate,
      row.wald?.interval.upperBound ?? estimate,
    ]
  }

  /// The range of the axis: all values, unless a few wide intervals would compress the others.
  var domain: ClosedRange<Double> {
    let reaches = drawn.compactMap { Self.ends(of: $0).map(\.magnitude).max() }.sorted()
    guard let largest = reaches.last, reaches.count > 3 else {
      return Self.padded(drawn.flatMap(Self.ends))
    }
    let usual = reaches[reaches.count * 3 / 4] * 2.5
    let limit = largest > usual ? usual : largest
    let ends = drawn.flatMap(Self.ends).map { max(-limit, min(limit, $0)) }
    return Self.padded(ends)
  }

  /// From the smallest to the largest value and zero, with some margin.
  private static func padded(_ ends: [Double]) -> ClosedRange<Double> {
    let ends = ends.filter(\.isFinite).map { max(-1e300, min(1e300, $0)) }
    let (low, high) = (min(0, ends.min() ?? 0), max(0, ends.max() ?? 0))
    let room = high > low ? (high - low) * 0.04 : 1
    return low - room...high + room
  }

  private var clipped: Int {
    let domain = domain
    return drawn.count { !Self.ends(of: $0).allSatisfy(domain.contains) }
  }
}
