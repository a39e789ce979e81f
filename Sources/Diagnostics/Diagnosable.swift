import SurprisalTables

/// An error that can be shown to a person in the form of every error of Surprisal: a code word, one
/// sentence of what is wrong and where, further facts, and a cure.
///
/// The command line prints
///
///     error[code]: message
///       details, one a line
///       cure
///
/// and leaves with `exitCode`.
public protocol Diagnosable: Error, Sendable, CustomStringConvertible {
  /// The code word, such as `csv.ragged`; stable between releases.
  var code: String { get }

  /// One sentence: where, what was found, what was expected. Without a full stop.
  var message: String { get }

  /// Further facts, a line each; may be empty.
  var details: [String] { get }

  /// What to do about it, where something can be said.
  var cure: String? { get }

  /// The exit status of a command that fails with this error, from `sysexits.h`.
  var exitCode: Int32 { get }
}

extension Diagnosable {
  /// The error as the command line prints it, without a final line feed.
  public var description: String {
    ([("error[\(code)]: \(message)")] + (details + (cure.map { [$0] } ?? [])).map { "  \($0)" })
      .joined(separator: "\n")
  }
}
