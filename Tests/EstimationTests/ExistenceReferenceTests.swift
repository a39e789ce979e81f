import Foundation
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalProbability
import Testing

/// Problems with verdicts from exact arithmetic: see Tests/Reference/separation.py.
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

    /// Each row's mass, distributed unevenly over its support.
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

  /// The verdict without a fit is always the expected one, with either method.
  @Test(arguments: RecessionCone.Method.allCases) func everyVerdictAgrees(
    method: RecessionCone.Method
  ) throws {
    let cases = try Self.cases()
    #expect(cases.count == 300)
    for (number, item) in cases.enumerated() {
      var cone = RecessionCone(
        features: item.matrix, labels: try item.labels, includesIntercept: item.intercept)
      cone.method = method
      let found = cone.search()
      Self.expect(found, toBeThatOf: item, number)
      Self.expectDirectionHolds(found, in: item, number)
    }
  }

  /// Meaningless candidate directions must not mislead; good ones must be used.
  @Test func guessesDoNotChangeTheVerdict() throws {
    for (number, item) in try Self.cases().enumerated() {
      let cone = RecessionCone(
        features: item.matrix, labels: try item.labels, includesIntercept: item.intercept)
      let count = item.classes * (item.features[0].count + (item.intercept ? 1 : 0))
      var guesses = [(0..<count).map { Double($0 * $0 % 7) - 3 }, (0..<count).map { _ in .nan }]
      if case .separated(let known) = cone.search() {
        // As from a fit: correct except for coefficients that still change.
        guesses.append(known.direction.enumerated().map { $1 + 1e-7 * Double($0 % 3) })
      }
      Self.expect(cone.search(directions: guesses), toBeThatOf: item, number)
    }
  }

  /// Units do not matter: columns are multiplied by 1e6, 1e-7 and 3 in turn.
  @Test func unitsDoNotMatter() throws {
    for (number, item) in try Self.cases().enumerated() {
      let scaled = item.features.map { row in zip(row, [1e6, 1e-7, 3]).map { $0 * $1 } }
      let matrix = BlockedMatrix(rows: scaled, columnCount: item.features[0].count)
      let cone = RecessionCone(
        features: matrix, labels: try item.labels, includesIntercept: item.intercept)
      Self.expect(cone.search(), toBeThatOf: item, number)
    }
  }

  /// Checks every row by plain sums: classes with a share keep equal logits, no other class exceeds
  /// them, and as many pairs are separated as in exact arithmetic.
  static func expectDirectionHolds(_ found: Existence, in item: Case, _ number: Int) {
    guard case .separated(let separation) = found else { return }
    let width = item.features[0].count
    let top = separation.direction.map(\.magnitude).max() ?? 0
    var apart = 0
    for (row, support) in zip(item.features, item.supports) {
      let logits = (0..<item.classes).map { index in
        (0..<width).reduce(
          item.intercept ? separation.direction[item.classes * width + index] : 0
        ) { $0 + row[$1] * separation.direction[index * width + $1] }
      }
      for index in 0..<item.classes where index != support[0] {
        let lead = logits[support[0]] - logits[index]
        if support.contains(index) {
          #expect(lead.magnitude <= 1e-9 * top, "case \(number)")
        } else {
          #expect(lead >= -1e-9 * top, "case \(number)")
          if lead > 1e-7 * top { apart += 1 }
        }
      }
    }
    #expect(apart == item.separated, "case \(number)")
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
