/// A suggested next command line: the present arguments with another subcommand.
struct NextCommand {
  /// The line, quoted for a shell.
  let text: String

  /// Flags that only affect the output; the next command does not inherit them.
  private static let dropped: Set<String> = ["--json", "--quiet", "--all"]

  /// `surprisal subcommand`, the arguments of this process unless `keeping` is false, and more.
  init(
    _ subcommand: String, keeping: Bool = true, adding flags: [String],
    arguments: [String] = CommandLine.arguments
  ) {
    // Drops the name of the program and the subcommand.
    let kept = keeping ? arguments.dropFirst(2).filter { !Self.dropped.contains($0) } : []
    text = (["surprisal", subcommand] + (kept + flags).map(Self.word)).joined(separator: " ")
  }

  /// An argument quoted for a shell; control characters are escaped.
  private static func word(_ argument: String) -> String {
    let isPlain = argument.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic
          || "0123456789._-/+=:,@%".unicodeScalars.contains(scalar))
    }
    if isPlain, !argument.isEmpty { return argument }
    let parts = argument.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}
