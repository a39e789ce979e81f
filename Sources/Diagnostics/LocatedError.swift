import SurprisalTables

/// An error that can be shown to a person in the form of every error of Surprisal: a code word, one
/// sentence of what is wrong and where, further facts, and a suggestion.
///
/// The command line prints
///
///     error[code]: message
///       details, one a line
///       suggestion
///
/// and leaves with `exitCode`.
public protocol LocatedError: Error, Sendable, CustomStringConvertible {
  /// The code word, such as `csv.ragged`; stable between releases.
  var code: String { get }

  /// One sentence: where, what was found, what was expected. Without a full stop.
  var message: String { get }

  /// Further facts, a line each; may be empty.
  var details: [String] { get }

  /// What to do about it, where something can be said.
  var suggestion: String? { get }

  /// The exit status of a command that fails with this error, from `sysexits.h`.
  var exitCode: Int32 { get }
}

extension LocatedError {
  /// The error as the command line prints it, without a final line feed.
  public var description: String {
    ([("error[\(code)]: \(message)")]
      + (details + (suggestion.map { [$0] } ?? [])).map { "  \($0)" })
      .joined(separator: "\n")
  }
}
