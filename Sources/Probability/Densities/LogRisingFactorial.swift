import RealModule

/// Sums over the draws j = 0, ..., n - 1 of a Pólya urn in which a class starts with proportion q
/// and gains ρ at each draw of that class: the factors q + j ρ of a rising factorial.
///
/// Notation: f_j = q / (q + j ρ). Nothing is divided by ρ or formed as a difference of log Γ, so ρ
/// may be 0; then f = 1. Up to 48 draws are summed one by one; beyond that, the first 16 are, and
/// the rest is computed by the Euler-Maclaurin formula with an error below 1e-17 of the sum.
struct LogRisingFactorial {
  /// Σ log(q + j ρ).
  private(set) var log = 0.0
  /// Σ f.
  private(set) var kept = 0.0
  /// Σ (1 - f).
  private(set) var lost = 0.0
  /// Σ f (1 - f).
  private(set) var spread = 0.0

  /// The sums for `count` draws; `logShare` is log q, needed if q underflows.
  init(share: Double, logShare: Double, dispersion: Double, count: Double) {
    guard count > 0 else { return }
    let direct = count <= 48 ? count : 16
    (log, kept) = (logShare, 1)
    var draw = 1.0
    while draw < direct {
      add(share: share, gain: draw * dispersion)
      draw += 1
    }
    guard count > direct else { return }
    guard dispersion > 0, share / dispersion < 1e200 else {
      log += (count - direct) * logShare
      kept += count - direct
      return
    }
    addRest(share: share, dispersion: dispersion, from: direct, to: count)
  }

  private mutating func add(share: Double, gain: Double) {
    let size = share + gain
    log += share == 1 ? Double.log(onePlus: gain) : Double.log(size)
    let (kept, lost) = (share / size, gain / size)
    self.kept += kept
    self.lost += lost
    spread += kept * lost
  }

  /// B_2k / 2k.
  private static let bernoulli: [Double] = [
    1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760,
  ]

  /// The sums of a / y, 1 - a / y and a (y - a) / y² over y = a + j from b to e, with a = q / ρ.
  private mutating func addRest(
    share: Double, dispersion: Double, from first: Double, to count: Double
  ) {
    let (a, rest) = (share / dispersion, count - first)
    let (b, e) = (a + first, a + count)
    let x = rest / b
    let (plain, curved) = (Double.log(onePlus: x), Logarithms.onePlusMinus(x))
    var (ends, slopes) = (0.5 * rest / b / e, 0.5 * (first / b / b - count / e / e))
    var (powerB, powerE, order) = (1 / (b * b), 1 / (e * e), 2.0)
    for term in Self.bernoulli {
      ends += term * (powerB - powerE)
      slopes += term * (powerB * (1 - order * (a / b)) - powerE * (1 - order * (a / e)))
      powerB /= b * b
      powerE /= e * e
      order += 2
    }
    kept += a * (plain + ends)
    lost += rest * (first / b) - a * (curved + ends)
    spread += a * (x * (count / e) + curved + slopes)
    log += rest * Double.log(share + first * dispersion)
    log += b * curved + (rest - 0.5) * plain
    log += PolyGamma.stirlingRemainder(e) - PolyGamma.stirlingRemainder(b)
  }
}
