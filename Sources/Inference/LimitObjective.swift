import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The objective to which that of separated data tends along the separating direction.
///
/// Classes that fall behind in a row leave it: their logit is -infinity. What remains has a finite
/// maximum in every direction that still matters, and the fit has come as near to it as its gradient
/// says. Reference: Geyer, doi:10.1214/08-EJS349.
struct LimitObjective<L: Likelihood, P: Prior> {
  let objective: AffineObjective<L, P>

  /// Throws `Unavailable` where it is not certain what is infinite, or the finite part was not
  /// reached.
  init(_ separation: Separation, of fit: Fit<AffineLogits, L, P>) throws(Unavailable) {
    guard separation.isExhaustive else {
      throw Unavailable(
        reason: "the data are separated, and it is not proven which coefficients are finite")
    }
    guard fit.likelihood.equalsMinusCrossEntropy || fit.likelihood.followsSupport,
      fit.solution.gradientNorm <= fit.options.stopping.tolerance
    else {
      throw Unavailable(
        reason: "the data are separated, and the finite part of the fit did not converge")
    }
    let whole = fit.objective
    var offsets =
      whole.offsets
      ?? BlockedMatrix(rowCount: whole.features.rowCount, columnCount: whole.model.classCount)
    for row in 0..<whole.features.rowCount {
      for index in Self.classesLeftBehind(
        in: whole.features.row(row), separation, hasIntercept: whole.model.hasIntercept)
      {
        offsets[row, index] = -.infinity
      }
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
