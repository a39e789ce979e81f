import SurprisalDiagnostics
import SurprisalInference
import SurprisalModelStore

/// The tests that columns have no coefficients, as text and JSON.
public struct ColumnTestTable: Sendable {
  private let tests: [ColumnTest]

  /// The table of some tests; nil if there are none.
  public init?(_ tests: [ColumnTest]) {
    guard !tests.isEmpty else { return nil }
    self.tests = tests
  }

  /// The tests as text, with the reasons for refused ones.
  public var text: String {
    var table = TextTable(
      ["columns", "test", "chi-square", "df", "Pr(>chi2)"], leftColumns: 2)
    var refusals: [String] = []
    for item in tests {
      let name = item.columns.joined(separator: ", ")
      for test in item.comparison.tests { table.append([name, test.words] + test.cells) }
      var kinds: [(reason: String, names: [String])] = []
      for refusal in item.comparison.refusals {
        let reason = TerminalText.safe(refusal.reason.sentence)
        if let last = kinds.indices.last, kinds[last].reason == reason {
          kinds[last].names.append(refusal.kind.rawValue)
        } else {
          kinds.append((reason, [refusal.kind.rawValue]))
        }
      }
      refusals += kinds.map {
        "  \(TerminalText.safe(name)): no \($0.names.joined(separator: ", ")) test: \($0.reason)"
      }
    }
    return
      (["tests that all coefficients of columns are zero"]
      + (table.rows.isEmpty ? [] : [table.text()]) + refusals).joined(separator: "\n")
  }

  /// The summary of a model with these as its member `tests_of_columns`.
  public func added(to summary: JSONValue) -> JSONValue {
    guard case .object(var object) = summary else { return summary }
    object["tests_of_columns"] = .array(
      tests.map { item in
        .members([
          "columns": .strings(item.columns), "features": .strings(item.features),
          "tests": item.comparison.testsJSON, "refused": item.comparison.refusalsJSON,
        ])
      })
    return .object(object)
  }
}

extension ModelComparison.Test {
  /// The kind of test, and the type of its standard errors.
  var words: String {
    let freedom = denominatorFreedom.map { "p by F with \(NumberText.count($0)) df" }
    let supremum = isAtSupremum ? "of the suprema" : nil
    let notes = [isRobust ? "robust" : nil, supremum, freedom].compactMap { $0 }
    return kind.rawValue + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
  }

  /// Statistic, degrees of freedom and p.
  var cells: [String] {
    [
      NumberText.fixed(statistic, 3), "\(degreesOfFreedom)", NumberText.probability(pValue),
    ]
  }
}

extension ModelComparison {
  /// The tests.
  var testsJSON: JSONValue {
    .array(
      tests.map { test in
        .members([
          "test": .string(test.kind.rawValue), "robust": .bool(test.isRobust),
          "at_supremum": .bool(test.isAtSupremum),
          "statistic": JSONValue(test.statistic),
          "degrees_of_freedom": .integer(test.degreesOfFreedom),
          "denominator_degrees_of_freedom": JSONValue(test.denominatorFreedom),
          "p_value": JSONValue(test.pValue),
        ])
      })
  }

  /// The refused tests, with the reasons.
  var refusalsJSON: JSONValue {
    .array(
      refusals.map { refusal in
        .members([
          "test": .string(refusal.kind.rawValue), "reason": .string(refusal.reason.sentence),
        ])
      })
  }
}
