import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra

extension ColumnDependencies.Aliased {
  /// The combination in the user's units, from that of standardised columns.
  ///
  /// From (x - c)/s = a + Σ bⱼ (xⱼ - cⱼ)/sⱼ follows x = c + s a + Σ (bⱼ s/sⱼ) (xⱼ - cⱼ).
  /// Coefficients that equal a whole number up to rounding are rounded to it; a constant that
  /// equals zero up to rounding becomes zero.
  func unstandardized(_ standardization: Standardization) -> ColumnDependencies.Aliased {
    let scale = standardization.scales[column]
    var constant = standardization.centers[column] + scale * interceptCoefficient
    var size = constant.magnitude
    let terms = combination.map { term -> ColumnDependencies.Term in
      let coefficient = Self.snapped(
        term.coefficient * (scale / standardization.scales[term.column]))
      let shift = coefficient * standardization.centers[term.column]
      constant -= shift
      size += shift.magnitude
      return ColumnDependencies.Term(column: term.column, coefficient: coefficient)
    }
    let isNone = constant.magnitude <= ColumnDependencies.tolerance * size
    return ColumnDependencies.Aliased(
      column: column, combination: terms, interceptCoefficient: isNone ? 0 : Self.snapped(constant))
  }

  private static func snapped(_ value: Double) -> Double {
    let whole = value.rounded()
    let isWhole = (value - whole).magnitude <= ColumnDependencies.tolerance * value.magnitude
    return whole != 0 && isWhole ? whole : value
  }
}

extension ColumnDependencies.Aliased {
  /// The combination as an equation: `"c" = 2 * "a" + "b"`.
  public func equation(columnNames: [String]) -> String {
    var terms = combination.prefix(5).map { term in
      (term.coefficient == 1 ? "" : Self.rounded(term.coefficient) + " * ")
        + "\"\(columnNames[term.column])\""
    }
    if combination.count > 5 { terms.append("...") }
    if interceptCoefficient != 0 || terms.isEmpty {
      terms.insert(Self.rounded(interceptCoefficient), at: 0)
    }
    return "\"\(columnNames[column])\" = " + terms.joined(separator: " + ")
  }

  /// The value with six significant digits.
  private static func rounded(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    let unit = Double.pow(10, 6 - Double.log10(value.magnitude).rounded(.up))
    let digits = (value * unit).rounded() / unit
    guard digits.isFinite else { return "\(value)" }
    return Int(exactly: digits).map(String.init) ?? "\(digits)"
  }
}
