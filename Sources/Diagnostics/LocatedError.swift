import SurprisalTables

/// An error that can be shown to the user in the common form of Surprisal: a code word, one
/// sentence on what is wrong and where, further facts, and a suggestion.
///
/// The command line prints
///
///     error[code]: message
///       details, one a line
///       suggestion
///
/// and exits with `exitCode`.
public protocol LocatedError: Error, Sendable, CustomStringConvertible {
  /// The code word, such as `csv.ragged`; stable between releases.
  var code: String { get }

  /// One sentence: the place, what was found, what was expected. Without a full stop.
  var message: String { get }

  /// Further facts, one per line; may be empty.
  var details: [String] { get }

  /// The suggested remedy, if there is one.
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
