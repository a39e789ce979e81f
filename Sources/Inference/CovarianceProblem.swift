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
  let fit: Fit<AffineLogits, L, P>
  let reference: Int
  /// In separated data the objective without the classes that have fallen behind for good.
  let objective: NegativeLogPosterior<AffineLogits, L, P>
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
    _ fit: Fit<AffineLogits, L, P>, reference: Int, isAutomatic: Bool
  ) throws(Unavailable) {
    self.fit = fit
    self.reference = reference
    let size = fit.objective.dimension
    try Self.requireSize(size, rows: fit.objective.features.rowCount, isAutomatic)
    unit = Self.unit(of: fit.objective.totalWeight)
    objective = try Self.objective(of: fit).replacing(scalingWeightsBy: unit)
    point = fit.solution.point
    standardization = fit.classifier.standardization.selecting(fit.kept)
    let own = Array(point[fit.objective.model.parameterCount...])
    let isHeld = fit.likelihood.boundary(of: own) != nil
    if isHeld, own.count > 1 {
      throw Unavailable(
        reason: "a parameter of the likelihood is at its boundary, where no normal approximation "
          + "holds")
    }
    free = objective.freePositions(reference: reference, holdingOwn: isHeld)
  }

  private static func objective(
    of fit: Fit<AffineLogits, L, P>
  ) throws(Unavailable) -> NegativeLogPosterior<AffineLogits, L, P> {
    switch fit.status {
    case .converged: fit.objective
    case .separated(let separation): try LimitObjective(separation, of: fit).objective
    case .notConverged, .trained: throw Unavailable(reason: "the fit did not converge")
    }
  }

  /// A power of two near 1 / W where squares of weights could leave the range of doubles, else 1.
  private static func unit(of totalWeight: Double) -> Double {
    guard totalWeight.isNormal, totalWeight.exponent.magnitude > 200 else { return 1 }
    return Double(sign: .plus, exponent: -totalWeight.exponent, significand: 1)
  }

  private static func requireSize(
    _ size: Int, rows: Int, _ isAutomatic: Bool
  ) throws(Unavailable) {
    let bytes = 4 * 8 * Double(size) * Double(size)
    guard bytes <= memoryLimit else {
      throw Unavailable(
        reason: "\(size) parameters need matrices of \(Int((bytes / 1e9).rounded())) GB together")
    }
    let flops = Double(rows) * Double(size) * Double(size)
    guard !isAutomatic || (size <= automaticLimit && flops <= automaticFlops) else {
      throw Unavailable(
        reason: "the matrix of \(size) parameters takes long; --std-errors information or "
          + "sandwich asks for it")
    }
  }

  /// What has a standard error, and the covariance.
  func covariance(meat: Meat) throws(Unavailable) -> Covariance {
    let problem: CovarianceProblem
    let bread: Bread
    do throws(Unavailable) {
      // Pivots of this size leave eight digits of the errors.
      bread = try Bread(information(), isLimit: isSeparated, tolerance: isSeparated ? 0 : 1e-8)
      problem = self
    } catch {
      problem = recentred() ?? self
      bread = try Bread(problem.information(), isLimit: isSeparated)
    }
    return try problem.covariance(meat, bread)
  }

  private func covariance(_ meat: Meat, _ bread: Bread) throws(Unavailable) -> Covariance {
    let contrasts = contrasts().filter { bread.determines($0.terms) }
    guard !contrasts.isEmpty else {
      throw Unavailable(
        reason: isSeparated
          ? "every coefficient is infinite or has no finite part" : "there are no coefficients")
    }
    let solutions = objective.threads.map(count: contrasts.count) {
      bread.solve(contrasts[$0].terms)
    }
    let middle = meat.matrix(objective, at: point).map { $0.restricted(to: free) }
    var matrix = Self.products(contrasts, solutions, middle, objective.threads)
    if middle == nil { matrix.elements.scale(by: unit) }
    for index in 0..<matrix.dimension {
      guard matrix[index, index] > 0, matrix[index, index].isFinite else {
        throw Unavailable(reason: Bread.singular)
      }
    }
    let trace = isSeparated ? nil : middle.map { bread.trace(with: $0, threads: objective.threads) }
    return Covariance(
      parameters: contrasts.map(\.parameter), matrix: matrix,
      effectiveParameterCount: trace.map { $0 / meat.correction / unit })
  }

  /// Parameters, their covariance, and tr(H⁻¹ J) where there is a J.
  struct Covariance {
    let parameters: [Uncertainty.Parameter]
    let matrix: SymmetricMatrix
    let effectiveParameterCount: Double?
  }

  private var isSeparated: Bool { if case .separated = fit.status { true } else { false } }

  /// H on the free coordinates.
  private func information() -> SymmetricMatrix {
    var result = objective.information(.observed, at: point)
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

  /// The same problem in coordinates that are standardised by the curvature of rows in place of their
  /// weights; nil where there is nothing to gain.
  ///
  /// A row with an outlier is fitted for certain and has no curvature. It stretches the standardised
  /// column all the same, until the other rows seem to have one value and the slope cannot be told
  /// from the intercept; these coordinates do not see it.
  private func recentred() -> CovarianceProblem? {
    guard objective.model.hasIntercept, objective.features.storageKind == .double else {
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
    let model = objective.model
    var point = problem.point
    for unit in 0..<model.classCount {
      for column in 0..<model.featureCount {
        let position = model.weight(class: unit, feature: column)
        point[model.intercepts.lowerBound + unit] += change.centers[column] * point[position]
        point[position] *= change.scales[column]
      }
    }
    self.point = point
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
