import ArgumentParser
import Surprisal

/// The command `surprisal`: parses arguments, calls the library, prints.
@main
struct SurprisalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "surprisal",
    abstract: "Maximum likelihood classifiers for labels that may be soft.",
    discussion: """
      Start here:
        surprisal demo
        surprisal check votes.csv --counts 'n_*'
        surprisal fit votes.csv --counts 'n_*' -o model.json
        surprisal predict model.json new.csv > probabilities.csv
        surprisal evaluate model.json test.csv --counts 'n_*'

      Data go to the standard output, talk to the standard error; - is the
      standard input. Exit status: 0 done, 3 a condition was not met, 64 wrong
      use, 65 wrong data, 66 no input, 71 not enough memory, 73 no output, 74
      reading or writing failed. --version --json has the commit and the
      instruction set.
      """,
    version: "surprisal \(SurprisalVersion.current)",
    groupedSubcommands: [
      CommandGroup(name: "Start", subcommands: [DemoCommand.self]),
      CommandGroup(name: "Data", subcommands: [CheckCommand.self, AggregateCommand.self]),
      CommandGroup(
        name: "Model",
        subcommands: [
          FitCommand.self, CrossValidateCommand.self, CalibrateCommand.self, SummaryCommand.self,
        ]),
      CommandGroup(
        name: "Use",
        subcommands: [
          PredictCommand.self, EvaluateCommand.self, CompareCommand.self, ExplainCommand.self,
          ReportCommand.self,
        ]),
      CommandGroup(name: "Ship", subcommands: [ExportCommand.self, InspectCommand.self]),
      CommandGroup(name: "Help", subcommands: [ExplainErrorCommand.self]),
    ])

  /// Runs a command and converts thrown errors to a message and an exit status.
  static func main() {
    StandardStreams.prepare()
    do {
      try StandardStreams.requireFiles()
      Interruption.watch()
      try requireUTF8()
      if VersionReport.isWanted(by: CommandLine.arguments.dropFirst()) {
        return try OutputOptions.print(JSONWriter.pretty.text(of: VersionReport.json))
      }
      try TextLayout.$width.withValue(Terminal.width(of: 1)) {
        let arguments = CommandLine.arguments.dropFirst()
        var command = try parseAsRoot(
          // This tool calls the flag --help-all; the argument parser calls it --help-hidden.
          arguments.map { $0 == "--help-all" ? "--help-hidden" : $0 })
        try command.run()
      }
    } catch FileError.readerIsGone {
      StandardStreams.endWithoutReader()
    } catch let error as any LocatedError {
      Console.fail(error)
    } catch {
      if let usage = UsageError(parsing: error, arguments: CommandLine.arguments) {
        Console.fail(usage)
      }
      answer(error)
    }
  }

  /// Exits with a status, or with a text such as that of `--help`, whose output can fail like any
  /// other.
  private static func answer(_ request: any Error) -> Never {
    let (text, status) = (fullMessage(for: request), exitCode(for: request))
    if !text.isEmpty, status == .success {
      do {
        try TextLayout.$width.withValue(Terminal.width(of: 1)) {
          try OutputOptions.print(TextLayout.wrap(text))
        }
      } catch FileError.readerIsGone {
        StandardStreams.endWithoutReader()
      } catch let error as any LocatedError {
        Console.fail(error)
      } catch {
        Console.write("\(error)")
      }
    } else if !text.isEmpty {
      Console.write(text)
    }
    Console.end(status.rawValue)
  }

  /// Throws `UsageError` for an argument that is not valid UTF-8: replacing bytes would give the
  /// name of another file.
  private static func requireUTF8() throws {
    for (index, argument) in CommandLine.arguments.enumerated() {
      guard let bytes = CommandLine.unsafeArgv[index] else { continue }
      if String(validatingCString: bytes) == nil {
        throw UsageError(
          "argument \(index) is not UTF-8: \(EscapedText(argument))",
          suggestion: "rename the file, or name it by a link")
      }
    }
  }
}
