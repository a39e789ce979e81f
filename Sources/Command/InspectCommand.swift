import ArgumentParser
import Surprisal

/// `surprisal inspect`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "List what a model file contains, without trusting it.",
    discussion: """
      Examples:
        surprisal inspect model.json
        surprisal inspect download.json --json

      Every name, level and text of the file is listed, and of lists of numbers
      their length and range: nothing else can hide in a model. Damaged files are
      listed as far as they go; the exit status is then 65, and the standard error
      says what is wrong.
      """)

  @Argument(
    help: ArgumentHelp("The model file; - for the standard input.", valueName: "model"))
  var model: String

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let inspection = try ModelInspection(of: InputFile(model))
    if output.json {
      try output.print(json: inspection.json)
    } else {
      try output.print(text: inspection.lines.joined(separator: "\n"))
    }
    if let problem = inspection.problem { throw problem }
  }
}
