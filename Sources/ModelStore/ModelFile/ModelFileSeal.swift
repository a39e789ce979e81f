import SurprisalTables

/// The check sum of a model file, and the first look at bytes that may be one.
///
/// The member `"crc32c":"xxxxxxxx",` holds the CRC-32C, in eight lower-case hexadecimal digits, of
/// the text without this member and without the final line feed. Whatever a later version of the
/// format holds, it keeps this rule, so that damage is told from a newer version.
package enum ModelFileSeal {
  /// The text before the digits. Quotation marks within JSON strings are escaped, so it cannot stand
  /// inside a name.
  private static let key = Array(#""crc32c":""#.utf8)
  private static let closing = Array("\",".utf8)
  private static let starts = [#"{"classes":["#, #"{"calibration":{"#].map { Array($0.utf8) }
  private static let digitCount = 8

  /// What a file says of its own check sum.
  package struct Reading: Sendable, Equatable {
    /// The digits that stand in the file, cut to eight bytes.
    package let stored: String
    /// What they should be.
    package let computed: String

    package var matches: Bool { stored == computed }
  }

  /// Writes the digits over those that stand in `bytes`.
  static func close(_ bytes: inout [UInt8]) {
    guard let digits = digits(in: bytes), let reading = reading(of: bytes) else { return }
    bytes.replaceSubrange(digits, with: reading.computed.utf8)
  }

  /// The check sum that stands in the bytes and the one they have; nil where there is no such member.
  package static func reading(of bytes: [UInt8]) -> Reading? {
    guard let digits = digits(in: bytes) else { return nil }
    let text = bytes.last == UInt8(ascii: "\n") ? bytes.count - 1 : bytes.count
    var check = CRC32C()
    check.update(bytes[..<(digits.lowerBound - key.count)])
    // Digits that are not followed by exactly this are not left out, and the check fails.
    let rest = bytes[digits.upperBound...].starts(with: closing) ? closing.count : 0
    check.update(bytes[min(digits.upperBound + rest, text)..<text])
    let computed = String(check.value, radix: 16)
    let zeros = String(repeating: "0", count: max(0, digitCount - computed.utf8.count))
    return Reading(
      stored: String(decoding: bytes[digits], as: UTF8.self), computed: zeros + computed)
  }

  /// Throws where the bytes are no intact file of any version: `.truncated`, `.foreign`, `.checksum`.
  static func check(_ bytes: [UInt8]) throws(ModelFileError.Problem) {
    if bytes.isEmpty { throw .truncated(bytes: 0) }
    if let format = ForeignModel(bytes) { throw .foreign(format) }
    let reading = reading(of: bytes)
    let beginsWell = starts.contains { $0.starts(with: bytes) || bytes.starts(with: $0) }
    // A line feed within a text is escaped: no file cut short ends in one.
    if bytes.last != UInt8(ascii: "\n"), reading != nil || beginsWell {
      throw .truncated(bytes: bytes.count)
    }
    if let reading, !reading.matches {
      throw .checksum(stored: reading.stored, computed: reading.computed)
    }
    let first = bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
    guard first == UInt8(ascii: "{") else { throw .foreign(nil) }
  }

  /// Where the digits stand; shorter than eight only at the end of the bytes.
  private static func digits(in bytes: [UInt8]) -> Range<Int>? {
    guard let last = key.last, bytes.count >= key.count else { return nil }
    var end = key.count
    while end <= bytes.count {
      // Look at the last byte of the window first: most windows fail there.
      if bytes[end - 1] == last, bytes[(end - key.count)..<end].elementsEqual(key) {
        return end..<min(end + digitCount, bytes.count)
      }
      end += 1
    }
    return nil
  }
}
