import Testing

@testable import SurprisalProbability

/// Tails compared with mpmath with 30 digits: gammainc(k/2, x/2, inf, regularized=True).
@Suite struct ChiSquaredTests {
  @Test(arguments: [
    (1, 0.001, 0.97477287936996039),
    (1, 3.84, 0.050043521248705103),
    (1, 250.0, 2.5968070393401859e-56),
    (2, 1.0, 0.60653065971263342),
    (3, 0.5, 0.91889141165467586),
    (7, 7.0, 0.42887985755305472),
    (12, 160.592, 3.9785804265789191e-28),
    (40, 20.0, 0.99654565802414319),
    (40, 95.0, 2.2691692667486066e-6),
    (300, 310.0, 0.33325434885913623),
    (300, 1000.0, 3.7293204855680024e-76),
    (2000, 1900.0, 0.94494531376926197),
  ])
  func tail(_ freedom: Int, _ x: Double, _ expected: Double) {
    let found = ChiSquared.upperTail(x, freedom: freedom)
    #expect((found / expected - 1).magnitude < 1e-12, "\(found), not \(expected)")
  }

  @Test func ends() {
    #expect(ChiSquared.upperTail(0, freedom: 3) == 1)
    #expect(ChiSquared.upperTail(.infinity, freedom: 3) == 0)
    #expect(ChiSquared.upperTail(.nan, freedom: 3).isNaN)
    #expect(StandardNormal.twoSidedTail(0) == 1)
    // mpmath: erfc(30 / sqrt(2)).
    #expect((StandardNormal.twoSidedTail(-30) / 9.8134278542963741e-198 - 1).magnitude < 1e-12)
  }
}
