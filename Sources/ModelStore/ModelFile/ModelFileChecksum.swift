import SurprisalTables

/// The checksum of a model file, and the first check of bytes that may be one.
///
/// The member `"crc32c":"xxxxxxxx",` contains the CRC-32C, in eight lower-case hexadecimal digits,
/// of the text without this member and without the final line feed. Later versions of the format
/// keep this rule, so that damage can be distinguished from a newer version. A text in which the
/// member has another form, for example after reformatting, has no checksum and is refused.
package enum ModelFileChecksum {
  /// The text before the digits. Quotation marks within JSON strings are escaped, so no name
  /// contains it.
  private static let key = Array(#""crc32c":""#.utf8)
  private static let closing = Array("\",".utf8)
  private static let starts = [
    #"{"classes":["#, #"{"calibration":{"#, #"{"calibration":null,"classes":["#,
  ].map { Array($0.utf8) }
  private static let digitCount = 8
  /// The digits before the checksum is computed.
  static let placeholder = String(repeating: "0", count: digitCount)

  /// The checksum stored in a file and the one computed from its text.
  package struct Comparison: Sendable, Equatable {
    /// The digits in the file, at most eight bytes.
    package let stored: String
    /// The digits computed from its text.
    package let computed: String

    package var matches: Bool { stored == computed }
  }

  /// Eight hexadecimal digits.
  static func digits(of check: CRC32C) -> String {
    let digits = String(check.value, radix: 16)
    return String(repeating: "0", count: max(0, digitCount - digits.utf8.count)) + digits
  }

  /// Writes the digits over the placeholder in `bytes`.
  static func write(to bytes: inout [UInt8]) {
    guard let digits = digits(in: bytes), let checksum = comparison(of: bytes) else { return }
    bytes.replaceSubrange(digits, with: checksum.computed.utf8)
  }

  /// The stored and the computed checksum; nil if there is no such member.
  package static func comparison(of bytes: [UInt8]) -> Comparison? {
    guard let digits = digits(in: bytes) else { return nil }
    let text = bytes.last == UInt8(ascii: "\n") ? bytes.count - 1 : bytes.count
    var check = CRC32C()
    check.update(bytes[..<(digits.lowerBound - key.count)])
    // If the digits are not followed by exactly this, they are part of the text and the check
    // fails.
    let rest = bytes[digits.upperBound...].starts(with: closing) ? closing.count : 0
    check.update(bytes[min(digits.upperBound + rest, text)..<text])
    return Comparison(
      stored: String(decoding: bytes[digits], as: UTF8.self), computed: Self.digits(of: check))
  }

  /// The checksum, if the text has one and it is correct. Throws if the bytes are not an intact
  /// file of any version: `.truncated`, `.foreign`, `.checksum`.
  static func check(_ bytes: [UInt8]) throws(ModelFileError.Problem) -> String? {
    if bytes.isEmpty { throw .truncated(bytes: 0) }
    if let format = ForeignModel(bytes) { throw .foreign(format) }
    let checksum = comparison(of: bytes)
    let beginsWell = starts.contains { $0.starts(with: bytes) || bytes.starts(with: $0) }
    // A line feed within a JSON string is escaped, so a truncated file does not end with one.
    if bytes.last != UInt8(ascii: "\n"), checksum != nil || beginsWell {
      throw .truncated(bytes: bytes.count)
    }
    if let checksum, !checksum.matches {
      throw .checksum(stored: checksum.stored, computed: checksum.computed)
    }
    let first = bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
    guard first == UInt8(ascii: "{") else { throw .foreign(nil) }
    return checksum?.stored
  }

  /// The position of the digits; fewer than eight only at the end of the bytes.
  private static func digits(in bytes: [UInt8]) -> Range<Int>? {
    guard let last = key.last, bytes.count >= key.count else { return nil }
    var end = key.count
    while end <= bytes.count {
      // The last byte of the window is compared first: most windows fail there.
      if bytes[end - 1] == last, bytes[(end - key.count)..<end].elementsEqual(key) {
        return end..<min(end + digitCount, bytes.count)
      }
      end += 1
    }
    return nil
  }
}
