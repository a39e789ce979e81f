import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// Softmax regressions along a path of Gaussian priors, each fit started from the previous
/// solution.
///
/// The features are standardised once, by the training rows only. Certificates, criteria and the
/// search for separation are omitted because a held-out loss does not need them.
public struct SoftmaxPath<L: Likelihood>: PathEstimator {
  /// The kind of model.
  public var family: SoftmaxRegression
  /// The likelihood of the labels.
  public var likelihood: L
  /// The options of each fit; threads are provided by the caller.
  public var options: FitOptions

  /// Creates softmax regressions under a likelihood.
  public init(
    _ family: SoftmaxRegression = SoftmaxRegression(), likelihood: L,
    options: FitOptions = FitOptions()
  ) {
    self.family = family
    self.likelihood = likelihood
    self.options = options
    self.options.threads = .one
  }

  public func check(_ data: Dataset) throws(DatasetError) {
    try data.requireResponses(to: likelihood)
  }

  public func path(
    _ strengths: [Double], on data: consuming Dataset, groups: [Int]?,
    continuing: @escaping @Sendable () -> Bool,
    finishing: @Sendable () -> Void
  ) throws(DatasetError) -> [PathPoint<ModelClassifier<LinearPredictor>>] {
    let penalized = strengths.filter { $0 > 0 }.map { GaussianPrior(.lambda($0)) }
    let flat = strengths.filter { $0 == 0 }.map { _ in FlatPrior() }
    if flat.isEmpty { return try points(penalized, consume data, continuing, finishing) }
    let first = try points(penalized, copy data, continuing, finishing)
    return try first + points(flat, consume data, continuing, finishing)
  }

  /// The fits under priors of one type, which share the prepared data.
  private func points<P: Prior>(
    _ priors: [P], _ data: consuming Dataset, _ continuing: @escaping @Sendable () -> Bool,
    _ finishing: () -> Void
  ) throws(DatasetError) -> [PathPoint<ModelClassifier<LinearPredictor>>] {
    guard let first = priors.first else { return [] }
    let problem = try AffineProblem(
      consume data, hasIntercept: family.hasIntercept, likelihood: likelihood,
      keepsDependentColumns: first.isProper, options: options)
    let search = Multistart(options: suited(to: problem))
    var start = problem.start
    return priors.map { prior in
      let solution = search.run(
        problem.objective(prior), from: start, observing: { _ in continuing() }
      ).best.solution
      if solution.point.isFinite { start = solution.point }
      finishing()
      return PathPoint(
        classifier: problem.classifier(at: solution.point),
        isConverged: solution.isConverged)
    }
  }

  /// The options for warm starts. From a warm start conjugate gradients need few products, while a
  /// curvature matrix always costs the same, so it is formed only for few parameters. If the matrix
  /// is too large anyway, the choice is unchanged.
  private func suited(to problem: AffineProblem<L>) -> FitOptions {
    var result = options
    let size = problem.model.parameterCount
    let flops = Double(problem.data.labels.rowCount) * Double(size) * Double(size)
    if options.solver == .automatic, size > Self.mostFactorized,
      flops <= AffineMinimization.affordableFlops
    {
      result.solver = .newtonCG
    }
    return result
  }

  /// The largest number of parameters for which a curvature matrix is formed at every step.
  private static var mostFactorized: Int { 200 }
}
