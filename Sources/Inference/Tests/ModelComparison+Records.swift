import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalProbability

extension ModelComparison {
  /// Compares two records as far as possible: by the likelihood ratio and the Wald test.
  ///
  /// The smaller model must be contained in the larger one by the names of its features. Whether
  /// the data are the same is decided by the checksum of labels, weights and offsets; if a record
  /// has none, by the number of rows, weight and constants. Complexity: O(q³) for q tested
  /// coefficients.
  public init(of smaller: FitRecord, against larger: FitRecord) {
    self.init()
    let pair = RecordPair(smaller: smaller, larger: larger)
    add(.likelihoodRatio) { () throws(TestRefusal) in try pair.likelihoodRatio() }
    add(.wald) { () throws(TestRefusal) in try pair.wald() }
    add(.score) { () throws(TestRefusal) in
      throw .needsData
    }
  }
}

/// Two records that may be nested.
struct RecordPair {
  let smaller: FitRecord
  let larger: FitRecord

  /// The likelihoods that become another one as a parameter tends to the boundary of its range.
  private static let limits = ["dirichlet-multinomial": "multinomial"]

  /// Whether the likelihoods differ, and the smaller one is the limit of the larger one.
  var isAtBoundary: Bool {
    Self.limits[larger.specification.likelihood] == smaller.specification.likelihood
  }

  /// Throws the reason if the models are not nested or cannot be tested.
  func requireNested() throws(TestRefusal) {
    let (first, second) = (smaller.specification, larger.specification)
    guard first.model == "softmax", second.model == "softmax" else {
      throw .notSoftmax
    }
    guard first.prior.name != "jeffreys", second.prior.name != "jeffreys" else { throw .jeffreys }
    guard first.prior.name == "flat", second.prior.name == "flat" else {
      throw .prior
    }
    try requireSameData()
    guard first.likelihood == second.likelihood || isAtBoundary else {
      throw .likelihoods(smaller: first.likelihood, larger: second.likelihood)
    }
    let offered = Set(larger.coefficients.map(\.feature))
    let needed = smaller.coefficients.filter { $0.state != .aliased }.map(\.feature)
    if let missing = needed.first(where: { !offered.contains($0) }) {
      throw .missingFeature(missing)
    }
  }

  private func requireSameData() throws(TestRefusal) {
    let (first, second) = (smaller.statistics, larger.statistics)
    let other = TestRefusal.differentData
    if let a = first.dataChecksum, let b = second.dataChecksum {
      guard a == b else { throw other }
      return
    }
    guard first.rowCount == second.rowCount, first.totalWeight == second.totalWeight,
      first.logLikelihoodConstant == second.logLikelihoodConstant
    else { throw other }
  }

  func likelihoodRatio() throws(TestRefusal) -> ModelComparison.Test {
    try requireNested()
    for record in [smaller, larger] {
      if case .unavailable(let reason) = record.statistics.criteria,
        reason != .notConverged || !Self.isAtSupremum(record)
      {
        throw .criteria(reason)
      }
    }
    guard let first = smaller.statistics.degreesOfFreedom,
      let second = larger.statistics.degreesOfFreedom, second > first
    else { throw .noFurtherParameters }
    let ratio = 2 * (larger.statistics.logLikelihood - smaller.statistics.logLikelihood)
    guard ratio > -1e-6 * max(1, smaller.statistics.logLikelihood.magnitude * 1e-6) else {
      throw .smallerLikelihood
    }
    return ModelComparison.Test(
      .likelihoodRatio, statistic: ratio, degreesOfFreedom: second - first,
      isAtBoundary: isAtBoundary,
      isAtSupremum: [smaller, larger].contains { Self.isAtSupremum($0) })
  }

  /// Whether classes are separated and the concave likelihood of the fit equals its supremum up to
  /// rounding.
  private static func isAtSupremum(_ record: FitRecord) -> Bool {
    record.convergence.termination == "separation"
      && ["categorical", "multinomial"].contains(record.specification.likelihood)
      && record.statistics.standardizedGradientNorm
        <= record.convergence.tolerance / max(1, record.statistics.totalWeight)
  }

  func wald() throws(TestRefusal) -> ModelComparison.Test {
    try requireNested()
    guard !isAtBoundary else {
      throw .testedBoundary
    }
    let places = try testedPlaces()
    let covariance = try covariance().restricted(to: places)
    let estimates = larger.parameters.coefficientsWithError.map { $0.estimate ?? .nan }
    let values = places.map { estimates[$0] }
    if larger.uncertainty.kind != .quasi, let units = larger.uncertainty.unitCount,
      Double(2 * values.count) >= units
    {
      throw .fewUnitsForCoefficients(values.count)
    }
    guard let factor = Cholesky(covariance, tolerance: 1e-10) else {
      throw .singularCoefficients
    }
    return ModelComparison.Test(
      .wald, isRobust: larger.uncertainty.kind?.isRobust ?? false,
      statistic: values.dot(factor.solve(values)), degreesOfFreedom: values.count,
      denominatorFreedom: larger.uncertainty.freedom)
  }

  /// The positions, among the coefficients with errors, of features that the smaller model lacks.
  private func testedPlaces() throws(TestRefusal) -> [Int] {
    guard larger.uncertainty.kind != nil else {
      throw .noStandardErrors(larger.uncertainty.reason)
    }
    let kept = Set(smaller.coefficients.filter { $0.state != .aliased }.map(\.feature))
    let estimated = larger.coefficients.filter { $0.state != .aliased }
    if let lost = kept.subtracting(estimated.map(\.feature)).sorted().first {
      throw .aliasedFeature(lost)
    }
    let tested = estimated.filter { !kept.contains($0.feature) }
    if let infinite = tested.first(where: { $0.standardError == nil }) {
      throw .noStandardError(feature: infinite.feature)
    }
    guard !tested.isEmpty else {
      throw .noFurtherCoefficients
    }
    return estimated.filter { !kept.contains($0.feature) }.compactMap(\.place)
  }

  private func covariance() throws(TestRefusal) -> SymmetricMatrix {
    guard let result = larger.parameters.covarianceMatrix else {
      throw .covarianceNotKept(limit: ParameterTable.keptCovarianceLimit)
    }
    return result
  }
}
