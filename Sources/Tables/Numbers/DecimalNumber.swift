/// Converts text to the nearest double, independently of the locale.
///
/// The grammar is `[+-] (digits [. digits?] | . digits) [(e|E) [+-] digits]` over ASCII.
/// Hexadecimal floats, `nan(0x7)`, digit separators and digits of other scripts are not numbers.
package enum DecimalNumber {
  /// The result of reading a cell.
  package enum Reading: Equatable {
    /// A finite number, correctly rounded (to nearest, ties to even), subnormals included.
    case number(Double)
    /// `inf` or `infinity`, in any case, with or without a sign.
    case infinite
    /// A number beyond the largest double.
    case overflow
    /// Anything else.
    case word
  }

  /// Reads bytes without surrounding spaces.
  package static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, decimal: UInt8 = UInt8(ascii: ".")
  ) -> Reading {
    var cursor = DecimalCursor(bytes, decimal: decimal)
    guard cursor.scan() else { return isInfinity(bytes) ? .infinite : .word }
    let magnitude = fastValue(cursor) ?? roundedValue(cursor, bytes, decimal: decimal)
    guard magnitude.isFinite else { return .overflow }
    return .number(cursor.isNegative ? -magnitude : magnitude)
  }

  /// Reads a finite number that begins at `start` and is as long as the grammar permits; nil if
  /// there is none. `end` is the position after it.
  @inline(__always)
  static func readPrefix(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, decimal: UInt8
  ) -> (value: Double, end: Int)? {
    var cursor = DecimalCursor(bytes, from: start, decimal: decimal)
    guard cursor.scanPrefix() else { return nil }
    var magnitude: Double
    if let value = fastValue(cursor) {
      magnitude = value
    } else {
      let text = UnsafeBufferPointer(rebasing: bytes[start..<cursor.position])
      magnitude = roundedValue(cursor, text, decimal: decimal)
      guard magnitude.isFinite else { return nil }
    }
    return (cursor.isNegative ? -magnitude : magnitude, cursor.position)
  }

  /// More digits than 64 bits hold are bracketed: if both bounds round to one double, so does the
  /// number.
  private static func roundedValue(
    _ cursor: DecimalCursor, _ bytes: UnsafeBufferPointer<UInt8>, decimal: UInt8
  ) -> Double {
    let value = EiselLemire.double(digits: cursor.digits, exponent: cursor.exponent)
    guard cursor.isTruncated else { return value }
    let next = EiselLemire.double(digits: cursor.digits + 1, exponent: cursor.exponent)
    return value == next ? value : exactValue(bytes, decimal: decimal).magnitude
  }

  /// Clinger's fast path: both the digits and the power of ten are exact doubles, so that one
  /// operation rounds once. Source: doi 10.1145/93542.93557.
  @inline(__always)
  private static func fastValue(_ cursor: DecimalCursor) -> Double? {
    guard !cursor.isTruncated, cursor.digits <= 1 << 53 else { return nil }
    let value = Double(cursor.digits)
    let exponent = cursor.exponent
    if exponent == 0 { return value }
    if exponent < 0, exponent >= -22 { return value / powersOfTen[-exponent] }
    if exponent > 0, exponent <= 22 { return value * powersOfTen[exponent] }
    return nil
  }

  /// The standard library's conversion, which ignores the locale; the grammar is already checked.
  static func exactValue(_ bytes: UnsafeBufferPointer<UInt8>, decimal: UInt8) -> Double {
    let point = UInt8(ascii: ".")
    let text = String(decoding: bytes.map { $0 == decimal ? point : $0 }, as: UTF8.self)
    return Double(text) ?? .nan
  }

  static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  private static func isInfinity(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var word = bytes[...]
    if let sign = word.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      word = word.dropFirst()
    }
    guard word.count == 3 || word.count == 8 else { return false }
    let lower = word.map { $0 | 0x20 }
    return lower == Array("inf".utf8) || lower == Array("infinity".utf8)
  }
}

/// The shortest text of a number, without a fraction if it is an integer.
package func plain(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

/// Whether the text consists of digits with one decimal comma, such as `1,5` or `1.234,5`.
package func looksLikeDecimalComma(_ text: String) -> Bool {
  let parts = text.split(separator: ",", omittingEmptySubsequences: false)
  guard parts.count == 2, let whole = parts.first, let fraction = parts.last else { return false }
  return whole.contains { $0.isASCII && $0.isNumber }
    && whole.allSatisfy { ($0.isASCII && $0.isNumber) || "+-. ".contains($0) }
    && !fraction.isEmpty
    && fraction.allSatisfy { ($0.isASCII && $0.isNumber) || "eE+-".contains($0) }
}
