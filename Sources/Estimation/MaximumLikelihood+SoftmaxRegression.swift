import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension MaximumLikelihood where Family == SoftmaxRegression {
  /// Fits the data.
  ///
  /// Rows of weight zero are left out, features standardised, columns that depend on others given
  /// no weight where the prior is flat; then the objective is minimised and, under a flat prior, it
  /// is decided whether a maximum exists at all. Not having converged and having no maximum are
  /// results: see `Fit.status`.
  ///
  /// The standardised features take the place of the data set's own, in place where the caller
  /// gives the data away. Throws `DatasetError.label` for labels the likelihood cannot read or a
  /// class that never occurs, and `.range` for features whose scale leaves the range of doubles.
  public func fit(
    _ data: consuming Dataset, observing observer: Observer? = nil
  ) throws(DatasetError) -> Fit<AffineLogits, L, P> {
    let problem = try AffineProblem(
      consume data, hasIntercept: family.hasIntercept, likelihood: likelihood, prior: prior,
      options: options)
    let objective = problem.objective(likelihood, prior)
    let search = OptimumSearch(options: options)
    let found = search.run(objective, from: problem.start(likelihood), observing: observer)
    return problem.fit(found.best, optima: found.optima, of: objective)
  }
}
