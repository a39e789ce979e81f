import RealModule
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalInference

extension FitSummary {
  /// The table of coefficients with its footnotes; empty if there are none.
  var coefficientTable: String {
    guard !record.coefficients.isEmpty else { return "" }
    if record.isUnidentified, rowLimit != nil { return unidentified }
    let table = coefficientRows
    var lines = [coefficientCaption, table.text()]
    let shown = table.rows
    let hidden = record.coefficients.count - shown.count
    if hidden > 0 {
      lines.append(
        "  ... \(hidden) more rows: \(CommandFlag.all) prints them, \(CommandFlag.json) and "
          + "\(CommandFlag.tidy) list them"
      )
    }
    return (lines + footnotes + tests).joined(separator: "\n")
  }

  private var coefficientCaption: String {
    "coefficients, \(exponentiates ? "odds ratios" : "log odds") against class \(referenceName)"
  }

  /// The coefficients, at most the row limit.
  private var coefficientRows: TextTable {
    let isPosterior = record.uncertainty.kind == .laplace
    let profile = record.profile
    let statistics = profile == nil ? nil : ["LR chi2", "Pr(>chi2)"]
    let heads = record.uncertainty.headings(level: profile?.level ?? level)
    var table = TextTable(
      [
        "class", "feature", exponentiates ? "odds ratio" : "estimate",
        isPosterior ? "post.sd" : "std.error",
      ] + (statistics ?? Array(heads.prefix(2))) + heads.suffix(2), leftColumns: 2)
    let rows = record.parameters.coefficients(level: level).enumerated()
    for (index, coefficient) in rows.prefix(rowLimit ?? .max) {
      table.append(row(coefficient, profile.map { $0.entries[index] }))
    }
    return table
  }

  /// All coefficients in a format for documents, with their footnotes.
  public func coefficients(as format: DocumentFormat) -> String {
    var whole = self
    whole.rowLimit = nil
    let table = whole.coefficientRows.text(as: format)
    let notes = ([coefficientCaption] + footnotes).map { $0.drop { $0 == " " } }
    switch format {
    case .csv: return table
    case .latex: return (notes.map { "% " + $0 } + [table]).joined(separator: "\n")
    case .markdown, .text:
      return [notes.prefix(1).joined(), table, notes.dropFirst().joined(separator: "\n")]
        .joined(separator: "\n\n")
    }
  }

  /// The text shown for coefficients that the data do not determine.
  private var unidentified: String {
    let columns = Set(record.coefficients.map(\.feature)).count
    return """
      coefficients: not identified, and not printed
        \(columns) columns for \(NumberText.count(record.statistics.rowCount)) rows: infinitely \
      many \
      coefficients give the same probabilities
        a prior (\(CommandFlag.lambda)) makes them unique; \(CommandFlag.all) prints those of \
      the first independent columns
      """
  }

  /// The cells of a coefficient; `entry` is its profile likelihood entry, if there is one.
  private func row(
    _ coefficient: ParameterTable.Coefficient, _ entry: ProfileRecord.Entry??
  ) -> [String] {
    let wald = coefficient.wald
    let estimate =
      coefficient.state == .estimated
      ? exponentiates
        ? NumberText.significant(scaled(coefficient.estimate))
        : NumberText.estimate(coefficient.estimate, error: coefficient.standardError)
      : coefficient.state.infinity == nil
        ? "\(NumberText.unavailable) \(coefficient.state.mark)" : coefficient.state.mark
    let tested: [String]
    let ends: [Double?]
    if let entry {
      tested = [NumberText.fixed(entry?.statistic, 3), NumberText.probability(entry?.pValue)]
      ends = [entry?.low, entry?.high]
    } else {
      tested = [NumberText.fixed(wald?.z, 3), NumberText.probability(wald?.pValue)]
      ends = [wald?.interval.lowerBound, wald?.interval.upperBound]
    }
    return [
      classNames[coefficient.classIndex], coefficient.feature, estimate,
      NumberText.significant(wald == nil ? nil : coefficient.standardError, 5),
    ] + tested + ends.map(end)
  }

  /// An end of an interval, possibly infinite.
  private func end(_ value: Double?) -> String {
    guard let value, value.isInfinite else { return NumberText.significant(scaled(value), 5) }
    return value > 0 ? "Inf" : exponentiates ? "0" : "-Inf"
  }

  private func scaled(_ value: Double?) -> Double? {
    exponentiates ? value.map { Double.exp($0) } : value
  }

  private var footnotes: [String] {
    let states = Set(record.coefficients.map(\.state))
    let marks = ParameterTable.State.allCases
      .filter { $0 != .estimated && states.contains($0) }
      .map { "  \($0.mark) \($0.sentence)" }
    let logarithms =
      exponentiates && record.uncertainty.kind != nil
      ? ["  standard errors are those of the log odds"] : []
    let penalized = record.specification.prior.name == "jeffreys" ? "penalised " : ""
    let profiled =
      record.profile == nil
      ? []
      : ["  tests and intervals: profile \(penalized)likelihood; none for intercepts"]
    return marks + ["  " + errorLine] + logarithms + profiled
  }

  private var errorLine: String { "standard errors: " + errorWords }

  /// The type of standard errors and the reason for it, or for their absence.
  var errorWords: String {
    let uncertainty = record.uncertainty
    guard let kind = uncertainty.kind else {
      return "none, \(TerminalText.safe(uncertainty.reason.sentence))"
    }
    let units = uncertainty.unitCount.map { NumberText.count($0) } ?? ""
    let freedom = uncertainty.freedom.map {
      ", t with \(NumberText.count($0)) degrees of freedom"
    }
    let name =
      switch kind {
      case .information: "observed information"
      case .sandwich: "sandwich over \(units) rows"
      case .cluster:
        "cluster sandwich over \(units) clusters of "
          + TerminalText.safe(uncertainty.clusterColumn ?? "")
          + (freedom ?? "")
      case .quasi:
        "quasi-multinomial, observed information times phi "
          + NumberText.significant(record.dispersion(classCount: classNames.count), 5)
          + (freedom ?? "")
      case .laplace: "Laplace; z and p are not defined for a posterior"
      }
    return "\(name) (\(TerminalText.safe(uncertainty.reason.sentence)))"
  }

  private var tests: [String] {
    let tests = record.profile?.tests ?? record.uncertainty.tests
    guard !tests.isEmpty else { return [] }
    let freedom = record.profile == nil ? record.uncertainty.freedom : nil
    var table = TextTable(
      [record.profile == nil ? "joint Wald test" : "likelihood ratio test"]
        + (freedom == nil ? ["chi-square", "df", "Pr(>chi2)"] : ["F", "df", "Pr(>F)"]),
      leftColumns: 1)
    for test in tests.suffix(rowLimit ?? .max) {
      let count = test.degreesOfFreedom
      table.append([
        test.feature ?? "all features",
        NumberText.fixed(freedom == nil ? test.statistic : test.statistic / Double(count), 3),
        "\(count)" + (freedom.map { ", \(NumberText.count($0))" } ?? ""),
        NumberText.probability(test.pValue),
      ])
    }
    return ["", table.text()]
  }
}

extension UncertaintyRecord {
  /// The headings of statistic, p and interval: z, or t for errors by clusters.
  func headings(level: Double = 0.95) -> [String] {
    let name = freedom == nil ? "z" : "t"
    return [name, "Pr(>|\(name)|)"]
      + [(1 - level) / 2, (1 + level) / 2].map { NumberText.significant($0 * 100, 4) + " %" }
  }
}

extension ParameterTable.State {
  var mark: String {
    switch self {
    case .estimated: ""
    case .aliased: "a"
    case .infinite: "i"
    case .plusInfinite: "+ i"
    case .minusInfinite: "- i"
    case .outOfRange: "r"
    }
  }

  var sentence: String {
    switch self {
    case .estimated: "estimated"
    case .aliased: "the column is a combination of earlier ones; it has no coefficient of its own"
    case .infinite: "the maximum likelihood estimate is infinite"
    case .plusInfinite:
      "the maximum likelihood estimate is plus infinity, along the verified direction"
    case .minusInfinite:
      "the maximum likelihood estimate is minus infinity, along the verified direction"
    case .outOfRange: "the coefficient is too large for a double; rescale the column"
    }
  }
}
