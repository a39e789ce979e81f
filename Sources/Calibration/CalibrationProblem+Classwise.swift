import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// Temperature and vector scaling.
extension CalibrationProblem {
  package typealias Parameter = CalibrationRecord.Parameter

  func temperature<L: Likelihood, P: Prior>(
    _ likelihood: L, _ prior: P
  ) throws(CalibrationError) -> Solution {
    let fit = try scaled(TemperatureScaling(classCount: data.classCount), likelihood, prior)
    let slope = 1 + fit.solution.point[0]
    guard slope > 0 else { throw .reversed(slope: slope) }
    let uncertainty = ScalingUncertainty(of: fit, to: data)
    var result = solution(.temperature(slope: slope), of: fit, uncertainty)
    result.parameters = Self.temperature(slope: slope, error: uncertainty.standardErrors?.first)
    return result
  }

  /// The temperature and its reciprocal. The interval is symmetric in the logarithm, so both are
  /// equivalent.
  private static func temperature(slope: Double, error: Double?) -> [Parameter] {
    let spread = error.map { Double.exp(StandardNormal.quantile975 * $0 / slope) }
    func interval(_ value: Double) -> ClosedRange<Double>? {
      spread.flatMap { $0.isFinite && value / $0 > 0 ? value / $0...value * $0 : nil }
    }
    return [
      Parameter(
        role: .temperature, estimate: 1 / slope, standardError: error.map { $0 / (slope * slope) },
        interval: interval(1 / slope)),
      Parameter(role: .slope, estimate: slope, standardError: error, interval: interval(slope)),
    ]
  }

  func vector<L: Likelihood, P: Prior>(
    _ likelihood: L, _ prior: P
  ) throws(CalibrationError) -> Solution {
    try requireEveryClass(likelihood)
    let classes = data.classCount
    let fit = try scaled(VectorScaling(classCount: classes), likelihood, prior)
    let uncertainty = ScalingUncertainty(of: fit, to: data)
    let point = fit.solution.point
    let values = point.indices.map { point[$0] + ($0 < classes ? 1 : 0) }
    var result = solution(
      .vector(slopes: Array(values[..<classes]), intercepts: Array(values[classes...])), of: fit,
      uncertainty)
    result.parameters = values.indices.map { index in
      let error = uncertainty.standardErrors?[index]
      return Parameter(
        role: index < classes ? .slope : .intercept, classIndex: index % classes,
        estimate: values[index], standardError: error,
        interval: WaldStatistic(values[index], error)?.interval)
    }
    return result
  }

  /// Throws if a class has no weight: its intercept would tend to minus infinity.
  private func requireEveryClass<L: Likelihood>(_ likelihood: L) throws(CalibrationError) {
    do {
      try PreparedData(asGiven: data, likelihood).requireEveryClass()
    } catch {
      throw .data(error)
    }
  }

  private func scaled<M: ClasswiseScaling, L: Likelihood, P: Prior>(
    _ model: M, _ likelihood: L, _ prior: P
  ) throws(CalibrationError) -> ScalingFit<M, L, P> {
    let fit: ScalingFit<M, L, P>
    do {
      fit = try ScalingFit(model, to: data, likelihood: likelihood, prior: prior, options: options)
    } catch {
      throw .data(error)
    }
    if fit.isSeparated { throw .separated(method) }
    guard fit.solution.termination != .notFinite, fit.solution.point.isFinite else {
      throw .notConverged(method, fit.solution.termination)
    }
    return fit
  }

  private func solution<M: ClasswiseScaling, L: Likelihood, P: Prior>(
    _ calibrator: Calibrator, of fit: ScalingFit<M, L, P>, _ uncertainty: ScalingUncertainty
  ) -> Solution {
    let (test, reason) = uncertainty.test(of: fit)
    let end = fit.solution.termination
    return Solution(
      calibrator: calibrator, errors: uncertainty.kind, errorsReason: uncertainty.reason,
      test: test, testReason: reason, isConverged: fit.solution.isConverged,
      iterations: fit.solution.iterations,
      warnings: fit.solution.isConverged ? [] : [.notConverged(end)])
  }
}
