import SurprisalEstimation
import SurprisalModels
import SurprisalProbability

extension ModelComparison {
  /// Compares two fits of the same rows, with the score test besides.
  ///
  /// `choice` says which standard errors the Wald and the score test rest on; by default those that
  /// are right for the labels, so that both are robust where there is no likelihood. For the score
  /// test the columns of the smaller model need not be columns of the larger one by name: it is enough
  /// that they are combinations of these. Complexity: that of the covariance of the larger fit.
  public init<L0: Likelihood, L1: Likelihood>(
    of smaller: Fit<AffineLogits, L0, FlatPrior>, against larger: Fit<AffineLogits, L1, FlatPrior>,
    errors choice: StandardErrorChoice = .automatic
  ) {
    let pair = RecordPair(
      smaller: smaller.record(errors: choice == .automatic ? .none : choice),
      larger: larger.record(errors: choice))
    self.init()
    add(.likelihoodRatio) { () throws(Unavailable) in try pair.likelihoodRatio() }
    add(.wald) { () throws(Unavailable) in try pair.wald() }
    add(.score) { () throws(Unavailable) in
      guard let smaller = smaller as? Fit<AffineLogits, L1, FlatPrior> else {
        throw Unavailable(reason: "the fits have different likelihoods")
      }
      guard smaller.statistics.dataChecksum == larger.statistics.dataChecksum else {
        throw Unavailable(reason: "the fits are of different data")
      }
      return try ScoreTest(of: smaller, in: larger, choice).result()
    }
  }
}
