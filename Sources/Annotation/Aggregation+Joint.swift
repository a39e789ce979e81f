import SurprisalLinearAlgebra

extension Aggregation {
  /// What a joint fit of classes and annotators found.
  package struct Joint {
    /// The mean over items of the probabilities that the features give the classes.
    package var classPrior: [Double]
    /// `P(vote | class)`, cell after cell.
    package var table: [Double]
    /// The posterior of each item.
    package var posterior: [Double]
    /// The expected votes, each weighed as its item.
    package var expectedVotes: [Double]
    /// The log-likelihood of the votes.
    package var logLikelihood: Double
    /// The same plus the log densities of coefficients and pseudo-counts: what was maximised.
    package var value: Double
    /// The number of free parameters, those of the features among them.
    package var parameterCount: Int
    /// The largest gradient, in votes.
    package var gradient: Double
    /// Steps from the start that led here.
    package var iterations: Int
    /// Whether a maximum was reached.
    package var hasConverged: Bool
    /// The value after each accepted step.
    package var values: [Double]
    /// Whether a class has more votes for another label than for its own.
    package var isSwitched: Bool
    /// Standard errors of the confusion matrices.
    package var uncertainty: VoteUncertainty?

    /// The parts of a result.
    package init(
      classPrior: [Double], table: [Double], posterior: [Double], expectedVotes: [Double],
      logLikelihood: Double, value: Double, parameterCount: Int, gradient: Double, iterations: Int,
      hasConverged: Bool, values: [Double], isSwitched: Bool, uncertainty: VoteUncertainty?
    ) {
      self.classPrior = classPrior
      self.table = table
      self.posterior = posterior
      self.expectedVotes = expectedVotes
      self.logLikelihood = logLikelihood
      self.value = value
      self.parameterCount = parameterCount
      self.gradient = gradient
      self.iterations = iterations
      self.hasConverged = hasConverged
      self.values = values
      self.isSwitched = isSwitched
      self.uncertainty = uncertainty
    }
  }

  /// Labels made of votes and features together.
  package init(_ likelihood: VoteLikelihood, _ joint: Joint) {
    votes = likelihood.votes
    options = AggregationOptions(method: .dawidSkene, pseudoCounts: likelihood.pseudoCounts)
    labels = joint.posterior
    logEvidence = likelihood.logEvidence(
      at: VoteLikelihood.Parameters(prior: joint.classPrior, table: joint.table))
    model = VoteModel(
      classPrior: joint.classPrior, table: joint.table, expectedVotes: joint.expectedVotes,
      logLikelihood: joint.logLikelihood, value: joint.value,
      parameterCount: joint.parameterCount, gradient: joint.gradient,
      iterations: joint.iterations, hasConverged: joint.hasConverged, values: joint.values,
      optima: [], isSwitched: joint.isSwitched)
    expectedVotes = joint.expectedVotes
    tieCount = 0
    gold = nil
    uncertainty = joint.uncertainty
  }
}

extension VoteLikelihood {
  /// Errors of the probabilities of votes, given the covariance of their log odds. `prior` weighs
  /// the classes in accuracies and is taken as known.
  package func uncertainty(
    of table: [Double], prior: [Double], counts: [Double], parameters: VoteParameters,
    covariance: SymmetricMatrix
  ) -> VoteUncertainty {
    ObservedInformation(
      likelihood: self, point: Parameters(prior: prior, table: table), posterior: [],
      counts: counts, parameters: parameters
    ).uncertainty(covariance: covariance)
  }
}
