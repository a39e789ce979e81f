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
        suggestion: EditDistance.question(about: typed, among: names)
          ?? "surprisal --help lists the commands")
      return
    }
    // Options that check each other come before those that are unknown.
    if let typed, let unknown = SurprisalCommand.unknownFlag(in: arguments, of: typed) {
      self.init(
        "unknown option \(EscapedText(unknown.name))",
        suggestion: unknown.nearest.map { "did you mean \($0)?" }
          ?? "surprisal \(typed) --help-all lists the flags")
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
      return EditDistance.question(about: String(match.1), among: known)
    }
    return nil
  }
}

extension SurprisalCommand {
  /// The first argument that has the form of a flag and is none of the command, and a flag with
  /// a similar name.
  fileprivate static func unknownFlag(
    in arguments: [String], of name: String
  ) -> (name: String, nearest: String?)? {
    let groups = configuration.groupedSubcommands.flatMap(\.subcommands)
    let command = (groups + configuration.ungroupedSubcommands).first {
      $0.configuration.commandName == name
    }
    guard let command else { return nil }
    let help = helpMessage(for: command, includeHidden: true, columns: 1000)
    let known = Set(help.matches(of: /--[a-z0-9]+(?:-[a-z0-9]+)*/).map { String($0.0) })
    let flags = arguments.dropFirst().prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
    let names = flags.compactMap { $0.split(separator: "=").first.map(String.init) }
    return names.first { !known.contains($0) && $0 != "--help-all" && $0 != "--help-hidden" }
      .map { ($0, EditDistance.nearest(to: $0, among: known.sorted())) }
  }

  /// The names of all commands.
  static var commandNames: [String] {
    let groups = configuration.groupedSubcommands.flatMap(\.subcommands)
    return (groups + configuration.ungroupedSubcommands).compactMap { $0.configuration.commandName }
      + ["help"]
  }
}
