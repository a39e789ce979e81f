import SurprisalEstimation

extension FitRecord {
  /// What follows from an estimate and its standard error in the normal approximation.
  public struct WaldStatistic: Sendable, Equatable {
    /// Estimate over standard error; nil for a posterior.
    public let z: Double?
    /// The probability of a larger |z| if the coefficient were zero; nil for a posterior.
    public let pValue: Double?
    /// The 95 % interval.
    public let interval: ClosedRange<Double>
  }

  /// z, p and the 95 % interval of a coefficient; nil where it has no standard error.
  ///
  /// A posterior has an interval, and neither z nor p: these are about a true value of zero.
  public func wald(_ coefficient: Coefficient) -> WaldStatistic? {
    guard let estimate = coefficient.estimate, let error = coefficient.standardError else {
      return nil
    }
    let half = StandardNormal.quantile975 * error
    let (low, high) = (estimate - half, estimate + half)
    guard low.isFinite, high.isFinite, low <= high else { return nil }
    let isPosterior = uncertainty.kind == .laplace
    let z = error > 0 && !isPosterior ? estimate / error : nil
    return WaldStatistic(z: z, pValue: z.map(StandardNormal.twoSidedTail), interval: low...high)
  }

  /// The coefficients that have a standard error: the rows of `uncertainty.covariance`.
  public var coefficientsWithError: [Coefficient] {
    coefficients.filter { $0.standardError != nil }
  }

  /// The most coefficients whose covariance a model file keeps: 200, which is 20 100 numbers.
  public static let keptCovarianceLimit = 200

  /// The record as a model file keeps it: without a covariance that is too large.
  public var forKeeping: FitRecord {
    var result = self
    if coefficientsWithError.count > Self.keptCovarianceLimit {
      result.uncertainty.covariance = nil
    }
    return result
  }
}
