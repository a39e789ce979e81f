import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// The estimated memory of a fit matches the solver that is used.
@Suite struct FitMemoryTests {
  private func memory(
    _ data: Dataset, _ solver: SolverChoice, isProper: Bool = true
  ) -> FitMemory {
    FitMemory(
      of: data, options: FitOptions(solver: solver), hasIntercept: true, isProper: isProper)
  }

  private func data(rows: Int, columns: Int, classes: Int) throws -> Dataset {
    try RandomData(rows: rows, columns: columns, classes: classes, kind: .probabilities).dataset()
  }

  @Test func matricesOfParametersCountWhereTheyAreMade() throws {
    let small = try data(rows: 300, columns: 9, classes: 3)
    let vectors = 30 * 32 * 8
    #expect(memory(small, .newton).matrices == 3 * 30 * 30 * 8 + vectors)
    #expect(memory(small, .newtonCG).matrices == 300 * 3 * 8 + vectors)
    #expect(memory(small, .newton).covariance == 3 * 30 * 30 * 8)
    // Above the largest matrix of Newton's method, conjugate gradients are used instead.
    let large = try data(rows: 40, columns: 119, classes: 101)
    #expect(memory(large, .newton) == memory(large, .newtonCG))
    #expect(memory(large, .newton).parameterCount == 12_120)
  }

  @Test func theExaminationOfColumnsCountsWithoutPrior() throws {
    let wide = try data(rows: 40, columns: 60, classes: 2)
    let (flat, proper) = (memory(wide, .newtonCG, isProper: false), memory(wide, .newtonCG))
    #expect(flat.matrices - proper.matrices == 2 * 40 * 60 * 8 - 40 * 2 * 8)
    #expect(flat.matricesOfLBFGS == memory(wide, .lbfgs).matrices)
  }

  @Test func parallelFitsHaveDataOfTheirOwn() throws {
    let data = try data(rows: 300, columns: 9, classes: 3)
    let one = memory(data, .newtonCG)
    let three = one.ofParallelFits(3)
    #expect(three.total(withCovariance: false) == 4 * one.data + 3 * (one.rows + one.matrices))
  }
}
