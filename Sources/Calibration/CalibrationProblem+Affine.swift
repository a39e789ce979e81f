import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Matrix and Dirichlet scaling: a softmax regression whose features and offsets are the scores.
extension CalibrationProblem {
  /// The largest number of parameters that a record lists.
  private static var listedLimit: Int { 1000 }

  func affine<L: Likelihood, P: Prior>(
    _ likelihood: L, _ prior: P
  ) throws(CalibrationError) -> Solution {
    let fit: Fit<LinearPredictor, L, P>
    do {
      let scores = data.features.matrix
      fit = try MaximumLikelihood(
        SoftmaxRegression(), likelihood: likelihood, prior: prior, options: options
      ).fit(
        Dataset(
          features: data.features, labels: data.labels, classNames: data.classNames,
          weights: data.weights, offsets: scores))
    } catch {
      throw .data(error)
    }
    if case .separated = fit.status { throw .separated(method) }
    guard let calibrator = calibrator(of: fit) else {
      throw .notConverged(method, fit.solution.termination)
    }
    let uncertainty = Uncertainty(of: fit)
    let record = fit.record(uncertainty)
    let (test, reason) = test(of: fit, uncertainty, record)
    return Solution(
      calibrator: calibrator, parameters: Self.parameters(record), errors: uncertainty.kind,
      errorsReason: uncertainty.reason, test: test, testReason: reason,
      isConverged: fit.status.isConverged, iterations: fit.solution.iterations,
      // Centred scores are always linearly dependent, so this warning would be misleading.
      warnings: record.warnings.filter { if case .rankDeficient = $0 { false } else { true } })
  }

  /// The identity plus the fitted deviations; nil if they are not finite.
  private func calibrator<L: Likelihood, P: Prior>(
    of fit: Fit<LinearPredictor, L, P>
  ) -> Calibrator? {
    let found = fit.classifier.coefficients
    let weights = found.weights.enumerated().map { unit, row in
      row.enumerated().map { $1 + ($0 == unit ? 1 : 0) }
    }
    guard weights.allSatisfy(\.isFinite), found.intercepts.isFinite else { return nil }
    let map = Calibrator.AffineScores(weights: weights, intercepts: found.intercepts)
    return method == .matrix ? .matrix(map) : .dirichlet(map)
  }

  /// Deviations from the identity, as differences from the first class.
  private static func parameters(_ record: FitRecord) -> [Parameter] {
    let listed = record.coefficients.filter { $0.estimate != nil }
    guard listed.count <= listedLimit else { return [] }
    return listed.compactMap { coefficient in
      guard let estimate = coefficient.estimate else { return nil }
      return Parameter(
        role: coefficient.column == nil ? .intercept : .weight, classIndex: coefficient.classIndex,
        scoreIndex: coefficient.column, estimate: estimate,
        standardError: coefficient.standardError,
        interval: coefficient.wald?.interval)
    }
  }

  private func test<L: Likelihood, P: Prior>(
    of fit: Fit<LinearPredictor, L, P>, _ uncertainty: Uncertainty, _ record: FitRecord
  ) -> (CalibrationRecord.Test?, CalibrationTestReason) {
    if fit.prior.isProper {
      return (nil, .prior)
    }
    guard fit.status.isConverged, let freedom = fit.statistics.degreesOfFreedom else {
      return (nil, .notConverged)
    }
    let isQuasi = fit.likelihood.isQuasiLikelihood(of: fit.objective.responses)
    guard isQuasi || fit.weighting == .importance else {
      let identity = [Double](repeating: 0, count: fit.objective.dimension)
      var gradient = identity
      let gain = fit.objective.evaluate(at: identity, gradient: &gradient) - fit.solution.value
      return (
        .likelihoodRatio(
          gain: gain, totalWeight: fit.statistics.totalWeight, freedom: freedom),
        .likelihood
      )
    }
    guard uncertainty.kind != nil else { return (nil, .covariance(uncertainty.reason)) }
    let values = record.coefficients.filter { $0.standardError != nil }.compactMap(\.estimate)
    guard values.count == freedom,
      let wald = uncertainty.test(nil, that: values, at: Array(values.indices))
    else { return (nil, .fewRows) }
    return (
      CalibrationRecord.Test(
        kind: .robustWald, statistic: wald.statistic, degreesOfFreedom: freedom,
        pValue: wald.pValue),
      .quasiLikelihood
    )
  }
}
