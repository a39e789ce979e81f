import ArgumentParser
import Foundation
import Surprisal

/// Flags that every command has.
struct OutputOptions: ParsableArguments {
  @Flag(help: ArgumentHelp("Print one JSON object on the standard output."))
  var json = false

  @Flag(help: "Say nothing on the standard error but errors.")
  var quiet = false

  @Option(help: ArgumentHelp("Colours on a terminal.", valueName: "auto|always|never"))
  var color = ColorChoice.auto

  /// Prints a value as the one JSON object of a command.
  func print(json value: JSONValue) throws { try Self.print(JSONWriter.pretty.text(of: value)) }

  /// Prints text as the result of a command.
  func print(text: String) throws { try Self.print(text) }

  /// Writes text on the standard output.
  static func print(_ text: String, terminator: String = "\n") throws {
    var output = OutputFile()
    try output.write(text + terminator)
    try output.close()
  }
}

/// When colours are used; `NO_COLOR` is honoured by `auto`.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto
  case always
  case never
}

/// How many threads work.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: [.customShort("j"), .long],
    help: ArgumentHelp(
      "Threads to work with; more than the machine has are not used. Results do not depend on it.",
      valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1 on.") }
  }

  /// The number asked for, at most what the machine has.
  var count: ThreadCount {
    let available = ProcessInfo.processInfo.activeProcessorCount
    return ThreadCount(max(1, min(threads ?? available, available)))
  }
}
