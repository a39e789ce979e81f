import SurprisalDatasets
import SurprisalModels
import SurprisalProbability

/// Fits a model to labels by maximum likelihood, or by maximum a posteriori under a prior.
///
/// ```swift
/// let estimator = MaximumLikelihood(
///   SoftmaxRegression(), likelihood: Categorical(), prior: .gaussian(precision: 1e-2))
/// let fit = try estimator.fit(data)
/// ```
public struct MaximumLikelihood<Family: ModelFamily, L: Likelihood, P: Prior>: Sendable {
  /// The kind of model.
  public var family: Family
  /// The likelihood of the labels.
  public var likelihood: L
  /// The prior on the weights.
  public var prior: P
  /// The penalty on the information; none under a proper prior.
  public private(set) var informationPenalty = InformationPenalty.none
  /// The options of the fit.
  public var options: FitOptions

  /// Creates an estimator with a prior.
  public init(
    _ family: Family, likelihood: L, prior: P, options: FitOptions = FitOptions()
  ) {
    self.family = family
    self.likelihood = likelihood
    self.prior = prior
    self.options = options
  }
}

extension MaximumLikelihood where P == FlatPrior {
  /// Creates an estimator without a prior: maximum likelihood.
  public init(_ family: Family, likelihood: L, options: FitOptions = FitOptions()) {
    self.init(family, likelihood: likelihood, prior: FlatPrior(), options: options)
  }
}

extension MaximumLikelihood where Family == SoftmaxRegression, P == FlatPrior {
  /// Creates an estimator that penalises the information instead of the weights, as in Firth's
  /// method.
  public init(
    _ family: Family, likelihood: L, informationPenalty: InformationPenalty,
    options: FitOptions = FitOptions()
  ) {
    self.init(family, likelihood: likelihood, options: options)
    self.informationPenalty = informationPenalty
  }
}
