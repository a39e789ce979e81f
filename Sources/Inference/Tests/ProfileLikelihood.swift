import RealModule
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Profile likelihood: tests and intervals from the likelihood itself instead of its curvature.
///
/// The statistic of a hypothesis is twice the decrease of the maximum if coefficients are fixed at
/// the hypothesis. It uses the likelihood or, under Jeffreys' penalty, the penalised likelihood
/// with the penalty of the whole design. It is compared with chi-square. The interval of a
/// coefficient contains the values whose statistic is at most the quantile. References: Venzon and
/// Moolgavkar, doi:10.2307/2347496; Heinze and Schemper, doi:10.1002/sim.1047.
struct ProfileLikelihood<L: Likelihood> {
  private let fit: Fit<LinearPredictor, L, FlatPrior>
  private let reference: Int
  private let minimum: Double
  private let start: [Double]

  /// The largest number of coefficients that are profiled.
  static var limit: Int { 60 }

  /// Nil unless the fit maximises a likelihood of classes or votes, or Jeffreys' penalised one,
  /// with few coefficients.
  init?(of fit: Fit<LinearPredictor, L, FlatPrior>, reference: Int) {
    guard fit.status.isConverged, fit.likelihood.equalsMinusCrossEntropy,
      fit.labelKind == .classes || fit.labelKind == .counts, fit.weighting != .importance,
      !fit.likelihood.isQuasiLikelihood(of: fit.objective.responses),
      fit.objective.dimension <= Self.limit
    else { return nil }
    self.fit = fit
    self.reference = reference
    minimum = fit.minimumValue()
    start = fit.pointAgainst(reference: reference)
  }

  private var model: LinearPredictor { fit.objective.model }

  /// Twice the decrease with contrasts fixed at values; nil if the constrained maximum is not
  /// found.
  private func statistic(
    _ held: [(class: Int, column: Int, value: Double)], from start: [Double]
  ) -> (value: Double, point: [Double])? {
    fit.minimum(holding: held, reference: reference, from: start).map {
      (2 * fit.objective.totalWeight * ($0.value - minimum), $0.point)
    }
  }

  /// One test per term, as for the Wald tests, then one of all features.
  func tests() -> [WaldTest] {
    var names: [String] = []
    var columns: [String: [Int]] = [:]
    for (place, column) in fit.kept.enumerated() {
      let name = fit.classifier.encoding.termName(ofColumn: column)
      if columns[name] == nil { names.append(name) }
      columns[name, default: []].append(place)
    }
    var terms: [(name: String?, places: [Int])] = names.map { ($0, columns[$0] ?? []) }
    if names.count > 1 { terms.append((nil, Array(fit.kept.indices))) }
    return terms.compactMap { term in
      test(ofPlaces: term.places).map { found, freedom in
        WaldTest(
          feature: term.name, statistic: found, degreesOfFreedom: freedom,
          pValue: ChiSquared.upperTail(found, freedom: freedom))
      }
    }
  }

  /// The statistic of all contrasts of columns, by their places among those that take part, and
  /// their number.
  func test(ofPlaces places: [Int]) -> (statistic: Double, freedom: Int)? {
    var held: [(class: Int, column: Int, value: Double)] = []
    for place in places {
      for unit in 0..<model.classCount where unit != reference { held.append((unit, place, 0)) }
    }
    return statistic(held, from: start).map { (max(0, $0.value), held.count) }
  }

  /// The test that a contrast is zero, and its interval.
  func entry(
    class unit: Int, column: Int, standardError: Double, level: Double
  ) -> ProfileRecord.Entry? {
    guard let place = fit.kept.firstIndex(of: column),
      let interval = interval(
        class: unit, column: column, standardError: standardError, level: level)
    else { return nil }
    let loss = statistic([(unit, place, 0)], from: start).map { max(0, $0.value) }
    return ProfileRecord.Entry(
      statistic: loss, pValue: loss.map { ChiSquared.upperTail($0, freedom: 1) },
      interval: interval)
  }

  /// The interval of the contrast of a class in a design column, on the user's scale; an end is
  /// infinite if the statistic is below its bound at 1000 standard errors. Nil for intercepts, and
  /// if the maximum with the contrast fixed is not found.
  private func interval(
    class unit: Int, column: Int, standardError: Double, level: Double
  ) -> ClosedRange<Double>? {
    guard let place = fit.kept.firstIndex(of: column) else { return nil }
    let scale = fit.classifier.standardization.scales[column]
    let center = start[model.weight(class: unit, feature: place)]
    let bound = StandardNormal.twoSided(level: level)
    let unitStep = bound * standardError * scale
    guard unitStep > 0, unitStep.isFinite else { return nil }
    let ends = [-1.0, 1.0].compactMap { side -> Double? in
      end(of: side * unitStep, from: center, loss: bound * bound, (unit, place)).map { $0 / scale }
    }
    return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
  }

  /// The value on one side of `center` at which the statistic is `loss`; nil if no constrained
  /// maximum is found, not even after shorter steps.
  private func end(
    of step: Double, from center: Double, loss: Double, _ contrast: (class: Int, column: Int)
  ) -> Double? {
    var inner = (value: center, root: 0.0, point: start)
    var outer: (value: Double, root: Double, point: [Double])?
    let target = loss.squareRoot()
    func probe(_ value: Double, _ point: [Double]) -> (
      value: Double, root: Double, point: [Double]
    )? {
      statistic([(contrast.class, contrast.column, value)], from: point).map {
        (value, max(0, $0.value).squareRoot(), $0.point)
      }
    }
    var reach = step
    while outer == nil, reach.magnitude < 1000 * step.magnitude {
      guard let found = probe(inner.value + reach, inner.point) else {
        reach /= 4
        if reach.magnitude < 1e-3 * step.magnitude { return nil }
        continue
      }
      if found.root >= target { outer = found } else { (inner, reach) = (found, 2 * reach) }
    }
    guard var outer else { return step * .infinity }
    // The square root of the statistic is nearly linear, so regula falsi is used, with halving if
    // it moves only one end.
    for round in 0..<60 {
      let share =
        round % 3 == 2 ? 0.5 : (target - inner.root) / max(outer.root - inner.root, 1e-300)
      let value = inner.value + min(max(share, 0), 1) * (outer.value - inner.value)
      guard let found = probe(value, inner.point) else { return nil }
      if (found.root - target).magnitude < 1e-10 { return value }
      if found.root >= target { outer = found } else { inner = found }
      if (outer.value - inner.value).magnitude <= 1e-12 * step.magnitude { break }
    }
    return (inner.value + outer.value) / 2
  }
}

extension Fit where M == LinearPredictor {
  /// The largest product of rows and squared coefficients for which profiles are computed by
  /// default.
  private static var unaskedWork: Double { 5e4 }

  /// Whether profiles take negligible time and are computed by default.
  package var isProfiledUnasked: Bool {
    let size = Double(objective.dimension)
    return informationPenalty == .jeffreys
      && Double(objective.features.rowCount) * size * size <= Self.unaskedWork
  }

  /// Tests and intervals by the profile likelihood for the coefficients of a record of this fit.
  /// Nil under a proper prior, for labels other than classes and votes, without a maximum, and for
  /// more than 60 parameters.
  public func profile(of record: FitRecord, level: Double = 0.95) -> ProfileRecord? {
    guard let flat = self as? Fit<LinearPredictor, L, FlatPrior>,
      let profile = ProfileLikelihood(of: flat, reference: record.specification.reference)
    else { return nil }
    let entries = record.coefficients.map { coefficient -> ProfileRecord.Entry? in
      guard let column = coefficient.column, let error = coefficient.standardError, error > 0
      else { return nil }
      return profile.entry(
        class: coefficient.classIndex, column: column, standardError: error, level: level)
    }
    return ProfileRecord(level: level, tests: profile.tests(), entries: entries)
  }
}
