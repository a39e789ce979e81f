import SurprisalLinearAlgebra

extension Aggregation {
  /// The labels of a joint fit of features and votes: the posteriors of the items under `model`,
  /// whose prior of the classes is the mean over items of that given by the features.
  package init(
    _ likelihood: VoteLikelihood, _ model: VoteModel, posterior: [Double],
    uncertainty: VoteUncertainty?
  ) {
    votes = likelihood.votes
    options = AggregationOptions(method: .dawidSkene, pseudoCounts: likelihood.pseudoCounts)
    labels = posterior
    logEvidence = likelihood.logEvidence(
      at: VoteLikelihood.Parameters(prior: model.classPrior, table: model.table))
    self.model = model
    expectedVotes = model.expectedVotes
    tieCount = 0
    gold = nil
    self.uncertainty = uncertainty
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
