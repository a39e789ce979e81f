import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// Small tables with large values, nearly dependent columns and offsets, compared with linear
/// programs over whole numbers: Tests/Reference/small_tables.py.
@Suite struct ExactExistenceTests {
  struct Table: CustomTestStringConvertible {
    let value: ReferenceValue
    var testDescription: String { "\(value["kind"].text) \(value["seed"].number)" }
    var isAttained: Bool { value["verdict"].text == "attained" }

    func dataset() throws -> Dataset {
      let columns = value["columns"].array.map(\.numbers)
      let labels = value["labels"].numbers.map { Int($0) }
      return try Dataset(
        features: Features(labels.indices.map { row in columns.map { $0[row] } }),
        labels: .classes(
          ClassIndices(labels, classCount: Int(value["classes"].number))))
    }
  }

  static let tables =
    ((try? ReferenceValue(ofTests: "small_tables.json").array) ?? []).map { Table(value: $0) }

  @Test func thereAreTables() { #expect(Self.tables.count == 60) }

  @Test(arguments: tables) func fitsAndChecksKnowWhetherAMaximumExists(_ table: Table) throws {
    let profile = try DatasetProfile(of: table.dataset(), likelihood: Categorical())
    #expect(Self.isAttained(profile.existence) == table.isAttained)
    let fit = try MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical())
      .fit(table.dataset())
    if case .separated(let found) = fit.status {
      #expect(!table.isAttained)
      #expect(found.infiniteCount > 0 && found.direction.isFinite)
    } else {
      #expect(table.isAttained)
    }
    #expect(
      !fit.warnings.contains {
        if case .existenceUndecided = $0 { true } else { false }
      })
  }

  private static func isAttained(_ existence: Existence?) -> Bool? {
    switch existence {
    case .attained: true
    case .separated: false
    case .undecided, nil: nil
    }
  }

  /// The exact program alone, on problems that double precision can decide too.
  @Test func agreesWithDoubles() throws {
    for (number, item) in try ExistenceReferenceTests.cases().enumerated() {
      let (features, labels) = (item.matrix, try item.labels)
      var cone = RecessionCone(
        features: features, labels: labels, includesIntercept: item.intercept)
      let count = features.columnCount
      cone.exact = ExactFeatures(
        given: features, kept: Array(0..<count), standardization: .identity(columnCount: count))
      let found = cone.decideExactly(LogitConstraints(labels, weights: nil))
      switch found {
      case .attained: #expect(item.verdict == "attained", "case \(number)")
      case .separated(let separation):
        #expect(
          item.verdict == (separation.kind == .complete ? "complete" : "quasi"), "\(number)")
        guard case .separated(let other) = cone.search() else {
          Issue.record("case \(number): one verdict of two")
          continue
        }
        #expect(separation.groups == other.groups, "case \(number)")
        #expect(separation.separatedRowCount == other.separatedRowCount, "case \(number)")
      case .undecided, nil: Issue.record("case \(number) was not decided")
      }
    }
  }
}
