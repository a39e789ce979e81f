/// The digits and the exponent of a decimal number, read from bytes.
struct DecimalCursor {
  /// Up to 19 significant digits; more are cut and `isTruncated` says whether one of them was not 0.
  private(set) var digits: UInt64 = 0
  /// The power of ten that multiplies `digits`.
  private(set) var exponent = 0
  private(set) var isNegative = false
  private(set) var isTruncated = false

  private let bytes: UnsafeBufferPointer<UInt8>
  private let decimal: UInt8
  private var position = 0
  private var significant = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, decimal: UInt8) {
    self.bytes = bytes
    self.decimal = decimal
  }

  /// Reads all bytes; false when they are not of the grammar.
  @inline(__always)
  mutating func scan() -> Bool {
    guard !bytes.isEmpty else { return false }
    if bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") {
      isNegative = bytes[0] == UInt8(ascii: "-")
      position = 1
    }
    let whole = scanDigits(areFraction: false)
    var fraction = 0
    if position < bytes.count, bytes[position] == decimal {
      position += 1
      fraction = scanDigits(areFraction: true)
    }
    guard whole + fraction > 0 else { return false }
    return position == bytes.count || scanExponent()
  }

  /// Reads digits and returns how many there were.
  @inline(__always)
  private mutating func scanDigits(areFraction: Bool) -> Int {
    let start = position
    while position < bytes.count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      if significant < 19 {
        // 19 digits are below 10^19 < 2^64.
        digits = digits &* 10 &+ UInt64(digit)
        if digits != 0 { significant += 1 }
        if areFraction { exponent -= 1 }
      } else {
        if digit != 0 { isTruncated = true }
        if !areFraction { exponent += 1 }
      }
      position += 1
    }
    return position - start
  }

  /// Reads `e`, a sign and digits up to the end. The written exponent stops growing beyond 2^40, which
  /// no count of digits in memory can make up for.
  private mutating func scanExponent() -> Bool {
    guard bytes[position] | 0x20 == UInt8(ascii: "e") else { return false }
    position += 1
    guard position < bytes.count else { return false }
    var isBelowZero = false
    if bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
      isBelowZero = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    guard position < bytes.count else { return false }
    var written = 0
    while position < bytes.count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { return false }
      if written < 1 << 40 { written = written * 10 + Int(digit) }
      position += 1
    }
    exponent += isBelowZero ? -written : written
    return true
  }
}
