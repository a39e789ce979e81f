import Foundation

/// A number of 64 bits before the point and 192 after it, some 57 decimal digits: slow and simple,
/// for checking results in double precision. A result beyond 2^63 is an error of the test.
struct WideNumber {
  private var isNegative: Bool
  /// The magnitude, the least significant limb first.
  private var limbs: SIMD4<UInt64>

  private init(isNegative: Bool, limbs: SIMD4<UInt64>) {
    (self.isNegative, self.limbs) = (isNegative, limbs)
  }

  /// A double; bits below 2^-192 are dropped.
  init(_ value: Double) {
    precondition(value.magnitude < 0x1p63)
    self.init(isNegative: value < 0, limbs: .zero)
    guard value != 0 else { return }
    let digits = UInt64(value.magnitude.significand * 0x1p52)
    let place = Int(value.exponent) - 52 + 192
    if place < 0 {
      limbs[0] = place > -64 ? digits >> UInt64(-place) : 0
    } else {
      let (limb, shift) = (place / 64, UInt64(place % 64))
      limbs[limb] = digits << shift
      if shift > 0, limb < 3 { limbs[limb + 1] = digits >> (64 - shift) }
    }
  }

  static let zero = WideNumber(0)
  static let one = WideNumber(1)

  /// The nearest double, up to one or two roundings.
  var double: Double {
    var sum = 0.0
    for index in 0..<4 {
      sum += Double(sign: .plus, exponent: 64 * (index - 3), significand: Double(limbs[index]))
    }
    return isNegative ? -sum : sum
  }

  static prefix func - (a: WideNumber) -> WideNumber {
    WideNumber(isNegative: !a.isNegative, limbs: a.limbs)
  }

  static func + (a: WideNumber, b: WideNumber) -> WideNumber {
    if a.isNegative == b.isNegative {
      let (sum, carry) = combined(a, b) { $0.addingReportingOverflow($1) }
      precondition(carry == 0)
      return WideNumber(isNegative: a.isNegative, limbs: sum)
    }
    let (large, small) = isLess(a.limbs, b.limbs) ? (b, a) : (a, b)
    let (rest, _) = combined(large, small) { $0.subtractingReportingOverflow($1) }
    return WideNumber(isNegative: large.isNegative, limbs: rest)
  }

  /// The limbs of a sum or a difference, and what the last of them carries.
  private static func combined(
    _ a: WideNumber, _ b: WideNumber,
    by operation: (UInt64, UInt64) -> (partialValue: UInt64, overflow: Bool)
  ) -> (limbs: SIMD4<UInt64>, carry: UInt64) {
    var (result, carry) = (SIMD4<UInt64>.zero, UInt64(0))
    for index in 0..<4 {
      let (part, first) = operation(a.limbs[index], b.limbs[index])
      let (whole, second) = operation(part, carry)
      result[index] = whole
      carry = first || second ? 1 : 0
    }
    return (result, carry)
  }

  static func - (a: WideNumber, b: WideNumber) -> WideNumber { a + -b }

  static func += (a: inout WideNumber, b: WideNumber) { a = a + b }

  static func * (a: WideNumber, b: WideNumber) -> WideNumber {
    var product = SIMD8<UInt64>.zero
    for i in 0..<4 where a.limbs[i] != 0 {
      var carry: UInt64 = 0
      for j in 0..<4 {
        let (high, low) = a.limbs[i].multipliedFullWidth(by: b.limbs[j])
        let (first, over) = low.addingReportingOverflow(product[i + j])
        let (second, more) = first.addingReportingOverflow(carry)
        product[i + j] = second
        carry = high + (over ? 1 : 0) + (more ? 1 : 0)
      }
      product[i + 4] = carry
    }
    precondition(product[7] == 0)
    return WideNumber(
      isNegative: a.isNegative != b.isNegative,
      limbs: SIMD4(product[3], product[4], product[5], product[6]))
  }

  /// A quotient by a small whole number.
  static func / (a: WideNumber, divisor: Int) -> WideNumber {
    var (result, rest) = (a, UInt64(0))
    for index in (0..<4).reversed() {
      let part = UInt64(divisor).dividingFullWidth((rest, a.limbs[index]))
      (result.limbs[index], rest) = (part.quotient, part.remainder)
    }
    return result
  }

  private static func isLess(_ a: SIMD4<UInt64>, _ b: SIMD4<UInt64>) -> Bool {
    for index in (0..<4).reversed() where a[index] != b[index] { return a[index] < b[index] }
    return false
  }

  static func < (a: WideNumber, b: WideNumber) -> Bool { (a - b).double < 0 }

  /// e to the power of a number that is not positive: Taylor's series for a 1024th of it, squared
  /// ten times.
  var exponential: WideNumber {
    if double < -130 { return .zero }
    let part = self / 1024
    var sum = WideNumber.one
    for count in (1...30).reversed() { sum = .one + part * sum / count }
    for _ in 0..<10 { sum = sum * sum }
    return sum
  }

  /// The natural logarithm of a number of at least 1: that of its double, and a series for the
  /// rest.
  var logarithm: WideNumber {
    let start = WideNumber(Foundation.log(double))
    let rest = self * (-start).exponential - .one
    return start + rest - rest * rest / 2 + rest * rest * rest / 3
  }

  /// The reciprocal of a number of at least 1: Newton's method from the double.
  var reciprocal: WideNumber {
    var result = WideNumber(1 / double)
    for _ in 0..<3 { result += result * (.one - self * result) }
    return result
  }
}
