import RealModule

/// Abilities of annotators and difficulties of items (the method `glad`).
///
/// A vote of annotator a on item i is for the class of the item with probability `σ(α_a / d_i)`, and
/// for each other class with the same share of the rest:
///
///     P(vote = class) = σ(α_a / d_i),   P(vote = another class) = (1 - σ(α_a / d_i)) / (C - 1)
///
/// with the difficulty `d_i > 0`. An ability of 0 is a vote for the right class with probability
/// 1/2, whatever the number of classes; an adversary has a negative one. Votes do not determine a
/// common factor of abilities and difficulties, so both have a prior density, `α_a ~ Normal(1, 1)` and
/// `-log d_i ~ Normal(1, 1)`; the classes have a prior π that is estimated. The point is the maximum
/// of the log-likelihood plus these log densities, summed over the unknown class of every item.
///
/// Standard errors are those of the curvature of the log posterior at its maximum, the class of
/// each item summed out; NaN if they were not computed.
///
/// Reference: Whitehill, Ruvolo, Wu, Bergsma and Movellan, Whose vote should count more, NIPS 2009,
/// with `β = 1 / d` and known π.
public struct VoteDifficulty: Sendable, Equatable {
  /// `α_a`, by annotator; 1, the mode of the prior, for an annotator without votes.
  public let abilities: [Double]
  /// Their standard errors.
  public let abilityErrors: [Double]
  /// `log d_i`, by item; -1, the mode of the prior, for an item without votes.
  public let logDifficulties: [Double]
  /// Their standard errors.
  public let logDifficultyErrors: [Double]
  /// The log density of the priors of `α` and `log d`.
  public let logPrior: Double

  /// The probability that a vote is for the right class. Precondition: both exist.
  public func accuracy(ofAnnotator annotator: Int, onItem item: Int) -> Double {
    GladLikelihood.logistic(abilities[annotator] * Double.exp(-logDifficulties[item]))
  }
}
