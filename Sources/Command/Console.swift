import ArgumentParser
import Surprisal

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Messages on the standard error.
enum Console {
  /// Writes text for people, wrapped to the width of the terminal.
  static func write(_ text: String) {
    TextLayout.$width.withValue(Terminal.width(of: 2)) {
      StandardStreams.report(TextLayout.wrap(text) + "\n")
    }
  }

  /// Ends the process.
  static func end(_ status: Int32) -> Never { exit(status) }

  /// Prints an error in the common form and exits with its status.
  static func fail(_ error: any LocatedError) -> Never {
    Interruption.waitIfEnding()
    var lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    if Terminal.current.hasColor, let first = lines.first, let end = first.firstIndex(of: ":") {
      lines[0] = "\u{1B}[1;31m\(first[..<end])\u{1B}[0m\(first[end...])"
    }
    write(lines.joined(separator: "\n"))
    end(error.exitCode)
  }

  /// Prints `warning[code]: message`.
  static func warn(code: String, _ message: String) {
    write("warning[\(code)]: \(TerminalText.safe(message))")
  }

  /// Prints the warnings from reading data.
  static func report(_ notices: [DataWarning], quiet: Bool) {
    for notice in notices where !quiet { warn(code: notice.code, notice.message) }
  }
}

/// Properties of an output stream.
struct Terminal {
  /// Whether it is a terminal.
  let isInteractive: Bool
  /// Whether colours may be used.
  let hasColor: Bool

  /// The standard error, according to the environment and `--color`.
  static var current: Terminal { make(CommandLine.arguments, descriptor: 2) }

  /// The width of lines: `COLUMNS`, or the width of the terminal; nil for other streams, because
  /// files and pipes accept lines of any width.
  static func width(of descriptor: Int32) -> Int? {
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
    if let columns, columns > 0 { return max(40, columns) }
    var size = winsize()
    guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0,
      size.ws_col > 0
    else { return nil }
    return max(40, Int(size.ws_col))
  }

  /// The standard output, according to the environment and `--color`.
  static var output: Terminal { make(CommandLine.arguments, descriptor: 1) }

  private static func make(_ arguments: [String], descriptor: Int32) -> Terminal {
    let environment = ProcessInfo.processInfo.environment
    let isInteractive = isatty(descriptor) == 1
    var wish = "auto"
    for (index, argument) in arguments.enumerated() {
      if argument.hasPrefix("--color=") { wish = String(argument.dropFirst(8)) }
      if argument == "--color", index + 1 < arguments.count { wish = arguments[index + 1] }
    }
    let isPlain =
      environment["NO_COLOR"].map { !$0.isEmpty } ?? false
      || environment["TERM"] == "dumb"
    let automatic = isInteractive && !isPlain
    return Terminal(
      isInteractive: isInteractive,
      hasColor: wish == "always" || (wish != "never" && automatic))
  }
}
