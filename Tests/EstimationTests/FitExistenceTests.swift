import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

/// The verdict of a fit under a flat prior on the existence of its maximum.
@Suite struct FitExistenceTests {
  /// Every fifth problem of Tests/Reference/separation.json, fitted; classes that never occur are
  /// refused by the fit itself.
  @Test func fitsKnowWhetherTheyHaveAMaximum() throws {
    for (number, item) in try ExistenceReferenceTests.cases().enumerated()
    where number.isMultiple(of: 5) && Set(item.supports.joined()).count == item.classes {
      let data = try Dataset(features: Features(item.features), labels: item.labels)
      let fit = try MaximumLikelihood(
        SoftmaxRegression(hasIntercept: item.intercept), likelihood: Categorical()
      ).fit(data)
      switch fit.status {
      case .converged: #expect(item.verdict == "attained", "case \(number)")
      case .separated(let found):
        #expect(item.verdict == (found.kind == .complete ? "complete" : "quasi"), "\(number)")
      case .trained(let reason), .notConverged(let reason):
        Issue.record("case \(number): \(reason)")
      }
    }
  }

  /// The fitted probabilities alone prove that the maximum exists, also with weights.
  @Test(arguments: [false, true]) func aConvergedFitIsItsOwnProof(isWeighted: Bool) throws {
    let rows = (0..<60).map { row in [Double(row * 7 % 11), Double(row * row % 13)] }
    let classes = (0..<60).map { row in (row * 5 + row * row % 7) % 3 }
    let weights = (0..<60).map { 0.25 + Double($0 % 4) }
    let labels = try ExistenceTests.hard(classes, 3)
    let data = try Dataset(
      features: Features(rows), labels: labels,
      weights: isWeighted ? .importance(checking: weights) : .uniform)
    let fit = try MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical()).fit(data)
    #expect(fit.status.isConverged)
    let cone = RecessionCone(
      features: BlockedMatrix(rows: rows, columnCount: 2), labels: labels,
      weights: isWeighted ? weights : nil, includesIntercept: true)
    let found = cone.search(fitted: try fit.probabilities(for: Features(rows)))
    guard case .attained(.fittedPoint(let margin)) = found else {
      Issue.record("\(found)")
      return
    }
    #expect(margin > 100)
  }

  /// A fit that stopped early on a separated problem must not count as a proof.
  @Test func probabilitiesNearZeroProveNothing() throws {
    let x: [Double] = [-2, -1, 1, 3]
    let cone = RecessionCone(
      features: ExistenceTests.line(x), labels: try ExistenceTests.hard([0, 0, 1, 1], 2),
      includesIntercept: true)
    for slope in [1.0, 5, 10, 20, 30, 36, 200] {
      let rows = x.map { value -> [Double] in
        let odds = Self.power(of: -slope * value)
        return [odds / (1 + odds), 1 / (1 + odds)]
      }
      let found = cone.search(fitted: try ExistenceOfCandidateSetsTests.fitted(rows))
      guard case .separated(let separation) = found else {
        Issue.record("slope \(slope): \(found)")
        continue
      }
      #expect(separation.kind == .complete)
    }
  }

  /// `2^x`, limited to the range of doubles.
  private static func power(of exponent: Double) -> Double {
    Double(
      sign: .plus, exponent: Int(min(max(exponent.rounded(), -1000), 1000)), significand: 1)
  }
}

/// Published data, fitted: see reference/degenerate.json.
@Suite struct FitExistenceDataTests {
  @Test func irisIsQuasiSeparated() throws {
    let table = try SharedTable("iris.csv")
    let names = ["setosa", "versicolor", "virginica"]
    let labels = try ExistenceTests.hard(
      table.column("class").compactMap { names.firstIndex(of: $0) }, 3)
    let data = try Dataset(features: Features(table.numbers(prefix: "f")), labels: labels)
    let fit = try MaximumLikelihood(SoftmaxRegression(), likelihood: Categorical()).fit(data)
    guard case .separated(let found) = fit.status else {
      Issue.record("\(fit.status)")
      return
    }
    #expect(found.kind == .quasi)
    #expect(found.classGroups == [[0], [1, 2]])
    #expect(found.isExhaustive)
  }
}
