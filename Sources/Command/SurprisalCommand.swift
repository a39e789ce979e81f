import ArgumentParser
import Foundation
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
      reading or writing failed.
      """,
    version: "surprisal \(SurprisalVersion.current)",
    groupedSubcommands: [
      CommandGroup(name: "Start", subcommands: [DemoCommand.self]),
      CommandGroup(name: "Data", subcommands: [CheckCommand.self]),
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
      CommandGroup(name: "Ship", subcommands: [InspectCommand.self]),
      CommandGroup(name: "Help", subcommands: [ExplainErrorCommand.self]),
    ])

  /// Runs a command and turns what it throws into a message and an exit status.
  static func main() {
    // A limit on the size of files is then an error of writing like any other.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as any LocatedError {
      Console.fail(error)
    } catch let status as ExitCode {
      exit(withError: status)
    } catch {
      if let usage = UsageError(parsing: error, arguments: CommandLine.arguments) {
        Console.fail(usage)
      }
      exit(withError: error)
    }
  }
}
