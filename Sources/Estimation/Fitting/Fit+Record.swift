import SurprisalDatasets
import SurprisalModels
import SurprisalProbability

extension Fit where M == AffineLogits {
  /// The fit as plain values, with coefficients against class `reference`.
  public func record(reference: Int = 0) -> FitRecord {
    let coefficients = coefficients(reference)
    return FitRecord(
      specification: specification(reference), course: course, statistics: statistics,
      coefficients: coefficients, ownParameters: ownParameters,
      warnings: notices(reference: reference, coefficients))
  }

  private func specification(_ reference: Int) -> FitRecord.Specification {
    FitRecord.Specification(
      model: "softmax", likelihood: likelihood.name, reading: likelihood.interpretation,
      labels: labelKind, prior: priorRecord, weighting: weighting,
      hasIntercept: classifier.model.hasIntercept, reference: reference)
  }

  private func coefficients(_ reference: Int) -> [FitRecord.Coefficient] {
    let contrasts = classifier.coefficients.contrasts(to: reference)
    let names = classifier.encoding.columnNames
    let aliasedColumns = Set(aliased.map(\.column))
    var result: [FitRecord.Coefficient] = []
    for unit in contrasts.weights.indices where unit != reference {
      if let intercept = contrasts.intercepts.isEmpty ? nil : contrasts.intercepts[unit] {
        result.append(coefficient(unit, FitRecord.interceptName, intercept, nil, reference))
      }
      for (column, name) in names.enumerated() {
        if aliasedColumns.contains(column) {
          result.append(
            FitRecord.Coefficient(
              classIndex: unit, feature: name, estimate: nil, state: .aliased))
        } else {
          result.append(
            coefficient(unit, name, contrasts.weights[unit][column], column, reference))
        }
      }
    }
    return result
  }

  /// `column` is nil for an intercept.
  private func coefficient(
    _ unit: Int, _ name: String, _ value: Double, _ column: Int?, _ reference: Int
  ) -> FitRecord.Coefficient {
    let state = state(of: value, unit, column, reference)
    return FitRecord.Coefficient(
      classIndex: unit, feature: name, estimate: state == .estimated ? value : nil, state: state)
  }

  private func state(
    of value: Double, _ unit: Int, _ column: Int?, _ reference: Int
  ) -> FitRecord.CoefficientState {
    isInfinite(unit, column, reference) ? .infinite : value.isFinite ? .estimated : .outOfRange
  }

  /// Whether the contrast of a class with a reference class has an estimate; `column` nil is the
  /// intercept.
  public func coefficientState(
    class unit: Int, column: Int?, against reference: Int
  ) -> FitRecord.CoefficientState {
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
    let constant = classes * columns
    var sum = isFixed(nil) ? 0 : direction[constant + unit] - direction[constant + reference]
    var size = sum.magnitude
    for (place, column) in kept.enumerated() where !isFixed(place) {
      let slope = direction[unit * columns + place] - direction[reference * columns + place]
      let standardization = classifier.standardization
      let term = slope / standardization.scales[column] * standardization.centers[column]
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

  var course: FitRecord.Course {
    FitRecord.Course(
      solvers: solvers, isConverged: status.isConverged, termination: status.name,
      iterations: solution.iterations, passes: solution.evaluations,
      setUpPasses: setUpPasses, curvatureEvaluations: solution.curvatureEvaluations,
      tolerance: options.stopping.tolerance)
  }

  var ownParameters: [FitRecord.OwnParameter] {
    let values = classifier.parameters[classifier.model.parameterCount...]
    let parameters = likelihood.auxiliaryParameters(classCount: classifier.classNames.count)
    return zip(parameters, values).map { parameter, value in
      FitRecord.OwnParameter(
        name: parameter.name, estimate: parameter.scale.natural(value))
    }
  }

  /// What a user should know, in sentences; `coefficients` are those that are listed, if any.
  func notices(
    reference: Int = 0, _ coefficients: [FitRecord.Coefficient] = []
  ) -> [FitRecord.Notice] {
    warnings.map { notice($0) } + statusNotices(reference, coefficients)
  }

  private func notice(_ warning: FitWarning) -> FitRecord.Notice {
    switch warning {
    case .rareClass(let index, let weight):
      FitRecord.Notice(
        code: "label.rare",
        message: "class \"\(classifier.classNames[index])\" has a mass of only \(weight)")
    case .existenceUndecided(let reason):
      FitRecord.Notice(
        code: "fit.existence",
        message: "whether a maximum exists was not decided: \(reason.sentence)")
    case .boundary(let text):
      FitRecord.Notice(code: "fit.boundary", message: "the optimum is at a boundary: \(text)")
    case .severalOptima(let values):
      FitRecord.Notice(
        code: "fit.optima",
        message: "the starts led to \(values.count) distinct optima, with objectives "
          + values.prefix(5).map { "\(($0 * 1e8).rounded() / 1e8)" }.joined(separator: ", ")
          + (values.count > 5 ? " ..." : "") + "; the first is reported")
    case .caution(let text): FitRecord.Notice(code: "fit.caution", message: text)
    case .rankUnexamined:
      FitRecord.Notice(
        code: "fit.rank",
        message: "the features are too many to look for columns that depend on others; a prior "
          + "makes the coefficients unique")
    case .rankDeficient(let rank, let columns) where Double(columns) > statistics.rowCount:
      FitRecord.Notice(
        code: "fit.aliased",
        message: "the maximum is not identified: \(columns) columns of rank \(rank) for "
          + "\(Int(exactly: statistics.rowCount).map(String.init) ?? "fewer") rows, so infinitely many coefficients give "
          + "the same probabilities; a prior (--l2 LAMBDA) makes them unique; fitted values are not "
          + "affected")
    case .rankDeficient(let rank, let columns):
      FitRecord.Notice(
        code: "fit.aliased",
        message: "the design matrix has rank \(rank) and \(columns) columns: "
          + aliasedDescription + "; fitted values are not affected")
    }
  }

  /// How many of the coefficients that are listed are infinite: as many as the table marks.
  private func infinitePhrase(_ reference: Int, _ all: [FitRecord.Coefficient]) -> String {
    let count = all.count { $0.state == .infinite }
    return "\(count) of the \(all.count) coefficients against class "
      + "\(classifier.classNames[reference]) \(count == 1 ? "is" : "are") infinite"
  }

  /// Whether the labels have the information that Jeffreys' penalty is made of.
  private var hasJeffreys: Bool {
    likelihood.equalsMinusCrossEntropy && (labelKind == .classes || labelKind == .counts)
      && !likelihood.isQuasiLikelihood(of: objective.responses)
  }

  /// `"c" = "a" + "b"`, for the first few aliased columns.
  private var aliasedDescription: String {
    let names = classifier.encoding.columnNames
    let rest = aliased.count - 5
    return aliased.prefix(5).map { $0.equation(columnNames: names) }.joined(separator: "; ")
      + (rest > 0 ? "; and \(rest) more" : "")
  }

  private func statusNotices(
    _ reference: Int, _ coefficients: [FitRecord.Coefficient]
  ) -> [FitRecord.Notice] {
    switch status {
    case .converged, .trained: []
    case .separated(let separation):
      [
        FitRecord.Notice(
          code: "fit.separation",
          message: separation.sentence(
            classNames: classifier.classNames,
            columnNames: kept.map { classifier.encoding.columnNames[$0] })
            + "; " + infinitePhrase(reference, coefficients)
            + "; a prior (--l2 LAMBDA\(hasJeffreys ? ", or --prior jeffreys" : "")) gives finite ones"
        )
      ]
    case .notConverged(let termination):
      [
        FitRecord.Notice(
          code: "fit.notconverged", message: "the fit did not converge: \(termination.sentence)")
      ]
    }
  }
}
