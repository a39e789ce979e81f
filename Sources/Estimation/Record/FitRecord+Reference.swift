import SurprisalLinearAlgebra

extension FitRecord {
  /// The record with coefficients relative to another class.
  ///
  /// Each is the difference of two coefficients, with its error from their covariance; joint tests
  /// of features are unchanged, and profiles of single coefficients are omitted. Without the
  /// covariance there are no errors.
  public func against(reference: Int) -> FitRecord {
    guard reference != specification.reference else { return self }
    let old = specification.reference
    var known: [ParameterTable.Identity: ParameterTable.Row] = [:]
    for row in parameters.rows { known[row.identity] = row }
    let matrix = parameters.covarianceMatrix
    var contrasts: [[(place: Int, sign: Double)]] = []
    func row(_ unit: Int, _ column: Int?) -> ParameterTable.Row? {
      guard let base = known[.coefficient(class: reference, column: column)] else { return nil }
      let own = unit == old ? nil : known[.coefficient(class: unit, column: column)]
      var result = ParameterTable.Row(
        .coefficient(class: unit, column: column), estimate: nil,
        state: Self.state(own?.state ?? .estimated, base.state))
      guard result.state == .estimated, let estimate = base.estimate else { return result }
      result.estimate = (own?.estimate ?? 0) - estimate
      guard let matrix, let place = base.place, own == nil || own?.place != nil else {
        return result
      }
      let terms = (own?.place.map { [($0, 1.0)] } ?? []) + [(place, -1.0)]
      result.standardError = Self.product(terms, matrix, terms).squareRoot()
      result.place = contrasts.count
      contrasts.append(terms)
      return result
    }
    let columns = parameters.rows.compactMap { row -> Int?? in
      if case .coefficient(reference, let column) = row.identity { column } else { nil }
    }
    let classes = Set(
      parameters.rows.compactMap { row -> Int? in
        if case .coefficient(let unit, _) = row.identity { unit } else { nil }
      } + [old]
    ).subtracting([reference]).sorted()
    var result = self
    result.parameters.rows =
      classes.flatMap { unit in columns.compactMap { row(unit, $0) } }
      + parameters.rows.filter { if case .auxiliary = $0.identity { true } else { false } }
    result.parameters.covariance = matrix.map { matrix in
      contrasts.indices.flatMap { row in
        (0...row).map { Self.product(contrasts[row], matrix, contrasts[$0]) }
      }
    }
    result.specification.reference = reference
    result.profile = nil
    return result
  }

  private static func product(
    _ first: [(place: Int, sign: Double)], _ matrix: SymmetricMatrix,
    _ second: [(place: Int, sign: Double)]
  ) -> Double {
    first.reduce(0) { sum, one in
      second.reduce(sum) { $0 + one.sign * $1.sign * matrix[one.place, $1.place] }
    }
  }

  /// The state of a difference.
  private static func state(
    _ own: ParameterTable.State, _ base: ParameterTable.State
  ) -> ParameterTable.State {
    if own == .aliased || base == .aliased { return .aliased }
    if own == .outOfRange || base == .outOfRange { return .outOfRange }
    switch (own.isInfinite, base.isInfinite) {
    case (false, false): return .estimated
    case (true, false): return own
    case (false, true):
      return base == .plusInfinite
        ? .minusInfinite : base == .minusInfinite ? .plusInfinite : .infinite
    case (true, true):
      return own != base && own.infinity != nil && base.infinity != nil ? own : .infinite
    }
  }
}
