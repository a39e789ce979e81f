/// A whole number of any size, for exact decisions on small problems.
///
/// Has the operations that elimination without fractions requires: sums, products, and quotients
/// without remainder. Products and quotients use the schoolbook methods, O(n²) for n words.
package struct BigInteger: Sendable, Hashable {
  /// The magnitude, low words first, without leading zeros; empty for zero.
  package private(set) var words: [UInt]
  package private(set) var isNegative: Bool

  package static let zero = BigInteger(words: [], isNegative: false)
  package static let one = BigInteger(1)

  package init(_ value: Int) {
    self.init(words: value == 0 ? [] : [value.magnitude], isNegative: value < 0)
  }

  private init(words: [UInt], isNegative: Bool) {
    self.words = words
    while self.words.last == 0 { self.words.removeLast() }
    self.isNegative = isNegative && !self.words.isEmpty
  }

  package var isZero: Bool { words.isEmpty }
  package var isPositive: Bool { !isNegative && !isZero }
  package var magnitude: BigInteger { BigInteger(words: words, isNegative: false) }

  package static prefix func - (a: BigInteger) -> BigInteger {
    BigInteger(words: a.words, isNegative: !a.isNegative)
  }

  package static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isZero { return b }
    if b.isZero { return a }
    if a.isNegative == b.isNegative {
      return BigInteger(words: sum(a.words, b.words), isNegative: a.isNegative)
    }
    return isLess(a.words, b.words)
      ? BigInteger(words: difference(b.words, a.words), isNegative: b.isNegative)
      : BigInteger(words: difference(a.words, b.words), isNegative: a.isNegative)
  }

  package static func - (a: BigInteger, b: BigInteger) -> BigInteger { a + -b }

  package static func += (a: inout BigInteger, b: BigInteger) { a = a + b }

  package static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isZero || b.isZero { return .zero }
    var result = [UInt](repeating: 0, count: a.words.count + b.words.count)
    for (place, word) in a.words.enumerated() {
      var carry: UInt = 0
      for (offset, other) in b.words.enumerated() {
        carry = addProduct(word, other, carry, to: &result[place + offset])
      }
      result[place + b.words.count] = carry
    }
    return BigInteger(words: result, isNegative: a.isNegative != b.isNegative)
  }

  package static func < (a: BigInteger, b: BigInteger) -> Bool { (a - b).isNegative }

  /// The quotient, if there is no remainder; any other number if there is.
  ///
  /// Computed from the low words to the high ones, so that no word of the quotient has to be
  /// guessed: Jebelean, doi:10.1006/jsco.1993.1012.
  package func dividedExactly(by divisor: BigInteger) -> BigInteger {
    precondition(!divisor.isZero, "division by zero")
    if isZero { return .zero }
    let (odd, shift) = divisor.withoutFactorsOfTwo
    var rest = shiftedDown(by: shift)
    let isNegative = isNegative != divisor.isNegative
    if odd == [1] { return BigInteger(words: rest, isNegative: isNegative) }
    var inverse = odd[0]  // right in three bits, and in twice as many after each step
    for _ in 0..<5 { inverse &*= 2 &- odd[0] &* inverse }
    let count = max(rest.count - odd.count + 1, 0)
    for place in 0..<count {
      let word = rest[place] &* inverse
      var carry: UInt = 0
      for offset in 0..<min(odd.count, count - place) {
        carry = Self.subtractProduct(word, odd[offset], carry, from: &rest[place + offset])
      }
      if place + odd.count < count {
        var next = place + odd.count
        while carry != 0, next < count {
          let (value, borrow) = rest[next].subtractingReportingOverflow(carry)
          rest[next] = value
          carry = borrow ? 1 : 0
          next += 1
        }
      }
      rest[place] = word
    }
    return BigInteger(words: Array(rest.prefix(count)), isNegative: isNegative)
  }

  /// `significand · 2^exponent` with a significand of at least 1 and less than 2 in magnitude;
  /// (0, 0) for zero.
  package var scaled: (significand: Double, exponent: Int) {
    guard let top = words.last else { return (0, 0) }
    let next = words.count > 1 ? words[words.count - 2] : 0
    let value = Double(top) + Double(next) * 0x1p-64
    let exponent = (words.count - 1) * UInt.bitWidth + Int(value.exponent)
    return (isNegative ? -value.significand : value.significand, exponent)
  }

  // MARK: Words

  private static func sum(_ a: [UInt], _ b: [UInt]) -> [UInt] {
    let (long, short) = a.count < b.count ? (b, a) : (a, b)
    var (result, carry) = combined(long, short) { $0.addingReportingOverflow($1) }
    if carry != 0 { result.append(carry) }
    return result
  }

  /// `a - b`, for a not smaller than b.
  private static func difference(_ a: [UInt], _ b: [UInt]) -> [UInt] {
    combined(a, b) { $0.subtractingReportingOverflow($1) }.words
  }

  /// The words of `long` with those of `short` added or subtracted, and what the last word carries.
  @inline(__always)
  private static func combined(
    _ long: [UInt], _ short: [UInt],
    by operation: (UInt, UInt) -> (partialValue: UInt, overflow: Bool)
  ) -> (words: [UInt], carry: UInt) {
    var result = long
    var carry: UInt = 0
    for place in long.indices {
      if place >= short.count && carry == 0 { break }
      let (first, over) = operation(long[place], carry)
      let (value, again) = operation(first, place < short.count ? short[place] : 0)
      result[place] = value
      carry = over || again ? 1 : 0
    }
    return (result, carry)
  }

  private static func isLess(_ a: [UInt], _ b: [UInt]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    return a.indices.reversed().first { a[$0] != b[$0] }.map { a[$0] < b[$0] } ?? false
  }

  /// Adds `a b + carry` to a word; returns the new carry.
  @inline(__always)
  private static func addProduct(_ a: UInt, _ b: UInt, _ carry: UInt, to sum: inout UInt) -> UInt {
    let (high, low) = product(a, b, carry)
    let over: Bool
    (sum, over) = sum.addingReportingOverflow(low)
    return over ? high + 1 : high
  }

  /// Subtracts `a b + carry` from a word; returns the new carry.
  @inline(__always)
  private static func subtractProduct(
    _ a: UInt, _ b: UInt, _ carry: UInt, from sum: inout UInt
  ) -> UInt {
    let (high, low) = product(a, b, carry)
    let over: Bool
    (sum, over) = sum.subtractingReportingOverflow(low)
    return over ? high + 1 : high
  }

  /// `a b + carry` as two words.
  @inline(__always)
  private static func product(_ a: UInt, _ b: UInt, _ carry: UInt) -> (high: UInt, low: UInt) {
    let (high, low) = a.multipliedFullWidth(by: b)
    let (sum, over) = low.addingReportingOverflow(carry)
    return (over ? high + 1 : high, sum)
  }

  /// The words of the magnitude without its factors of two, and the number of these.
  private var withoutFactorsOfTwo: (words: [UInt], shift: Int) {
    let zeros = words.prefix { $0 == 0 }.count
    let shift = zeros * UInt.bitWidth + words[zeros].trailingZeroBitCount
    return (shiftedDown(by: shift), shift)
  }

  private func shiftedDown(by shift: Int) -> [UInt] {
    let (skipped, bits) = shift.quotientAndRemainder(dividingBy: UInt.bitWidth)
    var result = Array(words.dropFirst(skipped))
    guard bits > 0 else { return result }
    for place in result.indices {
      let next = place + 1 < result.count ? result[place + 1] : 0
      result[place] = result[place] >> UInt(bits) | next << UInt(UInt.bitWidth - bits)
    }
    while result.last == 0 { result.removeLast() }
    return result
  }
}

extension BigInteger {
  /// `digits · 10^power`: the shortest decimal number that is read as this finite double, the one
  /// that a table holds if it has at most 15 digits. Digits do not end with 0.
  package static func decimal(of value: Double) -> (digits: BigInteger, power: Int) {
    precondition(value.isFinite)
    var (digits, power, isFraction) = (0, 0, false)
    var text = value.magnitude.description[...]
    if let mark = text.firstIndex(where: { $0 == "e" }) {
      power = Int(text[text.index(after: mark)...]) ?? 0
      text = text[..<mark]
    }
    for character in text {
      guard let digit = character.wholeNumberValue else {
        isFraction = true
        continue
      }
      digits = digits * 10 + digit
      if isFraction { power -= 1 }
    }
    while digits != 0, digits.isMultiple(of: 10) {
      digits /= 10
      power += 1
    }
    return (BigInteger(value < 0 ? -digits : digits), digits == 0 ? 0 : power)
  }

  /// Ten to a power of at least zero.
  package static func powerOfTen(_ power: Int) -> BigInteger {
    precondition(power >= 0)
    var (result, base, rest) = (BigInteger.one, BigInteger(10), power)
    while rest > 0 {
      if !rest.isMultiple(of: 2) { result = result * base }
      base = base * base
      rest /= 2
    }
    return result
  }
}
