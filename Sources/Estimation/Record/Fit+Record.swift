import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

extension Fit where M == LinearPredictor {
  /// The fit as plain values, with coefficients against class `reference`.
  public func record(reference: Int = 0) -> FitRecord {
    let rows = coefficientRows(reference)
    return FitRecord(
      specification: specification(reference), convergence: convergence, statistics: statistics,
      parameters: ParameterTable(
        columnNames: classifier.encoding.columnNames, rows: rows + auxiliaryRows),
      warnings: warnings + statusWarnings(reference, rows))
  }

  private func specification(_ reference: Int) -> FitRecord.Specification {
    FitRecord.Specification(
      model: "softmax", likelihood: likelihood.name, reading: likelihood.interpretation,
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
        : isInfinite(unit, column, reference)
          ? .infinite : value.isFinite ? .estimated : .outOfRange
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
    return isInfinite(unit, column, reference) ? .infinite : .estimated
  }

  /// Whether the contrast of a class with the reference runs off along the separating direction.
  private func isInfinite(_ unit: Int, _ column: Int?, _ reference: Int) -> Bool {
    guard case .separated(let separation) = status else { return false }
    guard let column else {
      return interceptRunsOff(unit, reference, along: separation)
    }
    guard let place = kept.firstIndex(of: column) else { return false }
    return !separation.isFinite(column: place, class: unit, against: reference)
  }

  /// The intercept on the user's scale is b - Σ c W / s: it stays only if what runs off cancels.
  private func interceptRunsOff(
    _ unit: Int, _ reference: Int, along separation: Separation
  ) -> Bool {
    let (classes, columns) = (separation.classCount, separation.columnCount)
    let direction = separation.direction
    // A difference that is finite is zero along the direction; what is left of it is rounding.
    func isFixed(_ column: Int?) -> Bool {
      separation.isFinite(column: column, class: unit, against: reference)
    }
    let map = classifier.affineMap
    let constant = classes * columns
    var sum = isFixed(nil) ? 0 : direction[constant + unit] - direction[constant + reference]
    var size = sum.magnitude
    for (place, column) in kept.enumerated() where !isFixed(place) {
      let slope = direction[unit * columns + place] - direction[reference * columns + place]
      let term = map.interceptShift(slope, column)
      sum -= term
      size += term.magnitude
    }
    return sum.magnitude > 1e-9 * size
  }
}

/// What fits of all models have in common.
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
    let parameters = likelihood.auxiliaryParameters(classCount: classifier.classNames.count)
    return zip(parameters, own).map { parameter, value in
      ParameterTable.Row(.auxiliary(parameter.name), estimate: parameter.scale.natural(value))
    }
  }

  /// What the status of the fit says; `rows` are the coefficients that are listed, if any.
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
      infiniteCount: rows.count { $0.state == .infinite },
      coefficientCount: rows.count, reference: classes[reference], allowsJeffreys: hasJeffreys)
  }

  /// Whether the labels have the information that Jeffreys' penalty is made of.
  private var hasJeffreys: Bool {
    likelihood.equalsMinusCrossEntropy && (labelKind == .classes || labelKind == .counts)
      && !likelihood.isQuasiLikelihood(of: objective.responses)
  }
}
