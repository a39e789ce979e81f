/// The expected information of a Dirichlet-multinomial example with many votes, in the logits and
/// the log dispersion.
///
/// With A = 1 / ρ, the shares of n votes vary around q like Dirichlet shares whose variance is
/// larger by (n + A) / n. The information is that of the Dirichlet distribution, scaled by s = n /
/// (n + A) in the logits and by s² in the rest: exact as n tends to infinity and as A does,
/// semi-definite always.
struct DispersedInformation {
  private var dirichlet: DirichletInformation
  private var scale = 1.0
  private let classCount: Int

  init(classCount: Int) {
    self.classCount = classCount
    dirichlet = DirichletInformation(classCount: classCount)
  }

  /// Moves to another example.
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
