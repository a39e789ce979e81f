import ArgumentParser
import Surprisal

/// `surprisal explain-error`
struct ExplainErrorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain-error",
    abstract: "Explain the code word of an error or a warning.",
    discussion: """
      Examples:
        surprisal explain-error label.sum
        surprisal explain-error

      Without a code word all of them are listed.
      """)

  @Argument(
    help: ArgumentHelp("The word between the brackets of error[...].", valueName: "code"))
  var code: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    guard let code else { return try list() }
    // Accepts the code as printed: error[label.sum].
    let bare = code.split(separator: "[").last?.split(separator: "]").first.map(String.init) ?? code
    guard let found = ErrorText.all.first(where: { $0.code == bare }) else {
      throw UsageError(
        "there is no error code \(EscapedText(code))",
        suggestion: EditDistance.question(about: bare, among: ErrorText.all.map(\.code))
          ?? "surprisal explain-error lists all of them")
    }
    if output.json {
      try output.print(json: found.json)
    } else {
      try output.print(text: found.text)
    }
  }

  private func list() throws {
    if output.json {
      return try output.print(json: .members(["errors": .array(ErrorText.all.map(\.json))]))
    }
    var table = TextTable(["code", "exit", "meaning"], leftColumns: 3)
    for text in ErrorText.all { table.append([text.code, text.status, text.title]) }
    try output.print(text: table.text(indent: 0))
  }
}
