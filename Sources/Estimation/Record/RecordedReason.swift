/// A reason that files hold as a sentence: it is read as the case `recorded`.
///
/// The sentences of the other cases are in the module Diagnostics. What writes a file replaces a
/// reason by the recorded sentence first; encoding another case is an error.
public protocol RecordedReason: Codable, Sendable {
  /// A reason in the words of a file.
  static func recorded(_ sentence: String) -> Self
  /// The sentence, if the reason is in the words of a file.
  var recordedSentence: String? { get }
}

extension RecordedReason {
  public init(from decoder: any Decoder) throws {
    self = .recorded(try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    guard let recordedSentence else {
      throw EncodingError.invalidValue(
        self, .init(codingPath: encoder.codingPath, debugDescription: "a reason without words"))
    }
    var container = encoder.singleValueContainer()
    try container.encode(recordedSentence)
  }
}
