import RealModule
import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

/// Means and differences with few clusters. Tests/Reference/clusters.py made the numbers.
@Suite struct FewClustersTests {
  @Test func wildPValuesAgreeWithEnumeration() throws {
    let cases = try ReferenceValue(ofTests: "clusters.json")["wild"].array
    #expect(cases.count == 5)
    for tested in cases {
      let labels = try hard(tested["labels"].integers, of: 3)
      let pair = try ["first", "second"].map {
        try Evaluation(of: try probabilities(tested[$0].rows), against: labels)
      }
      let clusters = tested["groups"].integers
      let found = try PairedComparison(of: pair[0], minus: pair[1], clusters: clusters)
      #expect(found.crossEntropy.wildPValue == tested["p_value"].number, "\(found.units)")
      #expect(found.crossEntropy.isSupported == (tested["p_value"].number <= 0.05))
      let t = WaldDistribution(freedom: Double(found.units - 1)).twoSided(level: 0.95)
      let interval = try #require(found.crossEntropy.interval)
      let half = try t * #require(found.crossEntropy.standardError)
      #expect((interval.upperBound - interval.lowerBound - 2 * half).magnitude < 1e-12 * half)
    }
  }

  @Test func rowsAndManyClustersNeedNoSupport() throws {
    let labels = try hard((0..<20).map { $0 % 3 }, of: 3)
    let rows = (0..<20).map { row -> [Double] in
      let shift = Double(row) / 100
      return [0.2, 0.3 + shift, 0.5 - shift]
    }
    let first = try Evaluation(of: try probabilities(rows), against: labels)
    let tens = (0..<20).map { $0 % 10 }
    for clusters in [nil, tens] {
      let found = try PairedComparison(of: first, minus: first.uniform, clusters: clusters)
      #expect(found.crossEntropy.wildPValue == nil && found.crossEntropy.isSupported)
      let freedom: Double? = clusters == nil ? nil : 9
      #expect(try first.standardErrors(clusters: clusters).freedom == freedom)
    }
  }

  /// 4, 8 and 20 clusters of 15 rows with correlated labels: the interval contains the mean cross
  /// entropy of the truth in at least 93 % of the samples, and two equally good predictions differ
  /// significantly in no more than 5 % plus noise.
  @Test(.tags(.heavy), .enabled(if: heavyTestsEnabled), arguments: [4, 8, 20])
  func coverage(clusterCount: Int) throws {
    let size = 15
    let replicates = 2000
    var (hits, verdicts) = (0, 0)
    let clusters = (0..<clusterCount * size).map { $0 / size }
    var numbers = TestNumbers(seed: UInt64(clusterCount))
    for _ in 0..<replicates {
      // Each cluster has one more likely class; both predictions err in opposite directions.
      let labels = (0..<clusterCount).flatMap { _ -> [Int] in
        let share = 0.5 + 0.3 * Double.random(in: -1...1, using: &numbers)
        return (0..<size).map { _ in Double.random(in: 0...1, using: &numbers) < share ? 1 : 0 }
      }
      let hard = try hard(labels, of: 2)
      let first = try Evaluation(ofConstant: [0.4, 0.6], against: hard)
      let second = try Evaluation(ofConstant: [0.6, 0.4], against: hard)
      let truth = -(Double.log(0.4) + Double.log(0.6)) / 2
      let errors = try first.standardErrors(clusters: clusters)
      let half = (errors.crossEntropy ?? 0) * errors.quantile(level: 0.95)
      if (first.crossEntropy - truth).magnitude <= half { hits += 1 }
      let difference = try PairedComparison(of: first, minus: second, clusters: clusters)
        .crossEntropy
      if difference.isTold ?? false, difference.isSupported { verdicts += 1 }
    }
    let margin = 3 * (0.95 * 0.05 / Double(replicates)).squareRoot()
    #expect(Double(hits) / Double(replicates) >= 0.93, "\(hits)")
    #expect(Double(verdicts) / Double(replicates) <= 0.05 + margin, "\(verdicts)")
  }
}
