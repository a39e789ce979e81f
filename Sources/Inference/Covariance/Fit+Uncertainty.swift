import RealModule
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

extension Fit where M == LinearPredictor {
  /// The fit as plain values, with coefficients against class `reference` and standard errors.
  public func record(reference: Int = 0, errors choice: StandardErrorChoice) -> FitRecord {
    record(Uncertainty(of: self, errors: choice, reference: reference))
  }

  /// The fit as plain values, with standard errors computed before.
  public func record(_ uncertainty: Uncertainty) -> FitRecord {
    var record = record(reference: uncertainty.reference)
    var places: [ParameterTable.Identity: Int] = [:]
    for (place, parameter) in uncertainty.parameters.enumerated() { places[parameter] = place }
    let scales = auxiliaryScales
    var order: [Int] = []
    for (index, row) in record.parameters.rows.enumerated() {
      guard row.state == .estimated, let place = places[row.identity] else { continue }
      let error = uncertainty.covariance[place, place].squareRoot()
      if case .auxiliary(let name) = row.identity {
        guard let (scale, value) = scales[name] else { continue }
        record.parameters.rows[index].add(
          error, of: value, on: scale, quantile: uncertainty.distribution.twoSided(level: 0.95))
      } else {
        record.parameters.rows[index].standardError = error
        record.parameters.rows[index].place = order.count
        order.append(place)
      }
    }
    addDerivedErrors(uncertainty, places, to: &record.parameters)
    if uncertainty.kind != nil {
      record.parameters.covariance = uncertainty.covariance.restricted(to: order).lowerTriangle
    }
    record.uncertainty = UncertaintyRecord(
      kind: uncertainty.kind, reason: uncertainty.reason, unitCount: uncertainty.unitCount,
      clusterColumn: uncertainty.clusterColumn, tests: waldTests(uncertainty),
      takeuchi: uncertainty.effectiveParameterCount.map {
        TakeuchiCriterion(
          value: -2 * statistics.logLikelihood + 2 * $0, effectiveParameterCount: $0)
      })
    warnOfRounding(in: &record, reference: uncertainty.reference)
    if let kind = uncertainty.kind, kind == .cluster || kind == .quasi,
      case .available = record.statistics.criteria
    {
      record.statistics.criteria = .unavailable(reason: kind == .cluster ? .clusters : .dispersion)
    }
    return record
  }

  /// Warns if doubles cannot hold the estimates to a small part of their standard errors: an
  /// estimate is a difference of stored coefficients, which are rounded. A sandwich may be near
  /// zero only because rows are fitted exactly.
  private func warnOfRounding(in record: inout FitRecord, reference: Int) {
    let isKnown = record.warnings.contains { if case .fewDigits = $0 { true } else { false } }
    guard status.isConverged, !isKnown, record.uncertainty.kind != .sandwich else { return }
    let (coefficients, map) = (classifier.coefficients, classifier.affineMap)
    /// The size of the terms of a coefficient.
    func size(_ unit: Int, _ column: Int?) -> Double {
      if let column { return coefficients.weights[unit][column].magnitude }
      return zip(coefficients.weights[unit], map.standardization.centers).reduce(
        coefficients.intercepts[unit].magnitude
      ) { $0 + ($1.1 == 0 ? 0 : ($1.0 * $1.1).magnitude) }
    }
    var largest = 0.0
    for row in record.parameters.rows {
      guard case .coefficient(let unit, let column) = row.identity,
        let error = row.standardError, error > 0
      else { continue }
      let size = max(size(unit, column), size(reference, column))
      largest = max(largest, 4 * .ulpOfOne * size / error)
    }
    guard largest > 1e-4 else { return }
    let digits = RoundingEstimate.digits(largest)
    record.warnings.append(.fewDigits(coefficients: digits, standardErrors: digits))
  }

  /// The dispersion of votes: Pearson's X² over the degrees of freedom of the deviance; and these.
  func dispersion() throws(CovarianceReason) -> (value: Double, freedom: Double) {
    guard status.isConverged else { throw .notConverged }
    let (plain, classes) = (record(reference: 0), classifier.classNames.count)
    let freedom = plain.statistics.saturatedFreedom(plain.specification, classCount: classes)
    guard let freedom, plain.statistics.pearson != nil else { throw .noDispersion }
    guard let value = plain.dispersion(classCount: classes), value > 0 else {
      throw .noDispersionFreedom
    }
    return (value, Double(freedom))
  }

  /// The errors of probabilities that are functions of the likelihood's own parameters: by the
  /// delta method, with intervals that are symmetric in the log odds.
  private func addDerivedErrors(
    _ uncertainty: Uncertainty, _ places: [ParameterTable.Identity: Int],
    to table: inout ParameterTable
  ) {
    let derived = derivedProbabilities
    let own = likelihood.auxiliaryParameters(classCount: classifier.classNames.count)
    let order = own.compactMap { places[.auxiliary($0.name)] }
    guard !derived.isEmpty, order.count == own.count else { return }
    let covariance = uncertainty.covariance.restricted(to: order)
    let quantile = uncertainty.distribution.twoSided(level: 0.95)
    for probability in derived {
      let variance = probability.gradient.dot(covariance.multiply(probability.gradient))
      let slope = AuxiliaryParameter.Scale.logit.slope(ofNatural: probability.value)
      guard variance > 0, slope > 0,
        let row = table.rows.firstIndex(where: { $0.identity == .auxiliary(probability.name) })
      else { continue }
      table.rows[row].add(
        variance.squareRoot() / slope,
        of: Double.log(probability.value / (1 - probability.value)), on: .logit,
        quantile: quantile)
    }
  }

  /// The scale on which each auxiliary parameter is free, and its value there, by name.
  private var auxiliaryScales: [String: (AuxiliaryParameter.Scale, Double)] {
    let values = classifier.parameters[classifier.model.parameterCount...]
    let parameters = likelihood.auxiliaryParameters(classCount: classifier.classNames.count)
    return Dictionary(
      zip(parameters, values).map { ($0.name, ($0.scale, $1)) }, uniquingKeysWith: { $1 })
  }

  /// One test for each term, over its classes and columns; then one of all features.
  ///
  /// A term is a column of the table, or an interaction: the levels of a text column are tested
  /// together. Aliased columns are excluded; a term with an infinite coefficient has no test. A
  /// posterior has no tests either.
  public func waldTests(_ uncertainty: Uncertainty) -> [WaldTest] {
    guard let kind = uncertainty.kind, kind != .laplace else { return [] }
    var names: [String] = []
    var columns: [String: [Int]] = [:]
    let absorbed =
      uncertainty.reason.isAbsorbed ? Set(kept).subtracting(uncertainty.columns) : []
    let tested = kept.filter { uncertainty.varies($0) && !absorbed.contains($0) }
    for column in tested {
      let name = classifier.encoding.termName(ofColumn: column)
      if columns[name] == nil { names.append(name) }
      columns[name, default: []].append(column)
    }
    let single = names.compactMap { name in
      test(name, of: columns[name] ?? [], in: uncertainty)
    }
    return single
      + (names.count > 1 ? [test(nil, of: tested, in: uncertainty)].compactMap { $0 } : [])
  }

  private func test(
    _ name: String?, of columns: [Int], in uncertainty: Uncertainty
  ) -> WaldTest? {
    let contrasts = classifier.coefficients.contrasts(to: uncertainty.reference)
    var places: [Int] = []
    var values: [Double] = []
    let wanted = Set(columns)
    for (place, parameter) in uncertainty.parameters.enumerated() {
      guard case .coefficient(let unit, let column?) = parameter, wanted.contains(column)
      else { continue }
      places.append(place)
      values.append(contrasts.weights[unit][column])
    }
    guard places.count == columns.count * (classifier.classNames.count - 1) else { return nil }
    return uncertainty.test(name, that: values, at: places)
  }
}

extension Uncertainty {
  /// The distribution for tests of estimates: t with G - 1 degrees of freedom for G clusters, or
  /// with the degrees of freedom of an estimated dispersion.
  package var distribution: WaldDistribution {
    WaldDistribution(freedom: kind?.freedom(ofUnits: unitCount))
  }

  /// The columns with a coefficient that has a standard error.
  fileprivate var columns: [Int] {
    parameters.compactMap { if case .coefficient(_, let column) = $0 { column } else { nil } }
  }

  /// Whether every coefficient of a column has a positive variance.
  fileprivate func varies(_ column: Int) -> Bool {
    !parameters.enumerated().contains { place, parameter in
      guard case .coefficient(_, column) = parameter else { return false }
      return covariance[place, place] == 0
    }
  }

  /// The test that the parameters at `places`, ascending, with estimates `values`, are zero; nil if
  /// their covariance is singular, or if there are fewer than two units per coefficient.
  package func test(_ name: String?, that values: [Double], at places: [Int]) -> WaldTest? {
    // A robust covariance has at most one dimension per unit, and a test near that limit is
    // invalid.
    let units = kind == .quasi ? nil : unitCount
    guard !values.isEmpty, units.map({ Double(2 * values.count) < $0 }) ?? true,
      let factor = Cholesky(covariance.restricted(to: places), tolerance: 1e-10)
    else { return nil }
    let statistic = values.dot(factor.solve(values))
    guard statistic.isFinite, statistic >= 0 else { return nil }
    return WaldTest(
      feature: name, statistic: statistic, degreesOfFreedom: values.count,
      pValue: distribution.jointTail(statistic, count: values.count))
  }
}

extension ParameterTable.Row {
  /// Adds the standard error of the unconstrained `value`, by the delta method; the interval is
  /// mapped from that scale.
  fileprivate mutating func add(
    _ error: Double, of value: Double, on scale: AuxiliaryParameter.Scale, quantile: Double
  ) {
    let half = quantile * error
    let (low, high) = (scale.natural(value - half), scale.natural(value + half))
    let slope = scale.slope(value)
    guard low.isFinite, high.isFinite, low <= high, (slope * error).isFinite else { return }
    standardError = slope * error
    interval = low...high
  }
}

extension SymmetricMatrix {
  /// The entries on and below the diagonal, row by row.
  var lowerTriangle: [Double] {
    (0..<dimension).flatMap { row in (0...row).map { self[row, $0] } }
  }
}

extension AuxiliaryParameter.Scale {
  /// The derivative of the natural value with respect to the unconstrained one.
  func slope(_ value: Double) -> Double {
    switch self {
    case .identity: return 1
    case .logarithm: return natural(value)
    case .logit: return slope(ofNatural: natural(value))
    }
  }

  /// The derivative of a share with respect to its log odds.
  func slope(ofNatural share: Double) -> Double { share * (1 - share) }
}
