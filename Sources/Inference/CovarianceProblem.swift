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
  /// Positions in the parameter vector.
  let free: [Int]
  /// Own parameters that are not at their boundary.
  let ownIsFree: Bool

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
    switch fit.status {
    case .converged: objective = fit.objective
    case .separated(let separation):
      objective = try LimitObjective(separation, of: fit).objective
    case .notConverged, .trained:
      throw Unavailable(reason: "the fit did not converge")
    }
    let model = fit.objective.model
    let own = Array(fit.solution.point[model.parameterCount...])
    ownIsFree = fit.likelihood.boundary(of: own) == nil
    if !ownIsFree, own.count > 1 {
      throw Unavailable(
        reason: "a parameter of the likelihood is at its boundary, where no normal approximation "
          + "holds")
    }
    let proper = fit.prior.isProper
    free =
      (0..<model.parameterCount).filter { position in
        position < model.weights.upperBound
          ? proper || position / max(1, model.featureCount) != reference
          : position - model.weights.upperBound != reference
      } + (ownIsFree ? Array(model.parameterCount..<size) : [])
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
  func covariance(
    meat: Meat
  ) throws(Unavailable) -> ([Uncertainty.Parameter], SymmetricMatrix) {
    let point = fit.solution.point
    let bread = try Bread(information(at: point), isLimit: isSeparated)
    let contrasts = contrasts().filter { bread.determines($0.terms) }
    guard !contrasts.isEmpty else {
      throw Unavailable(
        reason: isSeparated
          ? "every coefficient is infinite or has no finite part" : "there are no coefficients")
    }
    let solutions = objective.threads.map(count: contrasts.count) {
      bread.solve(contrasts[$0].terms)
    }
    var middle: SymmetricMatrix?
    if let matrix = meat.matrix(objective, at: point) { middle = matrix.restricted(to: free) }
    let result = Self.products(contrasts, solutions, middle, objective.threads)
    for index in 0..<result.dimension {
      guard result[index, index] > 0, result[index, index].isFinite else {
        throw Unavailable(reason: Bread.singular)
      }
    }
    return (contrasts.map(\.parameter), result)
  }

  private var isSeparated: Bool { if case .separated = fit.status { true } else { false } }

  /// H on the free coordinates.
  private func information(at point: [Double]) -> SymmetricMatrix {
    var result = objective.information(.observed, at: point)
    let curvature = objective.penaltyCurvature(at: point)
    for index in objective.model.weights { result[index, index] += curvature[index] }
    return result.restricted(to: free)
  }

  /// `a' V b` for all pairs of contrasts, or `(V a)' M (V b)`.
  private static func products(
    _ contrasts: [Contrast], _ solutions: [[Double]], _ middle: SymmetricMatrix?,
    _ threads: ThreadCount
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

extension SymmetricMatrix {
  /// The rows and columns at `indices`, ascending.
  func restricted(to indices: [Int]) -> SymmetricMatrix {
    if indices.count == dimension { return self }
    var result = SymmetricMatrix(dimension: indices.count)
    for (row, index) in indices.enumerated() {
      for column in 0...row { result[row, column] = self[index, indices[column]] }
    }
    return result
  }
}
