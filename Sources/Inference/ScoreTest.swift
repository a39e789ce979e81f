import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The score test of a fit in a larger model.
///
/// At the smaller optimum the likelihood of the larger model has the score g. With the information I
/// there, the meat M (I itself where the likelihood is right) and R a basis of the directions that
/// the smaller model does not have, the statistic is `(R I⁻¹ g)' (R I⁻¹ M I⁻¹ R')⁻¹ (R I⁻¹ g)`.
struct ScoreTest<L: Likelihood> {
  private let smaller: Fit<AffineLogits, L, FlatPrior>
  private let larger: Fit<AffineLogits, L, FlatPrior>
  private let nesting: Nesting
  private let meat: Meat
  private let isRobust: Bool

  init(
    of smaller: Fit<AffineLogits, L, FlatPrior>, in larger: Fit<AffineLogits, L, FlatPrior>,
    _ choice: StandardErrorChoice
  ) throws(Unavailable) {
    guard smaller.informationPenalty == .none, larger.informationPenalty == .none else {
      throw Unavailable(reason: "a fit with a penalty does not maximise the likelihood")
    }
    guard smaller.status.isConverged else {
      throw Unavailable(reason: "the smaller fit did not reach a maximum")
    }
    let own = Array(smaller.solution.point[smaller.objective.model.parameterCount...])
    guard smaller.likelihood.boundary(of: own) == nil else {
      throw Unavailable(reason: "a parameter of the likelihood is at the end of its range")
    }
    guard case .errors(let kind, _) = ErrorPlan(choice, for: larger) else {
      throw Unavailable(reason: "standard errors were not asked for")
    }
    isRobust = kind.isRobust
    meat = try Meat(kind, choice, of: larger)
    try meat.require(rank: larger.rank, isPenalized: false)
    nesting = try Nesting(of: smaller.objective, in: larger.objective)
    self.smaller = smaller
    self.larger = larger
  }

  func result() throws(Unavailable) -> ModelComparison.Test {
    let objective = larger.objective
    let point = nesting.embed(
      smaller.solution.point, of: smaller.objective.model, in: objective.model)
    var gradient: [Double] = []
    _ = objective.evaluate(at: point, gradient: &gradient)
    gradient.scale(by: -objective.totalWeight)
    let free = objective.freePositions(reference: 0)
    let usesExpected = !isRobust && larger.likelihood.definesExpectedInformation
    let information = objective.information(usesExpected ? .expected : .observed, at: point)
    let bread = try Bread(information.restricted(to: free), isLimit: false)
    let solutions = directions(free).map(bread.solve)
    let score = free.map { gradient[$0] }
    let values = solutions.map { $0.dot(score) }
    let middle =
      meat.matrix(objective, at: point).map { $0.restricted(to: free) }
      ?? information.restricted(to: free)
    var covariance = SymmetricMatrix(dimension: values.count)
    for (row, solution) in solutions.enumerated() {
      let product = middle.multiply(solution)
      for column in 0...row { covariance[row, column] = product.dot(solutions[column]) }
    }
    guard !values.isEmpty else {
      throw Unavailable(reason: "the second model has no more coefficients")
    }
    if let units = meat.unitCount, Double(2 * values.count) >= units {
      throw Unavailable(
        reason: "the robust covariance of \(values.count) scores stands on fewer than two units a "
          + "score")
    }
    guard let factor = Cholesky(covariance, tolerance: 1e-10) else {
      throw Unavailable(reason: "the covariance of the scores is singular")
    }
    return ModelComparison.Test(
      .score, isRobust: isRobust, statistic: values.dot(factor.solve(values)),
      degreesOfFreedom: values.count)
  }

  /// R: each missing direction in each class but the reference, among the free coordinates.
  private func directions(_ free: [Int]) -> [[Contrast.Term]] {
    let model = larger.objective.model
    var places = [Int?](repeating: nil, count: larger.objective.dimension)
    for (place, position) in free.enumerated() { places[position] = place }
    return (1..<model.classCount).flatMap { unit in
      nesting.complement.map { vector in
        vector.enumerated().compactMap { column, factor -> Contrast.Term? in
          let position =
            column < model.featureCount
            ? model.weight(class: unit, feature: column) : model.intercepts.lowerBound + unit
          guard factor != 0, let place = places[position] else { return nil }
          return Contrast.Term(place: place, factor: factor)
        }
      }
    }
  }
}
