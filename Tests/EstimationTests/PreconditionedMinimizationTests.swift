import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalEstimation

/// The minimisation for large data reaches the optimum of Newton's method, on data small enough for
/// both.
@Suite struct PreconditionedMinimizationTests {
  /// Minimises from zero both ways; the optimum of the first is as low, and it used a sample.
  private func compare<L: Likelihood, P: Prior>(
    _ objective: AffineObjective<L, P>, isSampled: Bool, passes: Int
  ) {
    let start =
      [Double](repeating: 0, count: objective.model.parameterCount)
      + objective.likelihood.auxiliaryParameters(classCount: objective.model.classCount).map(
        \.start)
    let (run, expected) = minimize(objective, from: start, tolerance: 1e-8)
    #expect((run.solution.value - expected.value).magnitude < 1e-12)
    #expect(run.solvers[0].contains("sample") == isSampled)
    #expect(run.solution.evaluations <= passes)
    #expect(run.setUpPasses > 0)
  }

  /// The run with a preconditioner and Newton's method from the same point, both converged.
  private func minimize<L: Likelihood, P: Prior>(
    _ objective: AffineObjective<L, P>, from start: [Double]? = nil, tolerance: Double
  ) -> (run: AffineMinimization.Run, expected: Solution) {
    let start = start ?? [Double](repeating: 0, count: objective.dimension)
    let stopping = StoppingRule(tolerance: tolerance)
    let run = PreconditionedMinimization(stopping: stopping).run(
      objective, from: start, observing: nil)
    let expected = NewtonCholesky(stopping: stopping).minimize(objective, from: start)
    #expect(run.solution.isConverged && expected.isConverged)
    return (run, expected)
  }

  private func data(_ kind: LabelKind, rows: Int, weighted: Bool = true) throws -> Dataset {
    try RandomData(
      rows: rows, columns: 6, classes: 3, kind: kind, hasWeights: weighted, hasOffsets: weighted,
      seed: 5
    ).dataset()
  }

  @Test func aSampleLeadsToTheOptimum() throws {
    for kind in [LabelKind.probabilities, .classes] {
      let data = try data(kind, rows: 4000)
      let prior = GaussianPrior(.lambda(0.1))
      compare(
        try ObjectiveCase(data, Categorical(), prior, lambda: 0.1).objective, isSampled: true,
        passes: 20)
      compare(
        try ObjectiveCase(data, Categorical(), FlatPrior(), lambda: 0).objective, isSampled: true,
        passes: 20)
    }
  }

  @Test func ownParametersAreFittedToo() throws {
    let data = try data(.counts, rows: 4000)
    compare(
      try ObjectiveCase(data, DirichletMultinomial(), GaussianPrior(.lambda(0.1)), lambda: 0.1)
        .objective, isSampled: true, passes: 40)
  }

  /// The last class has only rows in a block that is not in the sample.
  @Test func aClassMayBeMissingFromTheSample() throws {
    let plain = try data(.classes, rows: 4000, weighted: false)
    guard case .classes(let labels) = plain.labels else { return }
    let block = BlockedMatrix.rows(ofBlock: 1, rowCount: plain.rowCount)
    let indices = (0..<plain.rowCount).map { row in
      block.contains(row) && row % 3 == 0 ? 2 : min(labels[row], 1)
    }
    let data = try Dataset(
      features: plain.features, labels: .classes(ClassIndices(indices, classCount: 3)))
    compare(
      try ObjectiveCase(data, Categorical(), GaussianPrior(.lambda(1e-2)), lambda: 1e-2).objective,
      isSampled: true, passes: 60)
  }

  /// More columns than fit in a matrix: the commonest have one, the others a diagonal.
  @Test func sparseColumnsBeyondTheMatrix() throws {
    var numbers = TestNumbers(seed: 8)
    var entries = CompressedRows()
    let columns = 1500
    let rows = 600
    for _ in 0..<rows {
      let chosen = Set(
        (0..<6).map { _ -> UInt32 in
          let uniform = numbers.uniform(1, in: 0...1)[0]
          return UInt32(uniform * uniform * uniform * Double(columns - 1))
        }
      ).sorted()
      entries.append(columns: chosen, values: numbers.uniform(chosen.count, in: 0.5...2))
    }
    let matrix = BlockedMatrix(entries, columnCount: columns)
    let labels = try ClassIndices((0..<rows).map { $0 * $0 % 7 % 3 }, classCount: 3)
    let names = (0..<columns).map { "f\($0)" }
    let data = try Dataset(
      features: Features(trusting: matrix, encoding: FeatureEncoding(numbers: names)),
      labels: .classes(labels))
    let objective = try ObjectiveCase(
      data, Categorical(), GaussianPrior(.lambda(1e-3)), lambda: 1e-3
    ).objective
    let start = [Double](repeating: 0, count: objective.dimension)
    let stopping = StoppingRule(tolerance: 1e-8)
    let run = PreconditionedMinimization(stopping: stopping).run(
      objective, from: start, observing: nil)
    let plain = LBFGS(stopping: stopping).minimize(objective, from: start)
    #expect(run.solution.isConverged && plain.isConverged)
    #expect((run.solution.value - plain.value).magnitude < 1e-12)
    #expect(run.solution.evaluations < plain.evaluations)
  }

  /// Nearly separable: the curvature at the start is misleading, that at the reached point is not.
  @Test func separableLabelsAreReached() throws {
    let data = try RandomData(rows: 60, columns: 12, classes: 3, kind: .classes, seed: 3).dataset()
    let objective = try ObjectiveCase(
      data, Categorical(), GaussianPrior(.lambda(1e-6)), lambda: 1e-6
    ).objective
    let (run, expected) = minimize(objective, tolerance: 1e-9)
    #expect((run.solution.value - expected.value).magnitude < 1e-9 * expected.value + 1e-12)
  }

  /// Correlated features and labels separated by hyperplanes: many steps are needed, and the first
  /// preconditioner reduces their number throughout. The optimum is that of Newton's method.
  @Test func separableLabelsTakeFewPasses() throws {
    let plain = try RandomData(rows: 150, columns: 60, classes: 4, kind: .classes, seed: 6)
      .dataset()
    let rows = (0..<plain.rowCount).map { index in
      var row = plain.features.matrix.row(index)
      for column in row.indices.dropFirst() {
        row[column] = 0.95 * row[column - 1] + 0.3 * row[column]
      }
      return row
    }
    let objective = try ObjectiveCase(
      Dataset(features: Features(rows), labels: plain.labels), Categorical(),
      GaussianPrior(.lambda(1e-6)), lambda: 1e-6
    ).objective
    let (run, expected) = minimize(objective, tolerance: 1e-9)
    #expect((run.solution.value - expected.value).magnitude < 1e-7 * expected.value)
    #expect(run.solvers == ["lbfgs (kronecker)"])
    #expect(run.solution.evaluations <= 180)
  }

  /// More classes than a matrix of pairs is formed for.
  @Test func manyClassesTakeFewPasses() throws {
    let data = try RandomData(
      rows: 600, columns: 8, classes: AffineMinimization.mostUnits + 16, kind: .probabilities,
      seed: 7
    ).dataset()
    let objective = try ObjectiveCase(
      data, Categorical(), GaussianPrior(.lambda(1e-4)), lambda: 1e-4
    ).objective
    let start = [Double](repeating: 0, count: objective.dimension)
    let run = PreconditionedMinimization(stopping: StoppingRule(tolerance: 1e-6)).run(
      objective, from: start, observing: nil)
    #expect(run.solution.isConverged)
    #expect(Double(run.solution.evaluations) + run.setUpPasses <= 40)
  }

  /// The curvature of intercepts of many classes, summed as a covariance, is that of the pairs.
  @Test func interceptsOfManyClasses() throws {
    let classes = AffineMinimization.mostUnits + 1
    let data = try RandomData(rows: 250, columns: 2, classes: classes, kind: .classes, seed: 4)
      .dataset()
    let objective = try ObjectiveCase(
      data, Categorical(), GaussianPrior(.lambda(0.1)), lambda: 0.1
    ).objective
    var numbers = TestNumbers(seed: 2)
    let point = numbers.uniform(objective.dimension, in: -1...1)
    let found = objective.interceptCurvature(at: point)
    let whole = objective.information(.solver, at: point)
    let intercepts = objective.model.intercepts
    let shift =
      intercepts.reduce(0) { $0 + whole[$1, $1] } / objective.totalWeight
      / Double(classes * classes)
    for row in 0..<classes {
      for column in 0...row {
        let expected =
          whole[intercepts.lowerBound + row, intercepts.lowerBound + column]
          / objective.totalWeight
        #expect((found[row, column] - expected - shift).magnitude < 1e-15)
      }
    }
  }
}
