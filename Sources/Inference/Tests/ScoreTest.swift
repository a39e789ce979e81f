import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The score test of a fit in a larger model.
///
/// At the smaller optimum the likelihood of the larger model has the score g. With the information
/// I there, the meat M (I itself if the likelihood is correct) and R a basis of the directions that
/// the smaller model lacks, the statistic is `(R I⁻¹ g)' (R I⁻¹ M I⁻¹ R')⁻¹ (R I⁻¹ g)`.
struct ScoreTest<L: Likelihood> {
  private let smaller: Fit<LinearPredictor, L, FlatPrior>
  private let larger: Fit<LinearPredictor, L, FlatPrior>
  private let nesting: Nesting
  private let meat: Meat
  private let isRobust: Bool
  /// The divisor of the statistic, and its degrees of freedom.
  private let dispersion: (value: Double, freedom: Double)?

  init(
    of smaller: Fit<LinearPredictor, L, FlatPrior>, in larger: Fit<LinearPredictor, L, FlatPrior>,
    _ choice: StandardErrorChoice
  ) throws(TestRefusal) {
    guard smaller.status.isConverged else {
      throw .notConverged
    }
    let own = Array(smaller.solution.point[smaller.objective.model.parameterCount...])
    guard smaller.likelihood.boundary(of: own) == nil else {
      throw .boundary
    }
    guard case .errors(let kind, _) = CovarianceTypeChoice(choice, for: larger) else {
      throw .covariance(.notRequested)
    }
    isRobust = kind.isRobust
    do throws(CovarianceReason) {
      meat = try Meat(kind, choice, of: larger)
      try meat.require(rank: larger.rank, isPenalized: false)
      dispersion = try kind == .quasi ? larger.dispersion() : nil
    } catch {
      throw .covariance(error)
    }
    nesting = try Nesting(of: smaller.objective, in: larger.objective)
    self.smaller = smaller
    self.larger = larger
  }

  func result() throws(TestRefusal) -> ModelComparison.Test {
    let objective = larger.objective
    let point = nesting.embed(
      smaller.solution.point, of: smaller.objective.model, in: objective.model)
    var gradient: [Double] = []
    _ = objective.evaluate(at: point, gradient: &gradient)
    gradient.scale(by: -objective.totalWeight)
    let free = objective.freePositions(reference: 0)
    let usesExpected = !isRobust && larger.likelihood.definesExpectedInformation
    let information = objective.information(usesExpected ? .expected : .observed, at: point)
    let bread: Bread
    do throws(CovarianceReason) {
      bread = try Bread(information.restricted(to: free), isLimit: false)
    } catch {
      throw .covariance(error)
    }
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
      throw .noFurtherCoefficients
    }
    if let units = meat.unitCount, Double(2 * values.count) >= units {
      throw .fewUnits(scores: values.count)
    }
    guard let factor = Cholesky(covariance, tolerance: 1e-10) else {
      throw .singularScores
    }
    return ModelComparison.Test(
      .score, isRobust: isRobust,
      statistic: values.dot(factor.solve(values)) / (dispersion?.value ?? 1),
      degreesOfFreedom: values.count, denominatorFreedom: dispersion?.freedom)
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

/// The columns of a smaller model as linear combinations of those of a larger one.
struct Nesting {
  /// One row per column of the smaller model, then one for its intercept if it has one; one entry
  /// per column of the larger model, then one for its intercept if it has one.
  private let rows: [[Double]]
  /// A basis of the vectors that are orthogonal to all rows: the directions that the smaller model
  /// lacks.
  let complement: [[Double]]

  /// Throws if a column is not a combination, or if there are too many features to check.
  init<L: Likelihood, P: Prior>(
    of smaller: AffineObjective<L, P>,
    in larger: AffineObjective<L, P>
  ) throws(TestRefusal) {
    guard let small = smaller.features.inFull, let large = larger.features.inFull else {
      throw .tooManyFeatures
    }
    let notNested = TestRefusal.noCombination
    guard small.rowCount == large.rowCount,
      larger.model.hasIntercept || !smaller.model.hasIntercept
    else { throw notNested }
    let hasIntercept = larger.model.hasIntercept
    let width = large.columnCount + (hasIntercept ? 1 : 0)
    let columns =
      (0..<large.columnCount).map { large.column($0) }
      + (0..<small.columnCount).map { small.column($0) }
    let dependencies = ColumnDependencies(
      of: BlockedMatrix(columns: columns, rowCount: large.rowCount),
      includesIntercept: hasIntercept, threads: larger.threads)
    var rows: [[Double]] = []
    for column in large.columnCount..<columns.count {
      guard let aliased = dependencies.aliased.first(where: { $0.column == column }) else {
        throw notNested
      }
      var row = [Double](repeating: 0, count: width)
      for term in aliased.combination { row[term.column] = term.coefficient }
      if hasIntercept { row[width - 1] = aliased.interceptCoefficient }
      rows.append(row)
    }
    if smaller.model.hasIntercept {
      rows.append((0..<width).map { $0 == width - 1 ? 1 : 0 })
    }
    self.rows = rows
    complement = Self.complement(of: rows, width: width)
  }

  /// The point of the larger model with the same logits; auxiliary parameters are unchanged.
  func embed(_ point: [Double], of smaller: LinearPredictor, in larger: LinearPredictor) -> [Double]
  {
    var result = [Double](repeating: 0, count: larger.parameterCount)
    for unit in 0..<larger.classCount {
      for (index, row) in rows.enumerated() {
        let value =
          index < smaller.featureCount
          ? point[smaller.weight(class: unit, feature: index)]
          : point[smaller.intercepts.lowerBound + unit]
        for (column, factor) in row.enumerated() {
          let position =
            column < larger.featureCount
            ? larger.weight(class: unit, feature: column) : larger.intercepts.lowerBound + unit
          result[position] += factor * value
        }
      }
    }
    return result + point[smaller.parameterCount...]
  }

  /// Computed by Gauss-Jordan elimination with the largest pivot of each row.
  private static func complement(of rows: [[Double]], width: Int) -> [[Double]] {
    var rows = rows
    var pivots: [Int] = []
    for index in rows.indices {
      let size = rows[index].infinityNorm
      guard size > 1e-9,
        let pivot = rows[index].firstIndex(where: { $0.magnitude == size })
      else { continue }
      rows[index].scale(by: 1 / rows[index][pivot])
      for other in rows.indices where other != index {
        let factor = rows[other][pivot]
        rows[other].add(-factor, times: rows[index])
        rows[other][pivot] = 0
      }
      rows[index][pivot] = 1
      pivots.append(pivot)
    }
    let used = rows.filter { $0.infinityNorm > 1e-9 }
    return (0..<width).filter { !pivots.contains($0) }.map { column in
      var vector = [Double](repeating: 0, count: width)
      vector[column] = 1
      for (row, pivot) in zip(used, pivots) { vector[pivot] = -row[column] }
      return vector
    }
  }
}
