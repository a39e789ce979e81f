import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalProbability

extension ModelComparison {
  /// Compares two records, as far as they allow: the likelihood ratio and the Wald test.
  ///
  /// The smaller model has to be contained in the larger one by the names of its features. That the
  /// data were the same is judged by the checksum of labels, weights and offsets, or, where a record
  /// has none, by rows, weight and constants. Complexity: O(q³) for q tested coefficients.
  public init(of smaller: FitRecord, against larger: FitRecord) {
    self.init()
    let pair = RecordPair(smaller: smaller, larger: larger)
    add(.likelihoodRatio) { () throws(Unavailable) in try pair.likelihoodRatio() }
    add(.wald) { () throws(Unavailable) in try pair.wald() }
    add(.score) { () throws(Unavailable) in
      throw Unavailable(
        reason: "the score test needs the data: a saved model has no derivatives")
    }
  }
}

/// Two records that may be nested.
struct RecordPair {
  let smaller: FitRecord
  let larger: FitRecord

  /// The likelihoods that turn into another one where a parameter of theirs ends its range.
  private static let limits = ["dirichlet-multinomial": "multinomial"]

  /// Whether the likelihoods differ, and the smaller one is the limit of the larger.
  var isAtBoundary: Bool {
    Self.limits[larger.specification.likelihood] == smaller.specification.likelihood
  }

  /// Throws the reason why nothing can be tested.
  func requireNested() throws(Unavailable) {
    let (first, second) = (smaller.specification, larger.specification)
    guard first.model == "softmax", second.model == "softmax" else {
      throw Unavailable(reason: "tests of nested models are those of softmax regressions")
    }
    guard first.prior.name == "flat", second.prior.name == "flat" else {
      throw Unavailable(reason: "with a prior the fits do not maximise the likelihood")
    }
    try requireSameData()
    guard first.likelihood == second.likelihood || isAtBoundary else {
      throw Unavailable(
        reason: "the likelihoods \(first.likelihood) and \(second.likelihood) are not nested")
    }
    let offered = Set(larger.coefficients.map(\.feature))
    let needed = smaller.coefficients.filter { $0.state != .aliased }.map(\.feature)
    if let missing = needed.first(where: { !offered.contains($0) }) {
      throw Unavailable(
        reason: "the smaller model has \"\(missing)\", the larger one does not: they are not nested"
      )
    }
  }

  private func requireSameData() throws(Unavailable) {
    let (first, second) = (smaller.statistics, larger.statistics)
    let other = Unavailable(reason: "the fits are of different data")
    if let a = first.dataChecksum, let b = second.dataChecksum {
      guard a == b else { throw other }
      return
    }
    guard first.rowCount == second.rowCount, first.totalWeight == second.totalWeight,
      first.logLikelihoodConstant == second.logLikelihoodConstant
    else { throw other }
  }

  func likelihoodRatio() throws(Unavailable) -> ModelComparison.Test {
    try requireNested()
    for record in [smaller, larger] {
      if case .unavailable(let reason) = record.statistics.criteria {
        throw Unavailable(reason: reason)
      }
    }
    guard let first = smaller.statistics.degreesOfFreedom,
      let second = larger.statistics.degreesOfFreedom, second > first
    else { throw Unavailable(reason: "the second model has no more free parameters") }
    let ratio = 2 * (larger.statistics.logLikelihood - smaller.statistics.logLikelihood)
    guard ratio > -1e-6 * max(1, smaller.statistics.logLikelihood.magnitude * 1e-6) else {
      throw Unavailable(
        reason: "the larger model has the smaller likelihood: they are not nested, or one of them "
          + "is at a local maximum")
    }
    return ModelComparison.Test(
      .likelihoodRatio, statistic: ratio, degreesOfFreedom: second - first,
      isAtBoundary: isAtBoundary)
  }

  func wald() throws(Unavailable) -> ModelComparison.Test {
    try requireNested()
    guard !isAtBoundary else {
      throw Unavailable(reason: "a parameter at the end of its range has no Wald test")
    }
    let places = try testedPlaces()
    let covariance = try covariance().restricted(to: places)
    let estimates = larger.coefficientsWithError.map { $0.estimate ?? .nan }
    let values = places.map { estimates[$0] }
    if let units = larger.uncertainty.unitCount, Double(2 * values.count) >= units {
      throw Unavailable(
        reason: "the robust covariance of \(values.count) coefficients stands on fewer than two "
          + "units a coefficient")
    }
    guard let factor = Cholesky(covariance, tolerance: 1e-10) else {
      throw Unavailable(reason: "the covariance of the tested coefficients is singular")
    }
    return ModelComparison.Test(
      .wald, isRobust: larger.uncertainty.kind?.isRobust ?? false,
      statistic: values.dot(factor.solve(values)), degreesOfFreedom: values.count)
  }

  /// Among the coefficients with errors, those of features that the smaller model lacks.
  private func testedPlaces() throws(Unavailable) -> [Int] {
    guard larger.uncertainty.kind != nil else {
      throw Unavailable(
        reason: "the larger model has no standard errors: \(larger.uncertainty.reason)")
    }
    let kept = Set(smaller.coefficients.filter { $0.state != .aliased }.map(\.feature))
    let estimated = larger.coefficients.filter { $0.state != .aliased }
    if let lost = kept.subtracting(estimated.map(\.feature)).sorted().first {
      throw Unavailable(
        reason: "\"\(lost)\" has no coefficient of its own in the larger model")
    }
    let tested = estimated.filter { !kept.contains($0.feature) }
    if let infinite = tested.first(where: { $0.standardError == nil }) {
      throw Unavailable(
        reason: "\"\(infinite.feature)\" has a coefficient without a standard error")
    }
    guard !tested.isEmpty else {
      throw Unavailable(reason: "the second model has no more coefficients")
    }
    return larger.coefficientsWithError.indices.filter {
      !kept.contains(larger.coefficientsWithError[$0].feature)
    }
  }

  private func covariance() throws(Unavailable) -> SymmetricMatrix {
    guard let result = larger.coefficientCovariance else {
      throw Unavailable(
        reason: "the model file of the larger model has no covariance; it keeps that of up to "
          + "\(FitRecord.keptCovarianceLimit) coefficients")
    }
    return result
  }
}

extension FitRecord {
  /// The covariance of `coefficientsWithError`; nil where it is not kept.
  public var coefficientCovariance: SymmetricMatrix? {
    let count = coefficientsWithError.count
    guard let entries = uncertainty.covariance, entries.count == count * (count + 1) / 2 else {
      return nil
    }
    var result = SymmetricMatrix(dimension: count)
    var index = 0
    for row in 0..<count {
      for column in 0...row {
        result[row, column] = entries[index]
        index += 1
      }
    }
    return result
  }
}

extension FitRecord.ErrorKind {
  /// Whether the errors hold without a likelihood.
  public var isRobust: Bool { self == .sandwich || self == .cluster }
}
