/// The digits and the exponent of a decimal number, read from bytes.
struct DecimalCursor {
  /// Up to 19 significant digits; further ones are cut and `isTruncated` is true if one of them was
  /// not 0.
  private(set) var digits: UInt64 = 0
  /// The power of ten that multiplies `digits`.
  private(set) var exponent = 0
  private(set) var isNegative = false
  private(set) var isTruncated = false

  private let bytes: UnsafeBufferPointer<UInt8>
  private let decimal: UInt8
  /// The position after the number.
  private(set) var position: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0, decimal: UInt8) {
    self.bytes = bytes
    self.decimal = decimal
    position = start
  }

  /// Reads all bytes; false if they do not match the grammar.
  @inline(__always)
  mutating func scan() -> Bool { scanPrefix() && position == bytes.count }

  /// Reads the longest number at this position; false if there is none.
  @inline(__always)
  mutating func scanPrefix() -> Bool {
    guard position < bytes.count else { return false }
    let first = bytes[position]
    isNegative = first == UInt8(ascii: "-")
    if isNegative || first == UInt8(ascii: "+") { position += 1 }
    let start = position
    // More than 19 digits overflow here and are read again below.
    var sum = takeDigits(0)
    var count = position - start
    var fraction = 0
    if position < bytes.count, bytes[position] == decimal {
      position += 1
      let fractionStart = position
      sum = takeDigits(sum)
      fraction = position - fractionStart
      count += fraction
    }
    guard count > 0 else { return false }
    digits = sum
    exponent = -fraction
    if count > 19 { takeSignificantDigits(start..<position) }
    guard position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") else { return true }
    return scanExponent()
  }

  /// Reads digits and appends them to `sum`, eight at a time if possible.
  @inline(__always)
  private mutating func takeDigits(_ sum: UInt64) -> UInt64 {
    var sum = sum
    while bytes.count - position >= 8, let eight = eightDigits(at: position) {
      sum = sum &* 100_000_000 &+ eight
      position += 8
    }
    while position < bytes.count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      sum = sum &* 10 &+ UInt64(digit)
      position += 1
    }
    return sum
  }

  /// The number given by eight digit bytes: pairs, then fours, then eights are combined by
  /// multiplications that act on all lanes of the word.
  @inline(__always)
  private func eightDigits(at position: Int) -> UInt64? {
    // Eight bytes from `position` on are readable: the caller has checked.
    let word = UInt64(
      littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(
        fromByteOffset: position, as: UInt64.self))
    let high = (word &+ 0x4646_4646_4646_4646) | (word &- 0x3030_3030_3030_3030)
    guard high & 0x8080_8080_8080_8080 == 0 else { return nil }
    let ones = word &- 0x3030_3030_3030_3030
    let pairs = (ones &* 10 &+ ones >> 8) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
    return (fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF
  }

  /// Reads the first 19 digits from the first that is not 0; the others change the exponent only.
  private mutating func takeSignificantDigits(_ range: Range<Int>) {
    var significant = 0
    var isFraction = false
    digits = 0
    exponent = 0
    for byte in bytes[range] {
      if byte == decimal {
        isFraction = true
        continue
      }
      let digit = UInt64(byte &- UInt8(ascii: "0"))
      if significant < 19 {
        // 19 digits are below 10^19 < 2^64.
        digits = digits &* 10 &+ digit
        if digits != 0 { significant += 1 }
        if isFraction { exponent -= 1 }
      } else {
        if digit != 0 { isTruncated = true }
        if !isFraction { exponent += 1 }
      }
    }
  }

  /// Reads `e`, a sign and digits. The exponent saturates beyond 2^40, which no number of digits in
  /// memory can compensate.
  private mutating func scanExponent() -> Bool {
    position += 1
    guard position < bytes.count else { return false }
    var isBelowZero = false
    if bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
      isBelowZero = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    let start = position
    var written = 0
    while position < bytes.count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      if written < 1 << 40 { written = written * 10 + Int(digit) }
      position += 1
    }
    exponent += isBelowZero ? -written : written
    return position > start
  }
}
