import SurprisalDatasets
import SurprisalLinearAlgebra

/// The best maximum of the likelihood of votes that was found.
public struct VoteModel: Sendable {
  /// A maximum that was reached from one or several starts.
  public struct Optimum: Sendable, Equatable {
    /// The log-likelihood of the votes; for the method `hierarchical` the bound of `VoteModel`.
    public var logLikelihood: Double
    /// The same plus the log density of the pseudo-counts, or of abilities and difficulties: the
    /// maximised value.
    public var value: Double
    /// The prior of the classes.
    public var classPrior: [Double]
    /// The number of starts that led to this maximum.
    public var starts: Int
    /// Whether the start from the shares of the votes led to it.
    public var isFromShares: Bool
    /// Whether a class has more votes for another label than for its own.
    public var isSwitched: Bool
  }

  /// The prior of the classes.
  public let classPrior: [Double]
  /// `P(vote | class)`: annotator by annotator (one for the method `pooled`), label by label,
  /// `classCount` numbers each. For the method `glad` the mean over the annotator's votes.
  public let table: [Double]
  /// The expected votes, in the same order.
  public let expectedVotes: [Double]
  /// The log-likelihood of the votes. For the method `hierarchical` a lower bound of the marginal
  /// log-likelihood, in which the matrices of annotators are integrated out.
  public let logLikelihood: Double
  /// The same plus the log density of the pseudo-counts, or of abilities and difficulties.
  public let value: Double
  /// The number of free parameters.
  public let parameterCount: Int
  /// The largest gradient in log odds, in votes. For the method `hierarchical` the change of a
  /// posterior probability by another step, the largest; for `glad` the largest derivative by an
  /// ability, a log difficulty or the logarithm of a share.
  public let gradient: Double
  /// The number of steps from the start.
  public let iterations: Int
  /// Whether the fit converged.
  public let hasConverged: Bool
  /// The value after each accepted step: it never decreases.
  public let values: [Double]
  /// The maxima that were found, the highest first; values within 1e-6 count as one.
  public let optima: [Optimum]

  /// Whether a class has more votes for another label than for its own.
  public let isSwitched: Bool

  /// The distribution of the annotators' matrices; only for the method `hierarchical`.
  public let hierarchy: VoteHierarchy?
  /// Abilities and difficulties; only for the method `glad`.
  public let difficulty: VoteDifficulty?

  /// Creates the results of a fit; `optima` are those of several starts, the highest first.
  package init(
    classPrior: [Double], table: [Double], expectedVotes: [Double], logLikelihood: Double,
    value: Double, parameterCount: Int, gradient: Double, iterations: Int, hasConverged: Bool,
    values: [Double], optima: [Optimum] = [], isSwitched: Bool, hierarchy: VoteHierarchy? = nil,
    difficulty: VoteDifficulty? = nil
  ) {
    self.classPrior = classPrior
    self.table = table
    self.expectedVotes = expectedVotes
    self.logLikelihood = logLikelihood
    self.value = value
    self.parameterCount = parameterCount
    self.gradient = gradient
    self.iterations = iterations
    self.hasConverged = hasConverged
    self.values = values
    self.optima = optima
    self.isSwitched = isSwitched
    self.hierarchy = hierarchy
    self.difficulty = difficulty
  }

  /// The largest difference between two values that count as one maximum.
  static let sameValue = 1e-6
}

extension VoteLikelihood: StartedModel {
  func maximum(
    from posterior: [Double], _ options: AggregationOptions
  ) -> ExpectationMaximization.Maximum {
    ExpectationMaximization(
      likelihood: self, tolerance: options.tolerance,
      maximumIterations: options.maximumIterations
    ).maximum(from: posterior)
  }

  func posterior(of maximum: ExpectationMaximization.Maximum) -> [Double] { maximum.posterior }

  func summary(of maximum: ExpectationMaximization.Maximum) -> VoteModel.Optimum {
    VoteModel.Optimum(
      logLikelihood: maximum.logLikelihood, value: maximum.value,
      classPrior: maximum.parameters.prior)
  }

  /// The best maximum of several starts, of which `shares` is the first, and the posterior of each
  /// item.
  func search(
    _ options: AggregationOptions, shares: [Double]
  ) -> (model: VoteModel, posterior: [Double]) {
    let (best, optima) = RandomStarts(model: self, options: options, shares: shares).run()
    let maximum = best.maximum
    let model = VoteModel(
      classPrior: maximum.parameters.prior, table: maximum.parameters.table,
      expectedVotes: best.expectedVotes, logLikelihood: maximum.logLikelihood,
      value: maximum.value, parameterCount: parameterCount, gradient: maximum.gradient,
      iterations: maximum.iterations, hasConverged: maximum.hasConverged,
      values: maximum.values, optima: optima, isSwitched: best.optimum.isSwitched)
    return (model, maximum.posterior)
  }
}

extension VoteLikelihood {
  /// A start: for each item a point drawn uniformly from the simplex; in every other start its mean
  /// with the shares of the votes. Known classes keep their shares.
  package func posterior(ofStart index: Int, seed: UInt64, shares: [Double]) -> [Double] {
    var generator = SplitMix64(seed: seed &+ 0x9E37_79B9 &* UInt64(index + 1))
    let part = index % 2 == 0 ? 0.5 : 0.0
    var result = shares
    for item in 0..<votes.itemCount where (gold?[item] ?? -1) < 0 {
      var draws = (0..<classCount).map { _ in generator.exponential() }
      let total = draws.reduce(0, +)
      for k in 0..<classCount {
        draws[k] /= total
        let place = item * classCount + k
        result[place] = part * result[place] + (1 - part) * draws[k]
      }
    }
    return result
  }
}
