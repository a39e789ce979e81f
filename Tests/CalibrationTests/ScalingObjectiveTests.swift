import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability
import TestSupport
import Testing

@testable import SurprisalCalibration
@testable import SurprisalEstimation

/// Scalings under the objective of every fit: gradients and curvature by finite differences.
@Suite struct ScalingObjectiveTests {
  static let kinds: [LabelKind] = LabelKind.allCases

  @Test(arguments: ClasswiseScalingCase.all, kinds)
  func derivatives(_ item: ClasswiseScalingCase, _ kind: LabelKind) throws {
    switch kind {
    case .classes, .probabilities: try check(item, kind, Categorical())
    case .counts: try check(item, kind, Multinomial())
    case .candidates: try check(item, kind, CandidateSet())
    case .evidence: try check(item, kind, Evidence())
    }
  }

  private func check<L: Likelihood>(
    _ item: ClasswiseScalingCase, _ kind: LabelKind, _ likelihood: L
  ) throws {
    switch item {
    case .temperature: try check(TemperatureScaling(classCount: 3), kind, likelihood)
    case .vector: try check(VectorScaling(classCount: 3), kind, likelihood)
    }
  }

  private func check<M: ClasswiseScaling, L: Likelihood>(
    _ model: M, _ kind: LabelKind, _ likelihood: L
  ) throws {
    let data = try RandomData(
      rows: 203, columns: 3, classes: 3, kind: kind, hasWeights: true, seed: 11
    ).dataset().droppingZeroWeights()
    let fit = try ScalingFit(
      model, to: data, likelihood: likelihood, prior: GaussianPrior(.lambda(0.03)),
      options: FitOptions())
    #expect(fit.solution.isConverged)
    var numbers = TestNumbers(seed: 2)
    let size = fit.objective.dimension
    let point = numbers.uniform(size, in: -0.5...0.5)
    let direction = numbers.uniform(size, in: -1...1)
    func moved(_ step: Double) -> [Double] { zip(point, direction).map { $0 + step * $1 } }
    var gradient: [Double] = []
    _ = fit.objective.evaluate(at: point, gradient: &gradient)
    let slope = FiniteDifferences.derivative { (step: Double) -> Double in
      var gradient: [Double] = []
      return fit.objective.evaluate(at: moved(step), gradient: &gradient)
    }
    #expect(relativeDistance(gradient.dot(direction), slope) < 1e-9)
    let bend = FiniteDifferences.derivative { (step: Double) -> [Double] in
      var gradient: [Double] = []
      _ = fit.objective.evaluate(at: moved(step), gradient: &gradient)
      return gradient.map { $0 * fit.objective.totalWeight }
    }
    let curvature = try #require(fit.objective.observedCurvature(at: point))
    #expect(vectorDistance(curvature.multiply(direction), bend) < 1e-8)
  }

  /// The sum of the outer products of row scores, computed row by row.
  @Test(arguments: kinds) func rowScores(_ kind: LabelKind) throws {
    guard kind == .classes || kind == .probabilities else { return }
    let data = try RandomData(
      rows: 30, columns: 3, classes: 3, kind: kind, hasWeights: true, seed: 5
    ).dataset().droppingZeroWeights()
    let model = VectorScaling(classCount: 3)
    func objective(_ data: Dataset) throws -> NegativeLogPosterior<
      VectorScaling, Categorical, FlatPrior
    > {
      try ScalingFit(
        model, to: data, likelihood: Categorical(), prior: FlatPrior(), options: FitOptions()
      ).objective
    }
    let point = [0.1, -0.2, 0.3, 0.5, -0.4, 0.2]
    var expected = SymmetricMatrix(dimension: 6)
    for row in 0..<data.rowCount {
      let single = try objective(data.selecting(rows: [row]))
      var gradient: [Double] = []
      _ = single.evaluate(at: point, gradient: &gradient)
      gradient.scale(by: single.totalWeight)
      for row in 0..<6 {
        for column in 0...row { expected[row, column] += gradient[row] * gradient[column] }
      }
    }
    let found = try objective(data).rowScoreProducts(at: point)
    #expect(vectorDistance(found.elements, expected.elements) < 1e-12)
  }
}

/// The scalings, by name.
enum ClasswiseScalingCase: CaseIterable {
  case temperature
  case vector

  static let all = allCases
}
