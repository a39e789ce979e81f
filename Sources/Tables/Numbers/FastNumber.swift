/// Reads numbers in their most frequent form, in one pass over their bytes.
///
/// The values are those of `DecimalNumber`. The form is: a sign, at most 19 significant digits with
/// or without a decimal mark, a short exponent. Anything else is left to `DecimalNumber`.
///
/// Positions are not compared with the end of the bytes: the number must be followed by a byte that
/// is not part of a number (the line end of its record), and eight more bytes must be readable.
///
/// `@unchecked`: the tables are written once, before they are read.
struct FastNumber: @unchecked Sendable {
  private let decimal: UInt8
  private let powers: PowersOfFive
  private let tens: PowersOfTen

  init(decimal: UInt8) {
    self.decimal = decimal
    powers = .shared
    tens = .shared
  }

  /// Reads the number that begins at `position` and moves past it; if there is no number of this
  /// form, returns false and moves nothing.
  @inline(__always)
  package func read(_ position: inout UnsafePointer<UInt8>, _ value: inout Double) -> Bool {
    var cursor = position
    // Arithmetic instead of a branch: random signs are mispredicted.
    let sign: UInt64 = cursor.pointee == UInt8(ascii: "-") ? 1 : 0
    cursor += Int(truncatingIfNeeded: sign)
    if cursor.pointee == UInt8(ascii: "+") {
      if sign == 1 { return false }
      cursor += 1
    }
    let start = cursor
    var digits: UInt64 = 0
    var digit = cursor.pointee &- UInt8(ascii: "0")
    while digit < 10 {
      digits = digits &* 10 &+ UInt64(digit)
      cursor += 1
      digit = cursor.pointee &- UInt8(ascii: "0")
    }
    var count = cursor - start
    var exponent = 0
    if cursor.pointee == decimal {
      cursor += 1
      let fraction = cursor
      takeFraction(&cursor, &digits)
      exponent = fraction - cursor
      count &-= exponent
    }
    // Leading zeros are not significant digits; beyond 19 digits the sum has overflowed.
    if count == 0 || (count > 19 && count &- leadingZeros(start) > 19) { return false }
    if cursor.pointee | 0x20 == UInt8(ascii: "e") {
      guard takeExponent(&cursor, &exponent) else { return false }
    }
    let magnitude = magnitude(digits, exponent)
    guard magnitude.isFinite else { return false }
    value = Double(bitPattern: magnitude.bitPattern | sign &<< 63)
    position = cursor
    return true
  }

  /// Reads digits after the decimal mark, eight at a time and then the remaining ones at once.
  @inline(__always)
  private func takeFraction(_ cursor: inout UnsafePointer<UInt8>, _ digits: inout UInt64) {
    while true {
      let word = UInt64(
        littleEndian: UnsafeRawPointer(cursor).loadUnaligned(as: UInt64.self))
      let ones = word &- 0x3030_3030_3030_3030
      // The high bit of the lowest byte that is not a digit is exact; those of later bytes are not.
      let others = ((word &+ 0x4646_4646_4646_4646) | ones) & 0x8080_8080_8080_8080
      if others == 0 {
        digits = digits &* 100_000_000 &+ Self.joined(ones)
        cursor += 8
        continue
      }
      let count = others.trailingZeroBitCount &>> 3
      // Shifts the digits to the end of the word, with zeros before them: by two shifts, since a
      // shift by all 64 bits would shift by none.
      let shifted = (ones &<< 8) &<< UInt64(truncatingIfNeeded: 56 &- 8 &* count)
      digits = digits &* tens.integers[count] &+ Self.joined(shifted)
      cursor += count
      return
    }
  }

  /// The number of eight digits, the first in the lowest byte: pairs, then fours, then eights are
  /// combined by multiplications that act on all lanes of the word.
  @inline(__always)
  private static func joined(_ ones: UInt64) -> UInt64 {
    let pairs = (ones &* 10 &+ ones &>> 8) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 100 &+ pairs &>> 16) & 0x0000_FFFF_0000_FFFF
    return (fours &* 10_000 &+ fours &>> 32) & 0xFFFF_FFFF
  }

  /// The number of leading zeros; there must be another digit.
  @inline(never)
  private func leadingZeros(_ start: UnsafePointer<UInt8>) -> Int {
    var cursor = start
    var count = 0
    while cursor.pointee == UInt8(ascii: "0") || cursor.pointee == decimal {
      if cursor.pointee != decimal { count &+= 1 }
      cursor += 1
    }
    return count
  }

  /// Reads `e`, a sign and at most four digits.
  @inline(__always)
  private func takeExponent(_ cursor: inout UnsafePointer<UInt8>, _ exponent: inout Int) -> Bool {
    var place = cursor + 1
    let isBelowZero = place.pointee == UInt8(ascii: "-")
    if isBelowZero || place.pointee == UInt8(ascii: "+") { place += 1 }
    let start = place
    var written = 0
    var digit = place.pointee &- UInt8(ascii: "0")
    while digit < 10, place - start < 5 {
      written = written &* 10 &+ Int(digit)
      place += 1
      digit = place.pointee &- UInt8(ascii: "0")
    }
    guard place > start, place - start < 5 else { return false }
    exponent &+= isBelowZero ? -written : written
    cursor = place
    return true
  }

  @inline(__always)
  private func magnitude(_ digits: UInt64, _ exponent: Int) -> Double {
    // Clinger's fast path: see `DecimalNumber`.
    if digits <= 1 << 53, exponent <= 22, exponent >= -22 {
      let value = Double(Int64(truncatingIfNeeded: digits))
      return exponent < 0 ? value / tens.doubles[0 &- exponent] : value * tens.doubles[exponent]
    }
    return EiselLemire.double(digits: digits, exponent: exponent, powers: powers)
  }
}

/// Small powers of ten, in memory that is never freed.
///
/// `@unchecked`: written once, before they are read.
struct PowersOfTen: @unchecked Sendable {
  static let shared = PowersOfTen()

  /// 10^0 to 10^22, all of them exact.
  let doubles: UnsafePointer<Double>
  /// 10^0 to 10^7.
  let integers: UnsafePointer<UInt64>

  private init() {
    let powers = DecimalNumber.powersOfTen
    let doubles = UnsafeMutablePointer<Double>.allocate(capacity: powers.count)
    let integers = UnsafeMutablePointer<UInt64>.allocate(capacity: 8)
    for (index, power) in powers.enumerated() {
      (doubles + index).initialize(to: power)
      if index < 8 { (integers + index).initialize(to: UInt64(power)) }
    }
    self.doubles = UnsafePointer(doubles)
    self.integers = UnsafePointer(integers)
  }
}
