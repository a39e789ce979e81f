import RealModule

/// The expected information of a Dirichlet distribution with parameters A q, with respect to the
/// logits of q and log A.
///
/// With E(a) = a² ψ′(a) = a + G(a), the entries are
/// - two logits: [i = j] Eᵢ - qᵢ Eⱼ - Eᵢ qⱼ + qᵢ qⱼ Σ E;
/// - a logit and log A: Gⱼ - qⱼ Σ G;
/// - log A twice: Σ G - G(A).
///
/// The matrix is a Gram matrix, hence positive semi-definite.
struct DirichletInformation {
  private var shares: [Double]
  private var excess: [Double]
  private(set) var total = 0.0
  private var excessSum = 0.0

  init(classCount: Int) {
    shares = [Double](repeating: 0, count: classCount)
    excess = shares
  }

  /// Sets the point at which the information is evaluated.
  mutating func update(shares: [Double], total: Double) {
    self.total = total
    excessSum = 0
    for index in shares.indices {
      self.shares[index] = shares[index]
      excess[index] = PolyGamma.scaledExcess(total * shares[index])
      excessSum += excess[index]
    }
  }

  /// The entry of logits i and j.
  @inline(__always)
  func logits(_ i: Int, _ j: Int) -> Double {
    let (q, p) = (shares[i], shares[j])
    let plain = (i == j ? q * (1 - q) : -q * p) * total
    let cross = q * p * excessSum - q * excess[j] - p * excess[i]
    return plain + cross + (i == j ? excess[i] : 0)
  }

  /// The entry of logit j and log A.
  @inline(__always)
  func mixed(_ j: Int) -> Double { excess[j] - shares[j] * excessSum }

  /// The entry of units i >= j, the last of which is log A.
  func entry(_ i: Int, _ j: Int) -> Double {
    guard i == shares.count else { return logits(i, j) }
    return j < shares.count ? mixed(j) : logTotal
  }

  /// The entry of log A.
  var logTotal: Double { excessSum - PolyGamma.scaledExcess(total) }
}
