import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The information of a fit on the free coordinates, and the transformation to contrasts on the
/// user's scale.
///
/// Under a flat prior the free coordinates are the coefficients of all classes but the reference,
/// which are the contrasts; a proper prior identifies the weights of all classes, and the
/// intercepts but one are free.
struct CovarianceProblem<L: Likelihood, P: Prior> {
  let fit: Fit<LinearPredictor, L, P>
  let reference: Int
  /// The objective; for separated data without the classes whose probabilities tend to zero.
  let objective: AffineObjective<L, P>
  /// The final point of the fit, in the coordinates of `objective`.
  let point: [Double]
  /// The map from the user's features to these coordinates, for the columns used.
  let standardization: Standardization
  /// Positions in the parameter vector.
  let free: [Int]
  /// The factor by which the weights of rows were multiplied, so that their squares are in the
  /// range of doubles.
  let unit: Double

  /// The most parameters for which standard errors are computed by default.
  static var automaticLimit: Int { 1500 }
  /// The most flops of one matrix that is computed by default.
  static var automaticFlops: Double { 5e10 }
  /// The most bytes of the matrices.
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

  /// A power of two near 1 / W if squares of weights could leave the range of doubles, otherwise 1.
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

  /// The parameters with a standard error, and their covariance; the `absorbed` columns, or the
  /// intercept in their place, have none.
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

  /// The sandwich variance of a column without variation is zero: its coefficient is 0 by the prior
  /// alone.
  func requireVariances(
    of matrix: SymmetricMatrix, isSandwich: Bool
  ) throws(CovarianceReason) {
    let isVoid = isSandwich && fit.prior.isProper
    for variance in matrix.diagonal {
      guard variance > 0 || isVoid && variance == 0, variance.isFinite else { throw .singular }
    }
  }

  /// Parameters, their covariance, and tr(H⁻¹ J) if there is a J.
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

  /// The same problem in coordinates that are standardised with the curvature of rows instead of
  /// their weights; nil if that gains nothing.
  ///
  /// A row with an outlier is fitted with certainty and has no curvature, but it stretches the
  /// standardised column until the other rows seem to have one value and the slope cannot be
  /// distinguished from the intercept. These coordinates ignore such a row.
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

/// The limit of the objective of separated data along the separating direction.
///
/// Classes whose logit decreases without bound in a row are removed from it: their logit is
/// -infinity. The remaining objective has a finite maximum in all other directions, and the fit is
/// as close to it as its gradient shows. Reference: Geyer, doi:10.1214/08-EJS349.
struct LimitingConditionalModel<L: Likelihood, P: Prior> {
  let objective: AffineObjective<L, P>

  /// Throws if it is uncertain which differences are infinite, or if the finite part did not
  /// converge.
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

  /// Ties hold to 1e-11 of the size of the terms; decreasing logits differ by at least 1e-8 of it.
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
