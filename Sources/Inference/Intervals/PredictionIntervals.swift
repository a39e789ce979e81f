import RealModule
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Intervals for predicted probabilities by the delta method on the logits.
///
/// The log odds of class k against all others, `z_k - log Σ_{j≠k} exp z_j`, have the gradient 1 in
/// z_k and minus the proportion of j among the others in z_j. The interval is symmetric on that
/// scale and lies between 0 and 1 on the probability scale. It covers the probability that the
/// model would predict with unlimited data, for each class separately at the given level; it does
/// not cover a new label. Under a prior it comes from the normal approximation to the posterior.
public struct PredictionIntervals: Sendable {
  /// The coverage: the proportion of samples whose interval contains the true probability.
  public let level: Double
  private let covariance: LogitCovariance
  private let classifier: ModelClassifier<LinearPredictor>
  /// Half the width in standard errors.
  private let quantile: Double

  /// Throws `PredictionRefusal` if the coefficients have no covariance, or the predicted mean is
  /// not the softmax of the logits, or `level` is not between 0 and 1.
  public init(
    of classifier: ModelClassifier<LinearPredictor>, parameters: ParameterTable,
    level: Double = 0.95
  ) throws(PredictionRefusal) {
    guard level > 0, level < 1 else { throw .level(level) }
    guard classifier.likelihood.meanIsSoftmax else {
      throw .meanIsNoSoftmax(likelihood: classifier.likelihood.name)
    }
    self.level = level
    self.classifier = classifier
    covariance = try LogitCovariance(
      of: parameters, classCount: classifier.classNames.count)
    quantile = parameters.uncertainty.distribution.twoSided(level: level)
  }

  /// Lower and upper ends, N x C each: 0 and 1 if the variance exceeds the range of doubles; NaN if
  /// rounding leaves no digits of it.
  ///
  /// Throws `DatasetError`. Complexity: O(N P²) for P coefficients.
  public func ends(
    for features: Features, offsets: BlockedMatrix? = nil, threads: any Reducer = .one
  ) throws(DatasetError) -> (low: BlockedMatrix, high: BlockedMatrix) {
    let design = try features.coded(as: classifier.encoding).matrix
    let logits = try classifier.logits(for: features, offsets: offsets, threads: threads)
    let rows = threads.map(count: design.rowCount) { row -> [ClosedRange<Double>?] in
      ends(logits.row(row), covariance.values(at: design.row(row) + [1]))
    }
    let classes = classifier.classNames.count
    return (
      BlockedMatrix(
        rows: rows.map { $0.map { $0?.lowerBound ?? .nan } }, columnCount: classes),
      BlockedMatrix(
        rows: rows.map { $0.map { $0?.upperBound ?? .nan } }, columnCount: classes)
    )
  }

  private func ends(_ logits: [Double], _ covariance: SymmetricMatrix) -> [ClosedRange<Double>?] {
    logits.indices.map { index in
      let others = ExponentialSum(logits.indices.filter { $0 != index }.map { logits[$0] })
      let center = logits[index] - others.top - Double.log(others.scaled)
      var gradient = logits.map { -others.share(of: $0) }
      gradient[index] = 1
      let product = covariance.multiply(gradient)
      let variance = gradient.dot(product)
      let size = zip(gradient, product).reduce(0) { $0 + ($1.0 * $1.1).magnitude }
      guard variance.isFinite, center.isFinite else { return 0...1 }
      guard variance >= 0 || variance > -1e-12 * size else { return nil }
      let half = quantile * max(0, variance).squareRoot()
      let (low, high) = (Softmax.logistic(center - half), Softmax.logistic(center + half))
      return low <= high ? low...high : nil
    }
  }
}

/// Why standard errors or effects of predictions are not available. Diagnostics has the sentences.
public enum PredictionRefusal: Error, Sendable, Equatable {
  /// The mean under the likelihood is not the softmax of the logits.
  case meanIsNoSoftmax(likelihood: String)
  /// Some coefficients are infinite.
  case infiniteCoefficients
  /// Some coefficients are infinite or have no standard error.
  case missingStandardErrors
  /// The model has no standard errors.
  case noStandardErrors(CovarianceReason)
  /// The model file does not include the covariance, because of the number of coefficients.
  case covarianceNotKept(limit: Int, coefficientCount: Int)
  /// A column to be set is not a feature.
  case unknownColumn(String, available: [String])
  /// A column cannot be set to this value: it holds numbers, or has these levels.
  case columnValue(String, column: String, levels: [String])
  /// A column cannot be set: the design does not determine its partners in an interaction.
  case fixedColumn(String)
  /// The coverage of intervals is not between 0 and 1.
  case level(Double)
}

/// The covariance of the logits of a row, from that of the coefficients: the delta method.
///
/// Logits are relative to the reference class, whose logit is zero without error. With x the design
/// row including a one for the intercept, `Cov(z_k, z_l) = x' V_kl x`.
struct LogitCovariance: Sendable {
  /// A coefficient: its design column (D for the intercept) and its position in the covariance.
  struct Term: Sendable {
    let column: Int
    let place: Int
  }

  let matrix: SymmetricMatrix
  /// The coefficients of each class; none for the reference.
  let terms: [[Term]]

  /// Throws if coefficients are infinite, have no standard errors, or their covariance is not
  /// available.
  init(of table: ParameterTable, classCount: Int) throws(PredictionRefusal) {
    guard table.uncertainty.kind != nil else { throw .noStandardErrors(table.uncertainty.reason) }
    let used = table.coefficients.filter { $0.state != .aliased }
    guard used.allSatisfy({ $0.standardError != nil }) else { throw .missingStandardErrors }
    guard let matrix = table.covarianceMatrix else {
      throw .covarianceNotKept(
        limit: ParameterTable.keptCovarianceLimit, coefficientCount: used.count)
    }
    var terms = [[Term]](repeating: [], count: classCount)
    for coefficient in used {
      guard let place = coefficient.place else { continue }
      terms[coefficient.classIndex].append(
        Term(column: coefficient.column ?? table.columnNames.count, place: place))
    }
    self.matrix = matrix
    self.terms = terms
  }

  /// The covariance, C x C, at a design row that ends with a one.
  func values(at row: [Double]) -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: terms.count)
    var vector = [Double](repeating: 0, count: matrix.dimension)
    for (unit, own) in terms.enumerated() where !own.isEmpty {
      for term in own { vector[term.place] = row[term.column] }
      let product = matrix.multiply(vector)
      for other in 0...unit {
        result[unit, other] = terms[other].reduce(0) {
          $0 + product[$1.place] * row[$1.column]
        }
      }
      for term in own { vector[term.place] = 0 }
    }
    return result
  }
}
