import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension MaximumLikelihood where Family == SoftmaxRegression {
  /// Fits the data.
  ///
  /// Rows of weight zero are dropped and features standardised; under a flat prior dependent
  /// columns get no weight. Then the objective is minimised and, under a flat prior, the existence
  /// of a maximum is decided. A fit that did not converge or has no maximum is a result: see
  /// `Fit.status`.
  ///
  /// The standardised features replace those of the data set, in place if the caller passes
  /// ownership of the data. Throws `DatasetError.label` for labels that the likelihood refuses, a
  /// class that never occurs unless Jeffreys' penalty bounds its intercept, and proportions under
  /// that penalty, which needs classes or votes; and `.range` for features whose scale exceeds the
  /// range of doubles.
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
    // Fisher scoring approaches the optimum quickly but converges only linearly.
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
    // Converts the determinant to the user's scale: that of standardised columns includes the
    // scales.
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
