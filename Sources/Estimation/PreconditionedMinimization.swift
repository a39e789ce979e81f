import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// L-BFGS for data too large for Newton's method, in few passes.
///
/// The curvature of a sample is nearly the curvature of all rows. So a sample of some 20 rows a
/// parameter is fitted first, which costs little; its curvature, written out where there are at
/// most a few thousand parameters and as a Kronecker product otherwise, then makes the problem of
/// all rows round. Where that hurts (nearly separable labels: the curvature changes on the way) the
/// preconditioner is made anew at the point reached, or given up.
struct PreconditionedMinimization {
  /// Rows of the sample for each parameter.
  private static let sampleRowsPerParameter = 20
  /// How many times smaller than the data a sample must be to be worth its while.
  private static let worthwhileRatio = 4
  /// Rows of the Gram matrix for each feature.
  private static let gramRowsPerFeature = 10
  /// Steps after which a preconditioner is made anew.
  private static let patience = 40

  let stopping: StoppingRule

  func run<L: Likelihood, P: Prior>(
    _ objective: NegativeLogPosterior<AffineLogits, L, P>, from start: [Double],
    observing observer: Observer?
  ) -> AffineMinimization.Run {
    var work = 0.0
    let kronecker = kroneckerPreconditioner(of: objective, at: start, &work)
    guard let sample = sample(of: objective) else {
      let run = descend(on: objective, from: start, kronecker, observing: observer)
      return AffineMinimization.Run(
        solution: run, solvers: [kronecker == nil ? "lbfgs" : "lbfgs (kronecker)"],
        setUpPasses: work)
    }
    var coarse = StoppingRule(tolerance: max(stopping.tolerance, 1e-4), maximumIterations: 200)
    coarse.maximumIterations = min(coarse.maximumIterations, stopping.maximumIterations)
    let warm = LBFGS(stopping: coarse).minimize(sample, from: start, preconditioner: kronecker)
    let share = sample.totalWeight / objective.totalWeight
    work += Double(warm.evaluations) * share
    let exact = exactPreconditioner(of: sample, at: warm.point, &work, share)
    let begin = warm.termination == .notFinite ? start : warm.point
    var solution = descend(on: objective, from: begin, exact ?? kronecker, observing: observer) {
      exactPreconditioner(of: sample, at: $0, &work, share)
    }
    solution.curvatureEvaluations += exact == nil ? 0 : 1
    let name =
      exact == nil ? "lbfgs (sample start, kronecker)" : "lbfgs (sample start, sample curvature)"
    return AffineMinimization.Run(solution: solution, solvers: [name], setUpPasses: work)
  }

  /// Runs until the rule is met, with a new preconditioner, or none, whenever patience ends.
  private func descend<L: Likelihood, P: Prior>(
    on objective: NegativeLogPosterior<AffineLogits, L, P>, from start: [Double],
    _ first: (any Preconditioner)?, observing observer: Observer?,
    renewing renew: ([Double]) -> (any Preconditioner)? = { _ in nil }
  ) -> Solution {
    var preconditioner = first
    var rule = stopping
    rule.maximumIterations = min(Self.patience, stopping.maximumIterations)
    var solution = LBFGS(stopping: rule).minimize(
      objective, from: start, preconditioner: preconditioner, observing: observer)
    while solution.termination == .iterationLimit || solution.termination == .noProgress,
      preconditioner != nil, solution.iterations < stopping.maximumIterations
    {
      preconditioner = solution.termination == .noProgress ? nil : renew(solution.point)
      rule.maximumIterations = stopping.maximumIterations - solution.iterations
      if preconditioner != nil {
        rule.maximumIterations = min(Self.patience, rule.maximumIterations)
      }
      var next = LBFGS(stopping: rule).minimize(
        objective, from: solution.point, preconditioner: preconditioner, observing: observer)
      next.add(workOf: solution)
      solution = next
    }
    return solution
  }

  private func sample<L: Likelihood, P: Prior>(
    of objective: NegativeLogPosterior<AffineLogits, L, P>
  ) -> NegativeLogPosterior<AffineLogits, L, P>? {
    let rows = Self.sampleRowsPerParameter * objective.dimension
    let step = objective.features.rowCount / max(rows, 1)
    guard step >= Self.worthwhileRatio, objective.features.blockCount >= 2 * step else {
      return nil
    }
    return objective.sampled(every: step)
  }

  private func kroneckerPreconditioner<L: Likelihood, P: Prior>(
    of objective: NegativeLogPosterior<AffineLogits, L, P>, at start: [Double],
    _ work: inout Double
  ) -> KroneckerPreconditioner? {
    let model = objective.model
    guard model.featureCount > 0, model.featureCount <= 4000 else { return nil }
    let logits =
      model.hasIntercept
      ? Array(start[model.intercepts]) : [Double](repeating: 0, count: model.classCount)
    let rows = max(Self.gramRowsPerFeature * model.featureCount, 2000)
    let sample = objective.sampled(every: max(1, objective.features.rowCount / rows))
    let share = sample.totalWeight / objective.totalWeight
    work += share * Double(model.featureCount) / Double(4 * model.classCount)
    return sample.kroneckerPreconditioner(shares: Softmax.probabilities(logits))
  }

  private func exactPreconditioner<L: Likelihood, P: Prior>(
    of sample: NegativeLogPosterior<AffineLogits, L, P>, at point: [Double],
    _ work: inout Double, _ share: Double
  ) -> ExactPreconditioner? {
    guard sample.dimension <= AffineMinimization.largestMatrix,
      sample.unitCount <= AffineMinimization.mostUnits
    else { return nil }
    work += share * Double(sample.dimension) / 8
    return ExactPreconditioner(sample.curvature(at: point))
  }
}
