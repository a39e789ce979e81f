import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// Sums over rows are added along a fixed tree: the thread that computes a leaf does not change a
/// bit.
@Suite struct ThreadTests {
  @Test(arguments: [2, 3, 7], [MatrixStorage.double, .sparse])
  func objectivesHaveTheSameBits(threads: Int, storage: MatrixStorage) throws {
    // Eleven blocks, the last one short.
    var data = try RandomData(
      rows: 2000, columns: 5, classes: 4, kind: .probabilities, hasWeights: true, hasOffsets: true
    ).dataset()
    data.features.matrix = data.features.matrix.stored(as: storage)
    let prior = GaussianPrior(.lambda(0.1))
    let one = try ObjectiveCase(data, Categorical(), prior, lambda: 0.1)
    let many = try ObjectiveCase(data, Categorical(), prior, lambda: 0.1, threads: threads)
    let (point, direction) = (one.point(seed: 1), one.point(seed: 2))
    #expect(one.evaluate(point).value == many.evaluate(point).value)
    #expect(one.evaluate(point).gradient == many.evaluate(point).gradient)
    let products = [one, many].map { $0.objective.linearize(at: point).multiply(direction) }
    #expect(products[0] == products[1])
    // Parts of the forward pass that are not stored are computed again, with the same result.
    let anew = many.objective.linearize(at: point, keepingStates: false).multiply(direction)
    #expect(anew == products[0])
    let matrices = [one, many].map { $0.objective.curvature(at: point).elements }
    #expect(matrices[0] == matrices[1])
    #expect(
      one.objective.rowLogLikelihoods(at: point) == many.objective.rowLogLikelihoods(at: point))
  }

  /// More parameters than Newton's method alone is used for.
  @Test(arguments: [MatrixStorage.double, .single, .sparse])
  func preconditionedFitsHaveTheSameBits(storage: MatrixStorage) throws {
    let data = try RandomData(
      rows: 700, columns: 36, classes: 8, kind: .probabilities, hasWeights: true
    ).dataset()
    let reducers: [any Reducer] = [.one, ThreadCount(3), ScatteredReducer(workers: 2, seed: 7)]
    let fits = try reducers.map { threads in
      var data = data
      data.features.matrix = data.features.matrix.stored(as: storage)
      return try MaximumLikelihood(
        SoftmaxRegression(), likelihood: Categorical(), prior: .ridge(1e-2),
        options: FitOptions(threads: threads)
      ).fit(data)
    }
    #expect(fits[0].solvers[0].contains("lbfgs"), "\(fits[0].solvers)")
    for fit in fits.dropFirst() {
      #expect(fits[0].classifier.parameters == fit.classifier.parameters)
      #expect(fits[0].statistics == fit.statistics)
    }
  }

  @Test(arguments: SolverChoice.allCases)
  func fitsHaveTheSameBits(_ solver: SolverChoice) throws {
    let data = try RandomData(
      rows: 500, columns: 3, classes: 3, kind: .counts, hasWeights: true
    ).dataset()
    let reducers =
      [1, 2, 3, 8].map { ThreadCount($0) as any Reducer } + [ScatteredReducer(workers: 3, seed: 4)]
    let fits = try reducers.map { threads in
      try MaximumLikelihood(
        SoftmaxRegression(), likelihood: Multinomial(), prior: .ridge(1e-3),
        options: FitOptions(solver: solver, threads: threads)
      ).fit(data)
    }
    for fit in fits.dropFirst() {
      #expect(fit.classifier.parameters == fits[0].classifier.parameters)
      #expect(fit.statistics == fits[0].statistics)
      #expect(fit.record() == fits[0].record())
    }
  }
}
