import SurprisalLinearAlgebra

extension Uncertainty {
  /// The covariance of the coefficients of all classes in the symmetric parametrisation, in which those
  /// of a column sum to zero over the classes.
  public struct Symmetric: Sendable {
    /// Class by class, all of them, the intercept first; then own parameters.
    public let parameters: [Parameter]
    /// One row and column for each of `parameters`. Its rank is (C - 1) / C of what it would be: it is
    /// the pseudo-inverse of the information in these coordinates where the errors are `information`.
    public let covariance: SymmetricMatrix

    /// The variance of the difference of two parameters: the same as in any other parametrisation.
    public func varianceOfDifference(_ first: Parameter, _ second: Parameter) -> Double? {
      guard let row = parameters.firstIndex(of: first),
        let column = parameters.firstIndex(of: second)
      else { return nil }
      return covariance[row, row] + covariance[column, column] - 2 * covariance[row, column]
    }
  }

  /// The same uncertainty in the symmetric parametrisation, whose coefficients are
  /// `γ_k = β_k - (1/C) Σ β_j`, the reference class having β zero.
  ///
  /// nil where some column has an error for some classes alone, as in separated data. Complexity:
  /// O(P²) for P coefficients.
  public func symmetric(classCount: Int) -> Symmetric? {
    var places: [Parameter: Int] = [:]
    for (place, parameter) in parameters.enumerated() { places[parameter] = place }
    var columns: [Int?] = []
    var own: [Parameter] = []
    for parameter in parameters {
      switch parameter {
      case .coefficient(_, let column): if !columns.contains(column) { columns.append(column) }
      case .own: own.append(parameter)
      }
    }
    var result: [Parameter] = []
    var rows: [[(place: Int, factor: Double)]] = []
    for unit in 0..<classCount {
      for column in columns {
        var row: [(place: Int, factor: Double)] = []
        for other in 0..<classCount where other != reference {
          guard let place = places[.coefficient(class: other, column: column)] else { return nil }
          row.append((place, (other == unit ? 1 : 0) - 1 / Double(classCount)))
        }
        result.append(.coefficient(class: unit, column: column))
        rows.append(row)
      }
    }
    for parameter in own {
      guard let place = places[parameter] else { return nil }
      result.append(parameter)
      rows.append([(place, 1)])
    }
    return Symmetric(parameters: result, covariance: mapped(by: rows))
  }

  /// `A V A'`, A given by the entries of its rows.
  private func mapped(by rows: [[(place: Int, factor: Double)]]) -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: rows.count)
    var vector = [Double](repeating: 0, count: covariance.dimension)
    for (index, row) in rows.enumerated() {
      for term in row { vector[term.place] = term.factor }
      let product = covariance.multiply(vector)
      for other in 0...index {
        result[index, other] = rows[other].reduce(0) { $0 + product[$1.place] * $1.factor }
      }
      for term in row { vector[term.place] = 0 }
    }
    return result
  }
}
