import SurprisalDatasets
import SurprisalEstimation
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

/// The bound of a fit with a Gaussian prior on its distance from the optimum.
@Suite struct OptimalityGapTests {
  /// Loose tolerances on 24 problems, with the penalty on raw and on standardised coefficients.
  @Test(arguments: 1...24, [true, false])
  func theBoundHolds(_ seed: Int, isStandardized: Bool) throws {
    let lambda = [1e-1, 1e-3, 1e-5][seed % 3]
    let data = try Self.data(seed: seed)
    let best = try Self.fit(data, lambda, 1e-10, .newton, isStandardized).statistics.objective
    for tolerance in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6] {
      for solver in [SolverChoice.lbfgs, .newton, .newtonCG] {
        let statistics = try Self.fit(data, lambda, tolerance, solver, isStandardized).statistics
        let gap = statistics.objective - best
        let bound = try #require(statistics.gapBound)
        // The rounding error of a sum of sixty rows is 1e-15 of the value.
        #expect(gap <= bound + 2e-15 * best, "\(solver) \(tolerance): \(gap) > \(bound)")
        #expect(gap >= -2e-15 * best)
      }
    }
  }

  @Test func theBoundIsNotIdle() throws {
    let loose = try Self.fit(Self.data(seed: 3), 1e-1, 1e-2, .newton, false).statistics
    let tight = try Self.fit(Self.data(seed: 3), 1e-1, 1e-10, .newton, false).statistics
    #expect(try #require(loose.gapBound) < 1e-1)
    #expect(try #require(tight.gapBound) < 1e-18)
  }

  /// A flat prior gives no bound; the decrement gives an estimate.
  @Test func aFlatPriorHasAnEstimateOnly() throws {
    let statistics = try plainFit(Self.data(seed: 1)).statistics
    #expect(statistics.gapBound == nil)
    let estimate = try #require(statistics.gapEstimate)
    #expect(estimate >= 0 && estimate < 1e-14)
  }

  @Test func aFitThatWasStoppedHasNoBound() throws {
    let fit = try penalizedFit(
      Self.data(seed: 2), options: FitOptions(stopping: StoppingRule(maximumIterations: 1)))
    #expect(fit.status.name == "iteration_limit")
    #expect(!fit.status.isConverged)
    #expect(fit.statistics.gapBound == nil)
    #expect(
      fit.record().warnings.contains {
        if case .notConverged = $0 { true } else { false }
      })
  }

  @Test func anObserverSeesTheFitAndCanEndIt() throws {
    let estimator = MaximumLikelihood(
      SoftmaxRegression(), likelihood: Categorical(), prior: .ridge(1e-3))
    let fit = try estimator.fit(Self.data(seed: 2)) { $0.iteration < 2 }
    #expect(fit.status.name == "interrupted")
    #expect(fit.solution.iterations == 2)
  }

  static func data(seed: Int) throws -> Dataset {
    let kinds = [LabelKind.classes, .probabilities, .counts]
    let data = try RandomData(
      rows: 60, columns: 4, classes: 3, kind: kinds[seed % 3], hasWeights: true,
      hasOffsets: seed % 2 == 0, seed: UInt64(seed)
    ).dataset()
    // With units far apart a bound in the wrong coordinates fails.
    let factors = [1, 30, 0.02, 5]
    return try data.replacing(
      features: Features(data.featureRows.map { row in zip(row, factors).map { $0 * $1 + 2 } }))
  }

  private static func fit(
    _ data: Dataset, _ lambda: Double, _ tolerance: Double, _ solver: SolverChoice,
    _ isStandardized: Bool
  ) throws -> PenalizedFit {
    try penalizedFit(
      data, lambda: lambda,
      options: FitOptions(
        solver: solver, stopping: StoppingRule(tolerance: tolerance),
        penalizesStandardized: isStandardized))
  }
}
