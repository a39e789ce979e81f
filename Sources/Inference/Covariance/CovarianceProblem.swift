import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The information of a fit on the coordinates that are free, and the way from these to contrasts
/// on the user's scale.
///
/// Free under a flat prior are the coefficients of all classes but the reference, which are the
/// contrasts; a prior identifies the weights of all classes, and the intercepts but one are free.
struct CovarianceProblem<L: Likelihood, P: Prior> {
  let fit: Fit<LinearPredictor, L, P>
  let reference: Int
  /// In separated data the objective without the classes that have fallen behind for good.
  let objective: AffineObjective<L, P>
  /// Where the fit stopped, in the coordinates of `objective`.
  let point: [Double]
  /// From the user's features to these coordinates, for the columns that take part.
  let standardization: Standardization
  /// Positions in the parameter vector.
  let free: [Int]
  /// What the weights of rows were multiplied by to stay in the range of squares of doubles.
  let unit: Double

  /// The most parameters for which errors are computed unasked.
  static var automaticLimit: Int { 1500 }
  /// The most flops one matrix may cost unasked.
  static var automaticFlops: Double { 5e10 }
  /// The most bytes the matrices may take.
  static var memoryLimit: Double { 3e9 }

  init(
    _ fit: Fit<LinearPredictor, L, P>, reference: Int, isAutomatic: Bool
  ) throws(CovarianceReason) {
    self.fit = fit
    self.reference = reference
    let size = fit.objective.dimension
    try Self.requireSize(size, rows: fit.objective.features.rowCount, isAutomatic)
    unit = Self.unit(of: fit.objective.totalWeight)
    if let votes = fit.votes, votes.coupling == nil {
      throw votes.isTooLarge ? .work(parameterCount: size) : .singular
    }
    objective = try Self.objective(of: fit).replacing(scalingWeightsBy: unit)
    point = fit.solution.point
    standardization = fit.classifier.standardization.selecting(fit.kept)
    let own = Array(point[fit.objective.model.parameterCount...])
    let isHeld = fit.likelihood.boundary(of: own) != nil
    if isHeld, own.count > 1 {
      throw .boundary
    }
    free = objective.freePositions(reference: reference, holdingAuxiliary: isHeld)
  }

  private static func objective(
    of fit: Fit<LinearPredictor, L, P>
  ) throws(CovarianceReason) -> AffineObjective<L, P> {
    switch fit.status {
    case .converged: fit.objective
    case .separated(let separation): try LimitingConditionalModel(separation, of: fit).objective
    case .notConverged, .trained: throw .notConverged
    }
  }

  /// A power of two near 1 / W where squares of weights could leave the range of doubles, else 1.
  private static func unit(of totalWeight: Double) -> Double {
    guard totalWeight.isNormal, totalWeight.exponent.magnitude > 200 else { return 1 }
    return Double(sign: .plus, exponent: -totalWeight.exponent, significand: 1)
  }

  private static func requireSize(
    _ size: Int, rows: Int, _ isAutomatic: Bool
  ) throws(CovarianceReason) {
    let bytes = 4 * 8 * Double(size) * Double(size)
    guard bytes <= memoryLimit else {
      throw .size(parameterCount: size, bytes: bytes)
    }
    let flops = Double(rows) * Double(size) * Double(size)
    guard !isAutomatic || (size <= automaticLimit && flops <= automaticFlops) else {
      throw .work(parameterCount: size)
    }
  }

  /// What has a standard error, and the covariance; `absorbed` columns and the intercept in their
  /// stead have none.
  func covariance(
    meat: Meat, leaving absorbed: Set<Int> = []
  ) throws(CovarianceReason) -> Covariance {
    if let precise = fit.preciseObjective {
      return try preciseCovariance(precise, meat, absorbed)
    }
    if let rounding = fit.rounding, !(rounding.standardErrors < 0.5) { throw .noDigits }
    let problem: CovarianceProblem
    let bread: Bread
    do throws(CovarianceReason) {
      // Pivots of this size leave eight digits of the errors.
      bread = try Bread(information(), isLimit: isSeparated, tolerance: isSeparated ? 0 : 1e-8)
      problem = self
    } catch {
      problem = recentred() ?? self
      bread = try Bread(problem.information(), isLimit: isSeparated)
    }
    return try problem.covariance(meat, bread, absorbed)
  }

  private func covariance(
    _ meat: Meat, _ bread: Bread, _ absorbed: Set<Int>
  ) throws(CovarianceReason) -> Covariance {
    let contrasts = contrasts(leaving: absorbed).filter { bread.determines($0.terms) }
    guard !contrasts.isEmpty else {
      throw isSeparated ? .noFiniteCoefficient : .noCoefficients
    }
    let solutions = objective.threads.map(count: contrasts.count) {
      bread.solve(contrasts[$0].terms)
    }
    let middle = meat.matrix(objective, at: point, fit.votes?.coupling).map {
      $0.restricted(to: free)
    }
    var matrix = Self.products(contrasts, solutions, middle, objective.threads)
    if middle == nil { matrix.elements.scale(by: unit) }
    try requireVariances(of: matrix, isSandwich: middle != nil)
    let trace = isSeparated ? nil : middle.map { bread.trace(with: $0, threads: objective.threads) }
    return Covariance(
      parameters: contrasts.map(\.parameter), matrix: matrix,
      effectiveParameterCount: trace.map { $0 / meat.correction / unit })
  }

  /// The sandwich of a column without variation is zero: a prior alone keeps its coefficient at 0.
  func requireVariances(
    of matrix: SymmetricMatrix, isSandwich: Bool
  ) throws(CovarianceReason) {
    let isVoid = isSandwich && fit.prior.isProper
    for variance in matrix.diagonal {
      guard variance > 0 || isVoid && variance == 0, variance.isFinite else { throw .singular }
    }
  }

  /// Parameters, their covariance, and tr(H⁻¹ J) where there is a J.
  struct Covariance {
    let parameters: [ParameterTable.Identity]
    var matrix: SymmetricMatrix
    let effectiveParameterCount: Double?
  }

  private var isSeparated: Bool { if case .separated = fit.status { true } else { false } }

  /// H on the free coordinates.
  private func information() -> SymmetricMatrix {
    var result = objective.information(.observed, at: point)
    if let coupling = fit.votes?.coupling {
      result.elements.add(-unit, times: coupling.correction.elements)
    }
    if fit.prior.isProper {
      let curvature = fit.objective.penaltyCurvature(at: fit.solution.point)
      for (place, index) in objective.model.weights.enumerated() {
        let scale = standardization.scales[place % max(1, objective.model.featureCount)]
        let first = fit.classifier.standardization.scales[
          fit.kept[place % max(1, objective.model.featureCount)]]
        let ratio = first / scale
        result[index, index] += curvature[place] * unit * ratio * ratio
      }
    }
    return result.restricted(to: free)
  }

  /// The same problem in coordinates that are standardised by the curvature of rows in place of
  /// their weights; nil where there is nothing to gain.
  ///
  /// A row with an outlier is fitted for certain and has no curvature. It stretches the
  /// standardised column all the same, until the other rows seem to have one value and the slope
  /// cannot be told from the intercept; these coordinates do not see it.
  private func recentred() -> CovarianceProblem? {
    guard objective.model.hasIntercept, objective.features.storageKind == .double,
      fit.votes == nil
    else {
      return nil
    }
    let curvatures = objective.rowCurvatures(at: point)
    guard curvatures.reduce(0, +) > 0 else { return nil }
    let change = Standardization(
      of: objective.features, weights: curvatures, centering: true, threads: objective.threads)
    return CovarianceProblem(self, changedBy: change)
  }

  private init(_ problem: CovarianceProblem, changedBy change: Standardization) {
    fit = problem.fit
    reference = problem.reference
    free = problem.free
    unit = problem.unit
    var features = problem.objective.features
    change.apply(to: &features)
    objective = problem.objective.replacing(features: features)
    point = AffineMap(objective.model, change).standardized(problem.point)
    let before = problem.standardization
    standardization = Standardization(
      centers: change.centers.indices.map {
        before.centers[$0] + before.scales[$0] * change.centers[$0]
      },
      scales: change.scales.indices.map { before.scales[$0] * change.scales[$0] })
  }

  /// `a' V b` for all pairs of contrasts, or `(V a)' M (V b)`.
  private static func products(
    _ contrasts: [Contrast], _ solutions: [[Double]], _ middle: SymmetricMatrix?,
    _ threads: any Reducer
  ) -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: contrasts.count)
    let rows = threads.map(count: contrasts.count) { row -> [Double] in
      guard let middle else {
        return (0...row).map { column in
          contrasts[column].terms.reduce(0) { $0 + $1.factor * solutions[row][$1.place] }
        }
      }
      let product = middle.multiply(solutions[row])
      return (0...row).map { product.dot(solutions[$0]) }
    }
    for (row, values) in rows.enumerated() {
      for (column, value) in values.enumerated() { result[row, column] = value }
    }
    return result
  }
}

/// The objective to which that of separated data tends along the separating direction.
///
/// Classes that fall behind in a row leave it: their logit is -infinity. What remains has a finite
/// maximum in every direction that still matters, and the fit has come as near to it as its
/// gradient says. Reference: Geyer, doi:10.1214/08-EJS349.
struct LimitingConditionalModel<L: Likelihood, P: Prior> {
  let objective: AffineObjective<L, P>

  /// Throws if it is not certain what is infinite, or the finite part was not
  /// reached.
  init(_ separation: Separation, of fit: Fit<LinearPredictor, L, P>) throws(CovarianceReason) {
    guard separation.isExhaustive else {
      throw .separationNotExhausted
    }
    guard fit.likelihood.equalsMinusCrossEntropy || fit.likelihood.followsSupport,
      fit.solution.gradientNorm <= fit.options.stopping.tolerance
    else {
      throw .separationNotConverged
    }
    let whole = fit.objective
    var offsets =
      whole.offsets
      ?? BlockedMatrix(rowCount: whole.features.rowCount, columnCount: whole.model.classCount)
    for row in 0..<whole.features.rowCount {
      let leftBehind =
        separation.classesLeftBehind(inRow: row)
        ?? Self.classesLeftBehind(
          in: whole.features.row(row), separation, hasIntercept: whole.model.hasIntercept)
      for index in leftBehind { offsets[row, index] = -.infinity }
    }
    objective = whole.replacing(offsets: offsets)
  }

  /// Ties hold to 1e-11 of the size of the terms; what falls behind does so by 1e-8 of it.
  private static func classesLeftBehind(
    in row: [Double], _ separation: Separation, hasIntercept: Bool
  ) -> [Int] {
    let (classes, columns) = (separation.classCount, separation.columnCount)
    var size = 0.0
    let values = (0..<classes).map { index -> Double in
      var sum = hasIntercept ? separation.direction[classes * columns + index] : 0
      var terms = sum.magnitude
      for (feature, value) in row.enumerated() {
        let term = separation.direction[index * columns + feature] * value
        sum += term
        terms += term.magnitude
      }
      size = max(size, terms)
      return sum
    }
    let top = values.reduce(-Double.infinity, max)
    return values.indices.filter { top - values[$0] > 3e-10 * size }
  }
}
