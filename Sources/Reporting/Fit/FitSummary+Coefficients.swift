import RealModule
import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalInference

extension FitSummary {
  /// The table of coefficients with its footnotes; empty where there are none.
  var coefficientTable: String {
    guard !record.coefficients.isEmpty else { return "" }
    if record.isUnidentified, rowLimit != nil { return unidentified }
    let isPosterior = record.uncertainty.kind == .laplace
    var table = TextTable(
      [
        "class", "feature", exponentiates ? "odds ratio" : "estimate",
        isPosterior ? "post.sd" : "std.error", "z", "Pr(>|z|)", "2.5 %", "97.5 %",
      ], leftColumns: 2)
    let shown = record.coefficients.prefix(rowLimit ?? .max)
    for coefficient in shown { table.append(row(coefficient)) }
    let scale = exponentiates ? "odds ratios" : "log odds"
    var lines = ["coefficients, \(scale) against class \(referenceName)", table.text()]
    let hidden = record.coefficients.count - shown.count
    if hidden > 0 {
      lines.append(
        "  ... \(hidden) more rows: \(CommandFlag.all) prints them, \(CommandFlag.json) and "
          + "\(CommandFlag.tidy) list them"
      )
    }
    return (lines + footnotes + tests).joined(separator: "\n")
  }

  /// What stands in the place of coefficients that the data do not determine.
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

  private func row(_ coefficient: ParameterTable.Coefficient) -> [String] {
    let wald = coefficient.wald
    return [
      classNames[coefficient.classIndex], coefficient.feature,
      coefficient.state == .estimated
        ? NumberText.significant(scaled(coefficient.estimate))
        : "\(NumberText.unavailable) \(coefficient.state.mark)",
      NumberText.significant(wald == nil ? nil : coefficient.standardError, 5),
      NumberText.fixed(wald?.z, 3),
      NumberText.probability(wald?.pValue),
      NumberText.significant(scaled(wald?.interval.lowerBound), 5),
      NumberText.significant(scaled(wald?.interval.upperBound), 5),
    ]
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
    return marks + ["  " + errorLine] + logarithms
  }

  private var errorLine: String { "standard errors: " + errorWords }

  /// Which standard errors there are and why, or why none.
  var errorWords: String {
    let uncertainty = record.uncertainty
    guard let kind = uncertainty.kind else {
      return "none, \(TerminalText.safe(uncertainty.reason.sentence))"
    }
    let units = uncertainty.unitCount.map { NumberText.count($0) } ?? ""
    let name =
      switch kind {
      case .information: "observed information"
      case .sandwich: "sandwich over \(units) rows"
      case .cluster:
        "cluster sandwich over \(units) clusters of "
          + TerminalText.safe(uncertainty.clusterColumn ?? "")
      case .laplace: "Laplace; z and p are not defined for a posterior"
      }
    return "\(name) (\(TerminalText.safe(uncertainty.reason.sentence)))"
  }

  private var tests: [String] {
    guard !record.uncertainty.tests.isEmpty else { return [] }
    var table = TextTable(["joint Wald test", "chi-square", "df", "Pr(>chi2)"], leftColumns: 1)
    for test in record.uncertainty.tests.suffix(rowLimit ?? .max) {
      table.append([
        test.feature ?? "all features", NumberText.fixed(test.statistic, 3),
        "\(test.degreesOfFreedom)", NumberText.probability(test.pValue),
      ])
    }
    return ["", table.text()]
  }
}

extension ParameterTable.State {
  var mark: String {
    switch self {
    case .estimated: ""
    case .aliased: "a"
    case .infinite: "i"
    case .outOfRange: "r"
    }
  }

  var sentence: String {
    switch self {
    case .estimated: "estimated"
    case .aliased: "the column is a combination of earlier ones; it has no coefficient of its own"
    case .infinite: "the maximum likelihood estimate is infinite"
    case .outOfRange: "the coefficient is too large for a double; rescale the column"
    }
  }
}
