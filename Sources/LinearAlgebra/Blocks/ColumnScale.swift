/// How a column is shifted and scaled so that its length is one: about its mean with an intercept,
/// about zero without.
struct ColumnScale {
  /// A power of two that brings the largest magnitude to [1, 2): exact, and safe for any range.
  let power: Double
  /// Its first value, scaled: differences from it are exact where digits are scarce.
  let shift: Double
  /// The mean of what is left.
  let mean: Double
  /// The length of what is left after that; 0 for a column that is constant up to rounding.
  let length: Double
  /// The length before anything was subtracted.
  let rawLength: Double

  /// Rounding of entries is at most half an ulp each; this many allow for the caller's arithmetic.
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

  /// What rounding of the entries alone can leave of a unit column.
  var noise: Double { length > 0 ? Self.roundings * .ulpOfOne * rawLength / length : 1 }

  /// The mean of the column in its own units.
  var center: Double { (shift + mean) / power }

  /// A value as the unit column has it.
  func normalize(_ value: Double) -> Double { (value * power - shift - mean) / length }

  /// Length of the column in its own units over that of another, without intermediate overflow.
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
