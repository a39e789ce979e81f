/// `digits * 10^exponent` to the nearest double by one or two 64-bit products.
///
/// The product of the digits with 128 bits of the power of five is exact enough to round: D.
/// Lemire, "Number parsing at a gigabyte per second", doi 10.1002/spe.2984; that no case is left
/// undecided is shown by N. Mushtak and D. Lemire, "Fast number parsing without fallback", doi
/// 10.1002/spe.3198.
enum EiselLemire {
  /// The nearest double, ties to even; infinity beyond the largest one. All 64 bits of `digits` are
  /// significant.
  @inline(__always)
  static func double(
    digits: UInt64, exponent: Int, powers: PowersOfFive = .shared
  ) -> Double {
    guard digits != 0, exponent >= PowersOfFive.range.lowerBound else { return 0 }
    guard exponent <= PowersOfFive.range.upperBound else { return .infinity }
    let shift = digits.leadingZeroBitCount
    let product = product(of: digits &<< UInt64(shift), exponent: exponent, powers)
    let upper = Int(product.high >> 63)
    // 52 bits of fraction, the leading one, one rounding bit and one spare bit.
    let cut = UInt64(upper + 9)
    var mantissa = product.high &>> cut
    var power = binaryExponent(ofTen: exponent) + upper - shift + 1023
    if power <= 0 { return subnormal(mantissa, power: power) }
    // Exactly half way between two doubles, which is possible for few exponents only.
    if product.low <= 1, exponent >= -4, exponent <= 23, mantissa & 3 == 1,
      mantissa &<< cut == product.high
    {
      mantissa &= ~1
    }
    mantissa = (mantissa + (mantissa & 1)) >> 1
    if mantissa >= 1 << 53 {
      mantissa = 1 << 52
      power += 1
    }
    if power >= 2047 { return .infinity }
    return Double(bitPattern: mantissa & (1 << 52 - 1) | UInt64(power) << 52)
  }

  /// The upper 128 bits of digits (shifted to the left) times the power of five.
  @inline(__always)
  private static func product(
    of digits: UInt64, exponent: Int, _ powers: PowersOfFive
  ) -> (high: UInt64, low: UInt64) {
    // The exponent was checked against the range of the table.
    let power = powers.bits[exponent &- PowersOfFive.range.lowerBound]
    var (high, low) = digits.multipliedFullWidth(by: power.high)
    // The lower half of the power matters only if it can carry into the bits that are kept.
    if high & 0x1FF == 0x1FF {
      let second = digits.multipliedFullWidth(by: power.low).high
      let (sum, carry) = low.addingReportingOverflow(second)
      low = sum
      if carry { high &+= 1 }
    }
    return (high, low)
  }

  /// `floor(log2(10^exponent)) + 63`, by a product that is exact in this range.
  @inline(__always)
  private static func binaryExponent(ofTen exponent: Int) -> Int {
    ((152_170 + 65_536) * exponent) >> 16 + 63
  }

  private static func subnormal(_ mantissa: UInt64, power: Int) -> Double {
    guard 1 - power < 64 else { return 0 }
    var mantissa = mantissa &>> UInt64(1 - power)
    mantissa = (mantissa + (mantissa & 1)) >> 1
    // Rounded up to 2^52 it is the least normal number, whose bits are just that.
    return Double(bitPattern: mantissa)
  }
}
