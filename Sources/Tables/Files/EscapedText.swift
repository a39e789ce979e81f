/// External text for use in a message: at most 80 characters, control characters escaped.
///
/// A cell may hold terminal escape sequences or right-to-left overrides; the text in a message must
/// neither act on the terminal nor read differently from the content of the file.
public struct EscapedText: Sendable, Equatable, CustomStringConvertible {
  /// The maximum number of characters of an excerpt, without the ellipsis.
  public static let maximumLength = 80

  /// The escaped text, without quotation marks.
  public let text: String

  /// The excerpt of a string.
  public init(_ string: some StringProtocol) {
    var text = ""
    var length = 0
    for scalar in string.unicodeScalars {
      guard length < EscapedText.maximumLength else {
        text += "…"
        break
      }
      length += 1
      if EscapedText.isHarmless(scalar) {
        text.unicodeScalars.append(scalar)
      } else {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    self.text = text
  }

  /// The excerpt of bytes; bytes that are not UTF-8 appear as U+FFFD.
  public init(bytes: some Collection<UInt8>) {
    // Four bytes per scalar at most, so that a field of a mebibyte is not decoded for 80
    // characters.
    self.init(String(decoding: bytes.prefix(4 * (EscapedText.maximumLength + 1)), as: UTF8.self))
  }

  /// The text between quotation marks, as messages show it.
  public var description: String { "\"\(text)\"" }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: false
    default: true
    }
  }
}
