/// The expected information of a Dirichlet-multinomial example with many votes, with respect to the
/// logits and the log dispersion.
///
/// With A = 1 / ρ, the proportions of n votes vary around q like Dirichlet proportions whose
/// variance is larger by the factor (n + A) / n. The information is that of the Dirichlet
/// distribution, scaled by s = n / (n + A) for the logits and by s² for the other entries. It is
/// exact as n or A tends to infinity, and always positive semi-definite.
struct DispersedInformation {
  private var dirichlet: DirichletInformation
  private var scale = 1.0
  private let classCount: Int

  init(classCount: Int) {
    self.classCount = classCount
    dirichlet = DirichletInformation(classCount: classCount)
  }

  /// Sets the example.
  mutating func update(_ point: DirichletMultinomialPoint, votes: Double) {
    let total = 1 / point.dispersion
    dirichlet.update(shares: point.shares, total: total)
    scale = votes / (votes + total)
  }

  /// The entry of units i >= j, the last of which is the log dispersion.
  func entry(_ i: Int, _ j: Int) -> Double {
    let entry = dirichlet.entry(i, j)
    guard i == classCount else { return scale * entry }
    return (j == classCount ? 1 : -1) * scale * scale * entry
  }
}
