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
  /// What the labels are.
  public var likelihood: L
  /// The density of the weights.
  public var prior: P
  /// The penalty on the information; under a proper prior there is none.
  public private(set) var informationPenalty = InformationPenalty.none
  /// How the fit is carried out.
  public var options: FitOptions

  /// An estimator with a prior.
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
  /// An estimator without a prior: plain maximum likelihood.
  public init(_ family: Family, likelihood: L, options: FitOptions = FitOptions()) {
    self.init(family, likelihood: likelihood, prior: FlatPrior(), options: options)
  }
}

extension MaximumLikelihood where Family == SoftmaxRegression, P == FlatPrior {
  /// An estimator that penalises the information in place of the weights, as Firth's method does.
  public init(
    _ family: Family, likelihood: L, informationPenalty: InformationPenalty,
    options: FitOptions = FitOptions()
  ) {
    self.init(family, likelihood: likelihood, options: options)
    self.informationPenalty = informationPenalty
  }
}
