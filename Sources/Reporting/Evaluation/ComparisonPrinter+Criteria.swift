import SurprisalDiagnostics
import SurprisalEstimation
import SurprisalInference
import SurprisalModelStore
import SurprisalTables

extension ComparisonPrinter {
  /// The indices of predictions that come from a fit.
  private var places: [Int] { records.keys.sorted() }

  private var table: CriteriaTable { CriteriaTable(places.compactMap { records[$0] }) }

  /// Two fits, the one with fewer parameters first.
  private struct Pair {
    let smaller: Int
    let larger: Int
    let comparison: ModelComparison
  }

  private var pairs: [Pair] {
    places.flatMap { first in
      places.filter { $0 > first }.compactMap { second -> Pair? in
        guard let one = records[first], let other = records[second] else { return nil }
        let isSwapped = Self.size(one) > Self.size(other)
        let (small, large) = isSwapped ? (second, first) : (first, second)
        guard let smaller = records[small], let larger = records[large] else { return nil }
        return Pair(
          smaller: small, larger: large, comparison: ModelComparison(of: smaller, against: larger))
      }
    }
  }

  private static func size(_ record: FitRecord) -> Int {
    record.statistics.degreesOfFreedom ?? record.coefficients.count
  }

  // MARK: Text

  /// Criteria and tests of the fits, on their training data; empty without a fit.
  var criteria: String {
    guard !records.isEmpty else { return "" }
    return
      ([
        "the fits, on the rows they were made from", criteriaTable,
      ] + criteriaRemarks + (records.count > 1 ? ["", testTable] : [])).joined(separator: "\n")
  }

  private var criteriaTable: String {
    let criteria = table
    var text = TextTable(
      ["fit", "likelihood", "parameters", "log-likelihood", "AIC", "BIC", "AIC - least"],
      leftColumns: 2)
    for (place, (entry, difference)) in zip(
      places, zip(criteria.entries, criteria.akaikeDifferences))
    {
      text.append([
        names[place], entry.likelihood,
        entry.degreesOfFreedom.map(String.init) ?? NumberText.unavailable,
        NumberText.fixed(entry.logLikelihood, 4), NumberText.fixed(entry.akaike, 3),
        NumberText.fixed(entry.bayesian, 3), NumberText.fixed(difference, 3),
      ])
    }
    return text.text()
  }

  private var criteriaRemarks: [String] {
    let criteria = table
    var lines: [String] = []
    for (place, entry) in zip(places, criteria.entries) {
      if let reason = entry.reason { lines.append("  \(names[place]): no AIC, \(reason.sentence)") }
    }
    if let refusal = criteria.refusal {
      lines.append("  AIC is not comparable: \(refusal.sentence)")
    }
    return lines
  }

  private var testTable: String {
    var text = TextTable(["test", "chi-square", "df", "Pr(>chi2)"], leftColumns: 1)
    var refusals: [String] = []
    for pair in pairs {
      let name = "\(names[pair.smaller]) in \(names[pair.larger])"
      for test in pair.comparison.tests {
        text.append(["\(name), \(test.words)"] + test.cells)
      }
      if let reason = pair.comparison.refusal(.likelihoodRatio) {
        refusals.append("  \(name): no likelihood ratio test, \(reason.sentence)")
      }
    }
    let shown = refusals.prefix(10)
    let rest = refusals.count - shown.count
    return
      ((text.rows.isEmpty ? [] : [text.text()]) + shown
      + (rest > 0 ? ["  and \(rest) more pairs, which \(CommandFlag.json) has"] : [])).joined(
        separator: "\n")
  }

  // MARK: JSON

  /// Criteria by fit.
  var criteriaJSON: JSONValue {
    let criteria = table
    return .members([
      "comparable": .bool(
        criteria.refusal == nil && criteria.akaikeDifferences.contains { $0 != nil }),
      "reason": JSONValue(criteria.refusal?.sentence),
      "fits": .array(
        zip(places, zip(criteria.entries, criteria.akaikeDifferences)).map { place, pair in
          .members([
            "name": .string(names[place]), "likelihood": .string(pair.0.likelihood),
            "degrees_of_freedom": JSONValue(pair.0.degreesOfFreedom),
            "log_likelihood": JSONValue(pair.0.logLikelihood),
            "aic": JSONValue(pair.0.akaike), "bic": JSONValue(pair.0.bayesian),
            "aic_difference": JSONValue(pair.1), "reason": JSONValue(pair.0.reason?.sentence),
          ])
        }),
    ])
  }

  /// Tests by pair of fits.
  var testsJSON: JSONValue {
    .array(
      pairs.map { pair in
        .members([
          "smaller": .string(names[pair.smaller]), "larger": .string(names[pair.larger]),
          "tests": pair.comparison.testsJSON, "refused": pair.comparison.refusalsJSON,
        ])
      })
  }
}
