import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The covariance of the parameters of a class-wise scaling.
///
/// With H the observed information plus the penalty's curvature and N an orthonormal basis of the
/// null space, V = (H + g N N')⁻¹ - N N' / g is the inverse on the orthogonal complement of the
/// null space, which contains the estimate. The covariance is V, or n/(n-1) V M V with M the sum of
/// the outer products of the row scores; the choice follows the rules of every fit.
struct ScalingUncertainty {
  let kind: CovarianceType?
  let reason: CovarianceReason
  /// The number of rows n in a sandwich; nil otherwise.
  let unitCount: Double?
  let covariance: SymmetricMatrix?
  /// Directions that change no probability.
  let nullSpace: [[Double]]
  private let plan: Plan

  /// The test that the labels allow.
  private enum Plan {
    case likelihoodRatio
    case robustWald
    case none(CalibrationTestReason)
  }

  init<M: ClasswiseScaling, L: Likelihood, P: Prior>(
    of fit: ScalingFit<M, L, P>, to data: Dataset
  ) {
    let objective = fit.objective
    let isQuasi = fit.isQuasiLikelihood
    let isImportance = if case .importance = data.weights { true } else { false }
    let isProper = objective.prior.isProper
    nullSpace = objective.nullSpace
    plan =
      isProper
      ? .none(.prior)
      : isQuasi || isImportance ? .robustWald : .likelihoodRatio
    let choice = CovarianceTypeChoice(
      .automatic,
      in: CovarianceTypeChoice.Situation(
        isQuasi: isQuasi, assumesDensity: false, isMarginal: !objective.likelihood.isLogConcave,
        hasImportanceWeights: isImportance, isProper: isProper))
    let (kind, reason): (CovarianceType, CovarianceReason)
    switch choice {
    case .errors(let chosen, let why): (kind, reason) = (chosen, why)
    case .none(let why):
      (self.kind, self.reason, unitCount, covariance) = (nil, why, nil, nil)
      return
    }
    unitCount = Self.units(kind, data)
    let found = Self.covariance(kind, fit, data, nullSpace, unitCount)
    covariance = found
    self.kind = found == nil ? nil : kind
    self.reason = found == nil ? .singular : reason
  }

  /// The square roots of the diagonal.
  var standardErrors: [Double]? { covariance?.diagonal.map { $0.squareRoot() } }

  /// n of a sandwich: the number of rows, each counted with its frequency.
  private static func units(_ kind: CovarianceType, _ data: Dataset) -> Double? {
    guard kind == .sandwich else { return nil }
    if case .frequency(let values) = data.weights { return values.reduce(0, +) }
    return Double(data.rowCount)
  }

  private static func covariance<M: ClasswiseScaling, L: Likelihood, P: Prior>(
    _ kind: CovarianceType, _ fit: ScalingFit<M, L, P>, _ data: Dataset,
    _ nullSpace: [[Double]], _ unitCount: Double?
  ) -> SymmetricMatrix? {
    let objective = fit.objective
    guard fit.solution.isConverged,
      let curvature = objective.observedCurvature(at: fit.solution.point),
      var result = curvature.inverse(besides: nullSpace)
    else { return nil }
    if let unitCount {
      guard unitCount >= 2 else { return nil }
      let frequencies =
        if case .frequency(let values) = data.weights { values } else { nil as [Double]? }
      var meat = objective.rowScoreProducts(at: fit.solution.point, frequencies: frequencies)
      meat.elements.scale(by: unitCount / (unitCount - 1))
      result = result.sandwiching(meat)
    }
    return result.diagonal.allSatisfy { $0 > 0 && $0.isFinite } ? result : nil
  }

  /// The test of the hypothesis that every deviation is zero, or the reason why there is none.
  package func test<M: ClasswiseScaling, L: Likelihood, P: Prior>(
    of fit: ScalingFit<M, L, P>
  ) -> (CalibrationRecord.Test?, CalibrationTestReason) {
    guard fit.solution.isConverged else { return (nil, .notConverged) }
    let freedom = fit.objective.dimension - nullSpace.count
    switch plan {
    case .none(let reason): return (nil, reason)
    case .likelihoodRatio:
      let gain = fit.identityValue - fit.solution.value
      return (
        .likelihoodRatio(gain: gain, totalWeight: fit.objective.totalWeight, freedom: freedom),
        .likelihood
      )
    case .robustWald: return robustWald(fit.solution.point, freedom)
    }
  }

  private func robustWald(
    _ deviations: [Double], _ freedom: Int
  ) -> (CalibrationRecord.Test?, CalibrationTestReason) {
    guard let covariance, let unitCount else { return (nil, .covariance(reason)) }
    guard unitCount > Double(2 * freedom) else {
      return (nil, .fewRows)
    }
    guard
      let factor = Cholesky(covariance.adding(nullSpace, covariance.meanDiagonal), tolerance: 1e-10)
    else { return (nil, .covariance(.singular)) }
    let statistic = deviations.dot(factor.solve(deviations))
    guard statistic.isFinite, statistic >= 0 else { return (nil, .covariance(.singular)) }
    return (
      CalibrationRecord.Test(
        kind: .robustWald, statistic: statistic, degreesOfFreedom: freedom,
        pValue: ChiSquared.upperTail(statistic, freedom: freedom)),
      .quasiLikelihood
    )
  }
}

extension ScalingFit {
  /// Whether the labels have a quasi-likelihood only.
  var isQuasiLikelihood: Bool { objective.likelihood.isQuasiLikelihood(of: objective.responses) }
}

extension CalibrationRecord.Test {
  /// `2 W (F₀ - F₁)`, compared with chi-square; F are mean losses.
  static func likelihoodRatio(
    gain: Double, totalWeight: Double, freedom: Int
  ) -> CalibrationRecord.Test? {
    let statistic = max(0, 2 * totalWeight * gain)
    guard statistic.isFinite, freedom > 0 else { return nil }
    return CalibrationRecord.Test(
      kind: .likelihoodRatio, statistic: statistic, degreesOfFreedom: freedom,
      pValue: ChiSquared.upperTail(statistic, freedom: freedom))
  }
}

extension SymmetricMatrix {
  fileprivate var meanDiagonal: Double { diagonal.reduce(0, +) / Double(max(1, dimension)) }

  /// The matrix plus `factor` times the projection on the orthonormal directions.
  fileprivate func adding(_ directions: [[Double]], _ factor: Double) -> SymmetricMatrix {
    var result = self
    for direction in directions {
      for row in 0..<dimension {
        for column in 0...row {
          result[row, column] += factor * direction[row] * direction[column]
        }
      }
    }
    return result
  }

  /// The inverse on the orthogonal complement of the directions, which are in the null space.
  fileprivate func inverse(besides directions: [[Double]]) -> SymmetricMatrix? {
    let factor = meanDiagonal
    guard factor > 0, let cholesky = Cholesky(adding(directions, factor), tolerance: 1e-12) else {
      return nil
    }
    return cholesky.inverse.adding(directions, -1 / factor)
  }

  /// `self * middle * self`.
  fileprivate func sandwiching(_ middle: SymmetricMatrix) -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: dimension)
    let rows = (0..<dimension).map { row in (0..<dimension).map { self[row, $0] } }
    for row in 0..<dimension {
      let product = middle.multiply(rows[row])
      for column in 0...row { result[row, column] = product.dot(rows[column]) }
    }
    return result
  }
}
