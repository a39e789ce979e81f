/// The long explanation of a code word.
public struct ErrorText: Sendable {
  /// The code word: `csv.ragged`.
  package let code: String
  /// The exit status; `0` for warnings, `0, 3` if `--strict` makes it 3.
  public let status: String
  /// A one-line title.
  public let title: String
  /// What it means and why it is an error.
  public let meaning: String
  /// A typical cause.
  public let example: String
  /// How to fix it.
  public let suggestion: String

  init(
    _ code: String, exit status: String = "65", _ title: String, meaning: String, example: String,
    suggestion: String
  ) {
    self.code = code
    self.status = status
    self.title = title
    self.meaning = meaning
    self.example = example
    self.suggestion = suggestion
  }

  /// Every code word the program can print, in alphabetical order.
  public static let all: [ErrorText] =
    (calls + files + limits + tables + numbers + features + labels + arrays + sparse + models + fits
    + validation + calibrations + votes)
    .sorted { $0.code < $1.code }

  /// The text printed by `explain-error`.
  public var text: String {
    let indented = example.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "  \($0)" }.joined(separator: "\n")
    return """
      \(code): \(title)

      \(meaning)

      Example:
      \(indented)

      Suggestion: \(suggestion)

      Exit status: \(status)
      """
  }
}
