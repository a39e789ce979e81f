import SurprisalDiagnostics
import SurprisalModelStore

extension ErrorText {
  /// The text as a JSON object.
  public var json: JSONValue {
    .members([
      "code": .string(code), "title": .string(title), "meaning": .string(meaning),
      "example": .string(example), "cure": .string(suggestion), "exit_status": .string(status),
    ])
  }
}
