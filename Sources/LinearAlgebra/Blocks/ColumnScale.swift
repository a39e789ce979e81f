/// The shift and scale that give a column length one: about its mean with an intercept, about zero
/// without.
struct ColumnScale {
  /// A power of two that brings the largest magnitude to [1, 2): exact, without overflow.
  let power: Double
  /// The scaled first value; differences from it are exact if the column hardly varies.
  let shift: Double
  /// The mean after the shift.
  let mean: Double
  /// The length after subtracting shift and mean; 0 if the column is constant up to rounding.
  let length: Double
  /// The length before anything was subtracted.
  let rawLength: Double

  /// Multiple of the unit roundoff that allows for rounding of entries (half an ulp each) and in
  /// the caller's arithmetic.
  private static let roundings = 8.0

  init(of column: Int, in features: BlockedMatrix, rows: ActiveRows, isCentred: Bool) {
    var top = 0.0
    Self.forEach(features, column, rows) { top = Swift.max(top, $0.magnitude) }
    let power = top > 0 && top.isFinite ? Self.reciprocalPower(of: top) : 1
    let shift = isCentred ? rows.first.map { features[$0, column] * power } ?? 0 : 0
    var sum = 0.0
    if isCentred { Self.forEach(features, column, rows) { sum += $0 * power - shift } }
    let mean = sum / Double(Swift.max(rows.count, 1))
    var square = 0.0
    var rawSquare = 0.0
    Self.forEach(features, column, rows) {
      let value = $0 * power
      rawSquare += value * value
      square += (value - shift - mean) * (value - shift - mean)
    }
    let isConstant =
      isCentred && square.squareRoot() <= Self.roundings * .ulpOfOne * rawSquare.squareRoot()
    self.power = power
    self.shift = shift
    self.mean = mean
    length = isConstant ? 0 : square.squareRoot()
    rawLength = rawSquare.squareRoot()
  }

  /// The residual of a unit column that rounding of its entries alone can explain.
  var noise: Double { length > 0 ? Self.roundings * .ulpOfOne * rawLength / length : 1 }

  /// The mean of the column in its own units.
  var center: Double { (shift + mean) / power }

  /// A value on the scale of the unit column.
  func normalize(_ value: Double) -> Double { (value * power - shift - mean) / length }

  /// The length of the column in its own units over that of another, without intermediate overflow.
  func lengthRatio(to other: ColumnScale) -> Double {
    length / other.length * (other.power / power)
  }

  private static func reciprocalPower(of top: Double) -> Double {
    let exponent = Swift.min(Swift.max(-top.exponent, -1022), 1022)
    return Double(sign: .plus, exponent: exponent, significand: 1)
  }

  private static func forEach(
    _ features: BlockedMatrix, _ column: Int, _ rows: ActiveRows, _ body: (Double) -> Void
  ) {
    features.forEachSegment(ofColumn: column) { segment, indices in
      for (offset, row) in indices.enumerated() where rows.counts[row] { body(segment[offset]) }
    }
  }
}
