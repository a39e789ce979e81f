import RealModule
import Testing

@testable import SurprisalProbability

/// The expected divergence of votes compared with mpmath (Tests/Reference/vote_noise.py), between
/// its own methods, and with definitions.
@Suite struct VoteNoiseTests {
  @Test(arguments: [
    (1, 0.3, 0.3611918412977808),
    (1, 1e-300, 6.9077552789821371e-298),
    (2, 0.01, 0.039189544772337456),
    (3, 0.9, 0.01925160598050805),
    (10, 0.5, 0.026513385336401255),
    (100, 0.3, 0.0035259625776463209),
    (100, 0.999, 5.0167590148369758e-6),
    (1000, 0.39, 0.00030518151067319113),
    (1000, 0.41, 0.00029516937887270781),
    (1000, 1e-06, 6.9084475896338575e-6),
    (3000, 0.9, 1.6668621780323174e-5),
    (20000, 0.02, 2.4510438141501318e-5),
    (20000, 0.97, 7.5001269363110964e-7),
  ])
  func agreesWithManyDigits(votes: Double, q: Double, expected: Double) {
    #expect((VoteNoise.classTerm(votes, q) / expected - 1).magnitude < 1e-12)
  }

  @Test(arguments: [(2000.0, 0.2), (2000.0, 0.5), (5000.0, 0.95), (1e5, 0.0041)])
  func sumAndSeriesAgree(votes: Double, q: Double) {
    let ratio = VoteNoise.sum(votes, q) / VoteNoise.series(votes, q)
    #expect((ratio - 1).magnitude < 1e-12)
  }

  @Test func oneVoteHasTheEntropy() {
    let q = [0.2, 0.5, 0.3, 0]
    let entropy = q.reduce(0) { $0 - ($1 > 0 ? $1 * Double.log($1) : 0) }
    let noise = VoteNoise.expectedDivergence(votes: 1, probabilities: q)
    #expect((noise - entropy).magnitude < 1e-15)
  }

  /// Two votes: the divergence over all nine pairs of draws.
  @Test func twoVotesByEnumeration() {
    let q = [0.2, 0.5, 0.3]
    var expected = 0.0
    for first in 0..<3 {
      for second in 0..<3 {
        var shares = [0.0, 0, 0]
        shares[first] += 0.5
        shares[second] += 0.5
        let divergence = zip(shares, q).reduce(0) {
          $0 + ($1.0 > 0 ? $1.0 * Double.log($1.0 / $1.1) : 0)
        }
        expected += q[first] * q[second] * divergence
      }
    }
    let noise = VoteNoise.expectedDivergence(votes: 2, probabilities: q)
    #expect((noise - expected).magnitude < 1e-15)
  }

  @Test func manyVotesHaveHalfAFreedomEach() {
    let noise = VoteNoise.expectedDivergence(votes: 1e12, probabilities: [0.2, 0.5, 0.3])
    #expect((noise * 1e12 - 1).magnitude < 1e-9)
  }

  @Test func certaintyHasNone() {
    #expect(VoteNoise.expectedDivergence(votes: 7, probabilities: [1, 0]) == 0)
  }
}
