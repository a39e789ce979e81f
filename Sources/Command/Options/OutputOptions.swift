import ArgumentParser
import Surprisal

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Flags common to all commands.
struct OutputOptions: ParsableArguments {
  @Flag(help: ArgumentHelp("Print one JSON object on the standard output.")) var json = false

  @Flag(help: "Print errors and what --json or a file is asked for: no summary of a fit, no notes.")
  var quiet = false

  @Flag(help: "Show the progress of a fit on a standard error that is no terminal too.")
  var progress = false

  @Option("auto|always|never", "Colours on a terminal.") var color = ColorChoice.auto

  /// Prints a value as the only JSON object of a command.
  func print(json value: JSONValue) throws { try Self.print(JSONWriter.pretty.text(of: value)) }

  /// Prints text for people as the result of a command, wrapped to the width of the terminal.
  func print(text: String) throws { try Self.print(TextLayout.wrap(text)) }

  /// Prints the summary of a fit, unless `--quiet` is given.
  func print(summary: String) throws {
    if !quiet { try print(text: summary) }
  }

  /// Whether a fit shows its progress: on a terminal, unless its output is read by a program.
  var showsProgress: Bool {
    progress || (!quiet && !json && Terminal.current.isInteractive)
  }

  /// Writes text on the standard output.
  static func print(_ text: String, terminator: String = "\n") throws {
    var output = OutputFile()
    try output.write(text + terminator)
    try output.close()
  }
}

/// When colours are used; `auto` respects `NO_COLOR`.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto
  case always
  case never
}

/// What happens to files that exist.
struct ReplacementOptions: ParsableArguments {
  @Flag(help: "Refuse to replace an existing file.") var noClobber = false
}

/// How tables are written as CSV.
struct CSVOptions: ParsableArguments {
  @Flag(help: "Put an apostrophe before names that a spreadsheet would interpret as a formula.")
  var csvSafe = false
}

/// The coverage of intervals.
struct IntervalOptions: ParsableArguments {
  @Option("share", "The coverage of intervals.") var level = 0.95

  func validate() throws { try Self.check(level) }

  /// Refuses a level that is not a number between 0 and 1.
  static func check(_ level: Double) throws {
    if !(level > 0 && level < 1) { throw ValidationError("--level takes a number between 0 and 1") }
  }
}

/// The number of threads.
struct ThreadOptions: ParsableArguments {
  @Option(
    "n",
    "Threads to work with; more than the machine has are not used. Results do not depend on it.",
    name: [.customShort("j"), .long])
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1 on.") }
  }

  /// The requested number, at most the number of processors.
  var count: ThreadCount {
    let available = ProcessInfo.processInfo.activeProcessorCount
    return ThreadCount(max(1, min(threads ?? available, available)))
  }
}
