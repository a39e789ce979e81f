import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

extension Fit where M == LinearPredictor {
  /// The fit as plain values, with coefficients relative to class `reference`.
  public func record(reference: Int = 0) -> FitRecord {
    let rows = coefficientRows(reference)
    var record = FitRecord(
      specification: specification(reference), convergence: convergence, statistics: statistics,
      parameters: ParameterTable(
        columnNames: classifier.encoding.columnNames, rows: rows + auxiliaryRows),
      warnings: warnings + statusWarnings(reference, rows))
    if aliased.reduce(0, { $0 + $1.combination.count + 1 }) <= FitRecord.keptDependencyLimit {
      record.dependencies = aliased
    }
    if let aggregation = votes?.aggregation {
      record.votes = VoteRecord(aggregation)
      record.warnings += aggregation.warnings.map { .votes($0) }
    }
    return record
  }

  private func specification(_ reference: Int) -> FitRecord.Specification {
    FitRecord.Specification(
      model: "softmax", likelihood: likelihood.name,
      reading: votes?.interpretation ?? likelihood.interpretation,
      labels: labelKind, prior: priorRecord, weighting: weighting,
      hasIntercept: classifier.model.hasIntercept, reference: reference)
  }

  private func coefficientRows(_ reference: Int) -> [ParameterTable.Row] {
    let contrasts = classifier.coefficients.contrasts(to: reference)
    let aliasedColumns = Set(aliased.map(\.column))
    func row(_ unit: Int, _ column: Int?, _ value: Double) -> ParameterTable.Row {
      let state: ParameterTable.State =
        column.map(aliasedColumns.contains) ?? false
        ? .aliased
        : infinity(unit, column, reference) ?? (value.isFinite ? .estimated : .outOfRange)
      return ParameterTable.Row(
        .coefficient(class: unit, column: column), estimate: state == .estimated ? value : nil,
        state: state)
    }
    return contrasts.weights.indices.filter { $0 != reference }.flatMap { unit in
      (contrasts.intercepts.isEmpty ? [] : [row(unit, nil, contrasts.intercepts[unit])])
        + contrasts.weights[unit].enumerated().map { row(unit, $0, $1) }
    }
  }

  /// Whether the contrast of a class with a reference class has an estimate; `column` nil is the
  /// intercept.
  public func coefficientState(
    class unit: Int, column: Int?, against reference: Int
  ) -> ParameterTable.State {
    if let column, !kept.contains(column) { return .aliased }
    return infinity(unit, column, reference) ?? .estimated
  }

  /// The infinite limit of the contrast of a class with the reference along the separating
  /// direction; nil if the contrast stays finite.
  private func infinity(
    _ unit: Int, _ column: Int?, _ reference: Int
  ) -> ParameterTable.State? {
    guard case .separated(let separation) = status else { return nil }
    let change: Double
    if let column {
      guard let place = kept.firstIndex(of: column),
        !separation.isFinite(column: place, class: unit, against: reference)
      else { return nil }
      change = separation.change(ofColumn: place, class: unit, against: reference)
    } else {
      guard let found = interceptChange(unit, reference, along: separation) else { return nil }
      change = found
    }
    return change == 0 ? .infinite : change > 0 ? .plusInfinite : .minusInfinite
  }

  /// The change of the intercept on the user's scale, b - Σ c W / s: it is finite only if the
  /// infinite parts cancel.
  private func interceptChange(
    _ unit: Int, _ reference: Int, along separation: Separation
  ) -> Double? {
    let (classes, columns) = (separation.classCount, separation.columnCount)
    let direction = separation.direction
    // A finite difference is zero along the direction, up to rounding.
    func isFixed(_ column: Int?) -> Bool {
      separation.isFinite(column: column, class: unit, against: reference)
    }
    let map = classifier.affineMap
    let constant = classes * columns
    var sum = isFixed(nil) ? 0 : direction[constant + unit] - direction[constant + reference]
    var size = sum.magnitude
    for (place, column) in kept.enumerated() where !isFixed(place) {
      let slope = separation.change(ofColumn: place, class: unit, against: reference)
      let term = map.interceptShift(slope, column)
      sum -= term
      size += term.magnitude
    }
    return sum.magnitude > 1e-9 * size ? sum : nil
  }
}

/// Parts of the record that fits of all models share.
extension Fit {
  var priorRecord: FitRecord.PriorRecord {
    let weight = statistics.totalWeight
    return FitRecord.PriorRecord(
      name: informationPenalty == .none ? prior.name : informationPenalty.rawValue,
      precision: prior.strength?.precision(totalWeight: weight),
      lambda: prior.strength?.lambda(totalWeight: weight),
      isStandardized: options.penalizesStandardized && prior.isProper)
  }

  var convergence: FitRecord.Convergence {
    FitRecord.Convergence(
      solvers: solvers, isConverged: status.isConverged, termination: status.name,
      iterations: solution.iterations, passes: solution.evaluations,
      setUpPasses: setUpPasses, curvatureEvaluations: solution.curvatureEvaluations,
      tolerance: options.stopping.tolerance)
  }

  /// The likelihood's parameters in natural units.
  var auxiliaryRows: [ParameterTable.Row] {
    let own = classifier.parameters[classifier.model.parameterCount...]
    let derived = derivedProbabilities.map {
      ParameterTable.Row(.auxiliary($0.name), estimate: $0.value)
    }
    guard likelihood.reportsAuxiliaryParameters else { return derived }
    let parameters = likelihood.auxiliaryParameters(classCount: classifier.classNames.count)
    return zip(parameters, own).map { parameter, value in
      ParameterTable.Row(.auxiliary(parameter.name), estimate: parameter.scale.natural(value))
    } + derived
  }

  /// The probabilities reported instead of the auxiliary parameters.
  package var derivedProbabilities: [DerivedProbability] {
    likelihood.derivedProbabilities(
      of: Array(classifier.parameters[classifier.model.parameterCount...]),
      classCount: classifier.classNames.count)
  }

  /// Warnings about the status of the fit; `rows` are the listed coefficients, if any.
  func statusWarnings(_ reference: Int, _ rows: [ParameterTable.Row]) -> [FitWarning] {
    switch status {
    case .converged, .trained: []
    case .separated(let separation): [.separated(warning(of: separation, reference, rows))]
    case .notConverged(let termination): [.notConverged(termination)]
    }
  }

  private func warning(
    of separation: Separation, _ reference: Int, _ rows: [ParameterTable.Row]
  ) -> SeparationWarning {
    let (classes, columns) = (classifier.classNames, classifier.encoding.columnNames)
    return SeparationWarning(
      kind: separation.kind, columns: separation.columns.map { columns[kept[$0]] },
      classGroups: separation.classGroups.map { $0.map { classes[$0] } },
      rowCount: separation.rowCount, isRigorous: separation.isRigorous,
      infiniteCount: rows.count { $0.state.isInfinite },
      coefficientCount: rows.count, reference: classes[reference], allowsJeffreys: hasJeffreys)
  }

  /// Whether the labels have the information that Jeffreys' penalty requires.
  private var hasJeffreys: Bool {
    likelihood.equalsMinusCrossEntropy && (labelKind == .classes || labelKind == .counts)
      && !likelihood.isQuasiLikelihood(of: objective.responses)
  }
}
