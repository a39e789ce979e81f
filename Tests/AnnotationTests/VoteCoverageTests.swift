import TestSupport
import Testing

@testable import SurprisalAnnotation

/// The coverage of 95 % intervals: 400 seeded sets of 500 items and five annotators.
@Suite(.tags(.heavy), .enabled(if: heavyTestsEnabled))
struct VoteCoverageTests {
  private static let replicates = 400
  private static let prior = [0.5, 0.3, 0.2]
  /// `P(vote | class)` of each annotator, class by class.
  private static let confusion: [[[Double]]] = [0.8, 0.75, 0.7, 0.65, 0.6].map { right in
    let wrong = 1 - right
    return [
      [right, 0.6 * wrong, 0.4 * wrong], [0.5 * wrong, right, 0.5 * wrong],
      [0.35 * wrong, 0.65 * wrong, right],
    ]
  }

  private static func aggregation(_ replicate: Int) throws -> Aggregation {
    var numbers = TestNumbers(seed: 7000 + UInt64(replicate))
    var list: [VoteFixture.Vote] = []
    for item in 0..<500 {
      let known = RandomData.draw(prior, &numbers)
      for (annotator, matrix) in confusion.enumerated() {
        list.append((item, annotator, RandomData.draw(matrix[known], &numbers)))
      }
    }
    return Aggregation(try VoteFixture.votes(list, items: 500, annotators: 5, classes: 3))
  }

  /// The mean coverage of the prior, of correct and of wrong entries is between .93 and .97, and
  /// that of each class prior and correct entry within four standard errors of .95. Single wrong
  /// entries are small probabilities of few votes, for which symmetric intervals have a lower
  /// coverage.
  @Test func intervalsHoldTheTruth() throws {
    var hits = [Double](repeating: 0, count: 3 + 45)
    for replicate in 0..<Self.replicates {
      let result = try Self.aggregation(replicate)
      let (model, errors) = (try #require(result.model), try #require(result.uncertainty))
      #expect(errors.kind == .joint)
      func note(_ place: Int, _ value: Double, _ error: Double, _ truth: Double) {
        if (value - truth).magnitude <= 1.959964 * error { hits[place] += 1 }
      }
      for k in 0..<3 { note(k, model.classPrior[k], errors.classPrior[k], Self.prior[k]) }
      for entry in 0..<45 {
        let (label, k) = (entry % 9 / 3, entry % 3)
        note(
          3 + entry, model.table[entry], errors.table[entry],
          Self.confusion[entry / 9][k][label])
      }
    }
    let shares = hits.map { $0 / Double(Self.replicates) }
    let single = 4 * (0.95 * 0.05 / Double(Self.replicates)).squareRoot()
    let right = (0..<45).filter { $0 % 9 % 4 == 0 }
    let wrong = (0..<45).filter { $0 % 9 % 4 != 0 }
    for place in Array(0..<3) + right.map({ 3 + $0 }) {
      #expect((shares[place] - 0.95).magnitude < single, "parameter \(place): \(shares[place])")
    }
    for (name, group) in [
      ("prior", Array(shares[..<3])), ("right", right.map { shares[3 + $0] }),
      ("wrong", wrong.map { shares[3 + $0] }),
    ] {
      let mean = group.reduce(0, +) / Double(group.count)
      #expect((0.93...0.97).contains(mean), "\(name): \(mean)")
    }
  }
}
