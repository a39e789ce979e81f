import RealModule
import TestSupport
import Testing

@testable import SurprisalAnnotation

/// Coverage and concentration if the matrices are drawn as the method `hierarchical` assumes.
@Suite(.tags(.heavy), .enabled(if: heavyTestsEnabled))
struct HierarchicalCoverageTests {
  private static let replicates = 40
  private static let (concentration, right) = (4.0, 0.7)

  /// A Gamma(shape) draw: the sum of exponential draws for whole shapes, and a power of a uniform
  /// times a Gamma(shape + 1) draw below 1 (Johnk's rejection for the part).
  private static func gamma(_ shape: Double, _ numbers: inout TestNumbers) -> Double {
    func uniform() -> Double { Double.random(in: 1e-300..<1, using: &numbers) }
    var sum = 0.0
    for _ in 0..<Int(shape) { sum -= Double.log(uniform()) }
    let part = shape - shape.rounded(.down)
    guard part > 0 else { return sum }
    while true {
      let (x, y) = (Double.pow(uniform(), 1 / part), Double.pow(uniform(), 1 / (1 - part)))
      if x + y <= 1 { return sum - x / (x + y) * Double.log(uniform()) }
    }
  }

  /// Intervals of posterior means and deviations hold the probability of a right vote of a drawn
  /// annotator nine times in ten (0.896 in 100 sets): they are symmetric about skewed posteriors,
  /// and take the prior, the common matrix and the concentration as known. Concentrations are near
  /// the true one.
  @Test func intervalsHoldTheTruth() throws {
    var (hits, count, logs) = (0.0, 0.0, [Double]())
    for replicate in 0..<Self.replicates {
      var numbers = TestNumbers(seed: 9000 + UInt64(replicate))
      let matrices = (0..<60).map { _ in
        (0..<2).map { k -> [Double] in
          let draws = (0..<2).map {
            Self.gamma(Self.concentration * ($0 == k ? Self.right : 1 - Self.right), &numbers)
          }
          return draws.map { $0 / (draws[0] + draws[1]) }
        }
      }
      var list: [VoteFixture.Vote] = []
      for item in 0..<300 {
        let known = RandomData.draw([0.6, 0.4], &numbers)
        var chosen: Set<Int> = []
        while chosen.count < 4 { chosen.insert(Int.random(in: 0..<60, using: &numbers)) }
        for annotator in chosen.sorted() {
          list.append((item, annotator, RandomData.draw(matrices[annotator][known], &numbers)))
        }
      }
      let result = Aggregation(
        try VoteFixture.votes(list, items: 300, annotators: 60, classes: 2), .hierarchical)
      let hierarchy = try #require(result.model?.hierarchy)
      logs.append(Double.log(hierarchy.concentration))
      for (annotator, matrix) in zip(result.annotators, matrices) {
        for k in 0..<2 {
          count += 1
          let error = annotator.confusionErrors[k * 3]
          if (annotator.confusion[k * 3] - matrix[k][k]).magnitude <= 1.959964 * error { hits += 1 }
        }
      }
    }
    let coverage = hits / count
    #expect((0.87...0.95).contains(coverage), "\(coverage)")
    let median = Double.exp(logs.sorted()[logs.count / 2])
    #expect(median > 0.6 * Self.concentration && median < 1.8 * Self.concentration, "\(median)")
  }
}
