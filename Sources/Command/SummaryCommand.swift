import ArgumentParser
import Surprisal

/// `surprisal summary`
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Print a saved model.",
    discussion: """
      Examples:
        surprisal summary model.json
        surprisal summary model.json --tidy > coefficients.csv

      --tidy prints one line a coefficient and --glance one line a model, with the column names of
      the R package broom.
      """)

  @Argument(help: ArgumentHelp("The model file.", valueName: "model"))
  var model: String

  @Flag(help: "Print the coefficients as CSV.")
  var tidy = false

  @Flag(help: "Print one line of statistics as CSV.")
  var glance = false

  @Flag(help: "Print odds ratios, the exponentials of coefficients.")
  var exponentiate = false

  @Option(
    help: ArgumentHelp(
      "Write the covariance of the coefficients to this file, as CSV.", valueName: "file"))
  var vcov: String?

  @Flag(help: "Add what other programs call the penalty: settings with the same estimates.")
  var equivalents = false

  @Flag(help: "Print every coefficient.")
  var all = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if [tidy, glance, output.json].count(where: { $0 }) > 1 {
      throw ValidationError("give one of --tidy, --glance and --json")
    }
    if equivalents, tidy || glance {
      throw ValidationError("--equivalents goes with the text and with --json")
    }
    if exponentiate, output.json {
      throw ValidationError("--exponentiate goes with the text and with --tidy, not with --json")
    }
  }

  func run() throws {
    let saved = try ModelFile.read(InputFile(model))
    let printer = ModelPrinter(model: saved)
    let tables = TidyTables(
      saved.record, classNames: saved.classifier.classNames, exponentiates: exponentiate)
    if let vcov {
      let file = AtomicFile(vcov)
      try file.checkWritable(notSameAs: [InputFile(model)])
      try CovarianceFile(saved).write(to: file)
    }
    let settings = PenaltyEquivalents(
      saved.record, classCount: saved.classifier.classNames.count)
    if output.json {
      try output.print(json: adding(settings, to: printer.json()))
    } else if tidy {
      try output.print(text: tables.tidy)
    } else if glance {
      try output.print(text: tables.glance)
    } else {
      let text = printer.text(all: all, exponentiates: exponentiate)
      try output.print(text: equivalents ? text + "\n\n" + settings.text : text)
    }
  }

  private func adding(_ settings: PenaltyEquivalents, to value: JSONValue) -> JSONValue {
    guard equivalents, case .object(var object) = value else { return value }
    object["equivalents"] = settings.json
    return .object(object)
  }
}
