/// A reason that files store as a sentence: it is read as the case `recorded`.
///
/// The sentences of the other cases are in Diagnostics. File writers convert a reason to the
/// recorded sentence first; encoding another case is an error.
public protocol RecordedReason: Codable, Sendable {
  /// A reason as the text of a file.
  static func recorded(_ sentence: String) -> Self
  /// The sentence, if the reason is the text of a file.
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
