import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// The quality of fit of a row, and its influence on the fit.
public struct RowDiagnostic: Sendable, Equatable {
  /// The predicted probabilities.
  public let fitted: [Double]
  /// The square root of the row's contribution to the deviance, `2 m Σ p log(p/q)`; for two classes
  /// with the sign of the second class's label minus its prediction.
  public let devianceResidual: Double
  /// The square root of the row's contribution to Pearson's X², `m Σ (p - q)² / q`, with the same
  /// sign.
  public let pearsonResidual: Double
  /// The trace of the row's block of the hat matrix; leverages sum to the number of parameters. Nil
  /// if the errors of the fit are not based on the information.
  public let leverage: Double?
  /// Cook's distance by one Newton step: the squared change of the coefficients without the row, in
  /// the metric of the information, over their number. Nil if `leverage` is nil or one.
  public let cooksDistance: Double?
  /// The randomised quantile residual of each class; nil unless the likelihood is that of classes
  /// or votes and the row has weight one.
  public let quantileResiduals: [Double]?
}

/// Residuals, leverage and influence of the rows of a fit.
///
/// With A = x' V x the covariance of the logits of a row relative to the reference class, V the
/// inverse information, W = m (diag(q) - q q') and e = m (p - q): the leverage is tr(W A) and
/// Cook's distance is e' (I - A W)⁻¹ A (I - W A)⁻¹ e over the number of coefficients. For two
/// classes these are those of logistic regression. References: Pregibon,
/// doi:10.1214/aos/1176345513; Lesaffre and Albert, doi:10.2307/2347614.
public struct RowInfluence: Sendable {
  private let classifier: ModelClassifier<LinearPredictor>
  private let covariance: LogitCovariance?
  private let reference: Int
  private let count: Double

  /// Influence based on the covariance of a fit.
  ///
  /// Throws `PredictionRefusal` if the predicted mean is not the softmax of the logits.
  public init(
    of classifier: ModelClassifier<LinearPredictor>, record: FitRecord
  ) throws(PredictionRefusal) {
    guard classifier.likelihood.meanIsSoftmax else {
      throw .meanIsNoSoftmax(likelihood: classifier.likelihood.name)
    }
    self.classifier = classifier
    reference = record.specification.reference
    let isInformation = [.information, .laplace].contains(record.uncertainty.kind)
    covariance =
      isInformation
      ? try? LogitCovariance(of: record.parameters, classCount: classifier.classNames.count) : nil
    count = Double(record.parameters.coefficientsWithError.count)
  }

  /// The diagnostics of each row; `seed` is that of the quantile residuals, which do not depend on
  /// threads. Throws `DatasetError`; `.rowMismatch` if the classes are not as many. Complexity: O(N
  /// P²) for P coefficients, and O(votes).
  public func rows(
    of data: Dataset, seed: UInt64 = 1, threads: any Reducer = .one
  ) throws(DatasetError) -> [RowDiagnostic] {
    try DatasetError.require(
      "classes of the labels", data.classCount, equals: classifier.classNames.count)
    let design = try data.features.coded(as: classifier.encoding).matrix
    let logs = try classifier.logProbabilities(
      for: Columns(data.features), offsets: data.offsets, threads: threads)
    let hasVotes = data.labels.kind == .classes || data.labels.kind == .counts
    let isBinomial =
      hasVotes && classifier.likelihood.equalsMinusCrossEntropy
      && ["categorical", "multinomial"].contains(classifier.likelihood.name)
    return threads.map(count: design.rowCount) { row in
      let mass = data.weights[row] * data.labels.multiplicity(ofRow: row)
      return diagnostic(
        data.labels.distribution(ofRow: row), logs.row(row), mass,
        mass > 0 ? covariance?.values(at: design.row(row) + [1]) : nil,
        isBinomial && data.weights[row] == 1 ? QuantileResidual(seed: seed, row: row) : nil)
    }
  }

  private func diagnostic(
    _ label: [Double], _ logs: [Double], _ mass: Double, _ logits: SymmetricMatrix?,
    _ residual: QuantileResidual?
  ) -> RowDiagnostic {
    let fitted = Softmax.exponentials(logs)
    var (deviance, pearson) = (0.0, 0.0)
    for index in label.indices {
      let (p, q) = (label[index], fitted[index])
      if p > 0 { deviance += p * (Double.log(p) - logs[index]) }
      if p != q { pearson += (p - q) * (p - q) / q }
    }
    let sign: Double = fitted.count == 2 && label[1] < fitted[1] ? -1 : 1
    let influence = logits.flatMap { self.influence(label, fitted, mass, $0) }
    var residual = residual
    let residuals = label.indices.map { index in
      // Shares of whole votes times their number are whole up to rounding.
      residual?.next(
        votes: (label[index] * mass).rounded(), of: mass, probability: min(fitted[index], 1))
    }
    return RowDiagnostic(
      fitted: fitted, devianceResidual: sign * (2 * mass * max(0, deviance)).squareRoot(),
      pearsonResidual: sign * (mass * pearson).squareRoot(), leverage: influence?.leverage,
      cooksDistance: influence?.distance,
      quantileResiduals: residuals.contains(nil) ? nil : residuals.compactMap(\.self))
  }

  private func influence(
    _ label: [Double], _ fitted: [Double], _ mass: Double, _ logits: SymmetricMatrix
  ) -> (leverage: Double, distance: Double?)? {
    let units = fitted.indices.filter { $0 != reference }
    guard fitted.allSatisfy({ $0 > 0 }) else { return nil }
    let a = logits.restricted(to: units)
    let q = units.map { fitted[$0] }
    let whole = a.multiply(q)
    var trace = -q.dot(whole)
    for index in units.indices { trace += q[index] * a[index, index] }
    let leverage = mass * trace
    // (W⁻¹ - A) y = W⁻¹ e; W⁻¹ is (diag(1/q) + 1 1' / q of the reference) / m.
    var system = SymmetricMatrix(dimension: units.count)
    let common = 1 / (mass * fitted[reference])
    for row in units.indices {
      for column in 0...row {
        system[row, column] = common - a[row, column] + (row == column ? 1 / (mass * q[row]) : 0)
      }
    }
    let rest = units.map { label[$0] - fitted[$0] }
    let sum = rest.reduce(0, +) / fitted[reference]
    guard leverage.isFinite, let factor = Cholesky(system, tolerance: 1e-12) else {
      return leverage.isFinite ? (leverage, nil) : nil
    }
    let moved = factor.solve(zip(rest, q).map { $0 / $1 + sum })
    let distance = moved.dot(a.multiply(moved)) / count
    return (leverage, distance.isFinite ? distance : nil)
  }
}
