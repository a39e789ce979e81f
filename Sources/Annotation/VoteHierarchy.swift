/// The distribution from which the confusion matrices of annotators are drawn.
///
/// Row k of the matrix of each annotator has a Dirichlet density with the exponents `κ m_k - 1`:
/// its mean is row k of the common matrix, and the variance of an entry `m (1 - m) / (κ + 1)`.
public struct VoteHierarchy: Sendable, Equatable {
  /// The common matrix: `P(vote | class)`, class by class.
  public let commonConfusion: [Double]
  /// The concentration κ, as a number of votes; infinite if all annotators have the common matrix.
  public let concentration: Double
  /// Whether an annotator has two votes on items of a class. Otherwise every concentration gives
  /// the same probability of the votes, and an infinite one is reported.
  public let isDetermined: Bool

  /// The smallest concentration that is considered, and the largest finite one.
  public static let concentrations = 1e-3...1e8
}
