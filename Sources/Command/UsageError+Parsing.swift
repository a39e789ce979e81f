import ArgumentParser
import Surprisal

extension UsageError {
  /// Converts an error of the argument parser to the common form; nil for requests such as --help,
  /// which are not errors.
  init?(parsing error: any Error, arguments: [String]) {
    guard SurprisalCommand.exitCode(for: error) == .validationFailure else { return nil }
    let names = SurprisalCommand.commandNames
    let typed = arguments.dropFirst().first
    if let typed, !typed.hasPrefix("-"), !names.contains(typed) {
      self.init(
        "there is no command \(EscapedText(typed))",
        suggestion: EditDistance.nearest(to: typed, among: names)
          .map { "did you mean \(EscapedText($0))?" } ?? "surprisal --help lists the commands")
      return
    }
    let text = SurprisalCommand.message(for: error)
    let lines = text.split(separator: "\n").map { TerminalText.safe(String($0)) }
    let command = typed.flatMap { names.contains($0) ? " \($0)" : nil } ?? ""
    self.init(
      lines.first ?? "the arguments cannot be read", details: Array(lines.dropFirst()),
      suggestion: Self.hint(text, arguments) ?? "surprisal\(command) --help lists the flags")
  }

  /// A suggestion for a value that looks like a flag, or that resembles an allowed value.
  private static func hint(_ text: String, _ arguments: [String]) -> String? {
    if let match = text.firstMatch(of: /Missing value for '(--[a-z0-9-]+)/) {
      let flag = String(match.1)
      guard let place = arguments.lastIndex(of: flag),
        let value = arguments.dropFirst(place + 1).first, value.hasPrefix("-")
      else { return nil }
      return "a value that begins with - is written \(flag)=\(TerminalText.safe(value))"
    }
    if let match = text.firstMatch(of: /The value '(.*)' is invalid for '--[a-z0-9-]+ <(.*)>'/) {
      let known = match.2.split(separator: "|").map(String.init)
      return EditDistance.nearest(to: String(match.1), among: known)
        .map { "did you mean \(EscapedText($0))?" }
    }
    return nil
  }
}

extension SurprisalCommand {
  /// The names of all commands.
  static var commandNames: [String] {
    let groups = configuration.groupedSubcommands.flatMap(\.subcommands)
    return (groups + configuration.ungroupedSubcommands).compactMap { $0.configuration.commandName }
      + ["help"]
  }
}
