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
  /// gives the data away. Throws `DatasetError.label` for labels the likelihood refuses, a
  /// class that never occurs unless Jeffreys' penalty bounds its intercept, and shares under that
  /// penalty, which is about the information of classes and votes; and `.range` for features whose scale leaves the range of
  /// doubles.
  public func fit(
    _ data: consuming Dataset, observing observer: Observer? = nil
  ) throws(DatasetError) -> Fit<LinearPredictor, L, P> {
    let problem = try AffineProblem(
      consume data, hasIntercept: family.hasIntercept, likelihood: likelihood,
      keepsDependentColumns: prior.isProper, boundsIntercepts: informationPenalty == .jeffreys,
      options: options)
    let objective = problem.objective(prior)
    switch informationPenalty {
    case .none:
      let search = Multistart(options: options)
      let found = search.run(objective, from: problem.start, observing: observer)
      return problem.fit(
        found.best, optima: found.optima, of: objective, observing: observer)
    case .jeffreys:
      return try problem.fitUnderJeffreys(objective, from: problem.start, observing: observer)
    }
  }
}

extension AffineProblem {
  /// The fit under Jeffreys' penalty, by Fisher scoring.
  fileprivate func fitUnderJeffreys<P: Prior>(
    _ objective: AffineObjective<L, P>, from start: [Double],
    observing observer: Observer?
  ) throws(DatasetError) -> Fit<LinearPredictor, L, P> {
    let likelihood = objective.likelihood
    guard likelihood.equalsMinusCrossEntropy, !likelihood.isQuasiLikelihood(of: data.responses)
    else {
      throw .label(
        .kind(
          likelihood: "\(likelihood.name), Jeffreys prior,", found: data.labels.kind,
          expected: [.classes, .counts]))
    }
    var posterior = JeffreysPosterior(plain: objective)
    var stopping = options.stopping
    let isSmall = objective.dimension <= JeffreysPosterior<L, P>.differenceLimit
    // Fisher scoring comes near soon and close slowly.
    if isSmall { stopping.tolerance = max(stopping.tolerance, 1e-5) }
    var solution = NewtonCholesky(stopping: stopping).minimize(
      posterior, from: start, observing: observer)
    var solvers = ["fisher-scoring"]
    if isSmall, solution.isConverged, options.stopping.maximumIterations > solution.iterations {
      stopping = options.stopping
      stopping.maximumIterations -= solution.iterations
      posterior.knowsOwnCurvature = true
      let first = solution
      solution = NewtonCholesky(stopping: stopping).minimize(
        posterior, from: first.point, observing: observer)
      solution.add(workOf: first)
      solvers.append("newton")
    }
    // The determinant on the user's scale: that of standardised columns has the scales in it.
    let shift = data.columns.kept.reduce(0.0) {
      $0 - Double(data.labels.classCount - 1) * Double.log(data.standardization.scales[$1])
    }
    let penalty = posterior.penalty(at: solution.point)
    solution.value += shift / objective.totalWeight
    return fit(
      AffineMinimization.Run(solution: solution, solvers: solvers), optima: [],
      informationPenalty: penalty + shift, of: objective, observing: observer)
  }
}
