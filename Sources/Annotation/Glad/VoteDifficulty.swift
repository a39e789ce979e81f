import RealModule

/// Abilities of annotators and difficulties of items (the method `glad`).
///
/// A vote of annotator a on item i is for the class of the item with probability `σ(α_a / d_i)`,
/// and for each other class with the same share of the rest:
///
///     P(vote = class) = σ(α_a / d_i),   P(vote = another class) = (1 - σ(α_a / d_i)) / (C - 1)
///
/// with the difficulty `d_i > 0`. An ability of 0 is a vote for the right class with probability
/// 1/2, whatever the number of classes; an adversary has a negative one. The difficulties are drawn
/// from `-log d ~ Normal(1, 1)`, on a grid in steps of 1/2, and the classes from a prior π.
/// Abilities have the prior density Normal(1, 1). What is maximised over abilities and π is the
/// log-likelihood, classes and difficulties summed out, plus the log density of the abilities.
///
/// Reference: Whitehill, Ruvolo, Wu, Bergsma and Movellan, Whose vote should count more, NIPS 2009,
/// with `β = 1 / d` and known π. There the difficulties are maximised over too; then items on which
/// votes happen to agree seem easy, and neither labels nor abilities become right with more items.
public struct VoteDifficulty: Sendable, Equatable {
  /// `α_a`, by annotator; 1, the mode of the prior, for an annotator without votes.
  public let abilities: [Double]
  /// Their standard errors, from the curvature of the log posterior; NaN if they were not computed.
  public let abilityErrors: [Double]
  /// The posterior mean of `log d_i`, by item, given abilities and π; that of the prior, -1, for an
  /// item without votes.
  public let logDifficulties: [Double]
  /// The posterior standard deviation of `log d_i`, given abilities and π.
  public let logDifficultyErrors: [Double]
  /// The log density of the abilities.
  public let logPrior: Double

  /// The exponential of the mean of `log d_i`. Precondition: the item exists.
  public func difficulty(ofItem item: Int) -> Double { Double.exp(logDifficulties[item]) }
}
