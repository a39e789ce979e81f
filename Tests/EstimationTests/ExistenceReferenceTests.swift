import Foundation
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalProbability
import Testing

/// Problems whose verdicts come from exact arithmetic: see Tests/Reference/separation.py.
@Suite struct ExistenceReferenceTests {
  struct Case: Decodable {
    let features: [[Double]]
    let intercept: Bool
    let classes: Int
    let supports: [[Int]]
    let verdict: String
    let separated: Int
    let independent: [Int]
    let finite: [[[Int]]]

    var matrix: BlockedMatrix { BlockedMatrix(rows: features, columnCount: features[0].count) }

    /// Each row's mass spread unevenly over its support.
    var labels: Labels {
      get throws {
        let rows = supports.map { support in
          (0..<classes).map { index in
            Double((support.firstIndex(of: index) ?? -1) + 1)
          }
        }
        return .probabilities(
          try ClassProbabilities(normalizing: BlockedMatrix(rows: rows, columnCount: classes)))
      }
    }
  }

  static func cases() throws -> [Case] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Reference/separation.json")
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
  }

  /// The answer without a fit, by the linear program: never another one, never none.
  @Test func everyVerdictAgrees() throws {
    let cases = try Self.cases()
    #expect(cases.count == 300)
    for (number, item) in cases.enumerated() {
      let cone = RecessionCone(
        features: item.matrix, labels: try item.labels, includesIntercept: item.intercept)
      Self.expect(cone.search(), toBeThatOf: item, number)
    }
  }

  /// Units must not matter: columns times 1e6, 1e-7 and 3, one after the other.
  @Test func unitsDoNotMatter() throws {
    for (number, item) in try Self.cases().enumerated() {
      let scaled = item.features.map { row in zip(row, [1e6, 1e-7, 3]).map { $0 * $1 } }
      let matrix = BlockedMatrix(rows: scaled, columnCount: item.features[0].count)
      let cone = RecessionCone(
        features: matrix, labels: try item.labels, includesIntercept: item.intercept)
      Self.expect(cone.search(), toBeThatOf: item, number)
    }
  }

  static func expect(_ found: Existence, toBeThatOf item: Case, _ number: Int) {
    let dependencies = ColumnDependencies(of: item.matrix, includesIntercept: item.intercept)
    #expect(dependencies.independent == item.independent, "case \(number)")
    switch found {
    case .attained: #expect(item.verdict == "attained", "case \(number)")
    case .undecided(let reason): Issue.record("case \(number): undecided, \(reason)")
    case .separated(let separation):
      #expect(item.verdict == (separation.kind == .complete ? "complete" : "quasi"), "\(number)")
      #expect(separation.isExhaustive, "case \(number)")
      let columns = item.independent + (item.intercept ? [item.features[0].count] : [])
      for (column, groups) in zip(columns, item.finite) {
        for (index, group) in separation.groups[column].enumerated() {
          let expected = groups.first { $0.contains(index) }?.first
          #expect(group == expected, "case \(number), column \(column)")
        }
      }
    }
  }
}
