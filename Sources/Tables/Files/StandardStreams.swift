#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The three standard streams of the process, in any initial state.
public enum StandardStreams {
  /// Turns faults of streams into errors of reading and writing; must be called once, first.
  ///
  /// A closed stream is bound to a file that fails, so that no file opened later gets its number;
  /// the standard error is bound to one that accepts everything. A reader that is gone and a limit
  /// on the size of files are errors, not signals.
  public static func prepare() {
    for (descriptor, flags) in [(Int32(0), O_WRONLY), (1, O_RDONLY), (2, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one: those below are open.
      _ = open("/dev/null", flags)
    }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Writes a message to the standard error, ignoring failures: a message that cannot be written
  /// must not end the program.
  public static func report(_ text: String) {
    var text = text
    _ = text.withUTF8 { Platform.writeAll(2, UnsafeRawBufferPointer($0)) }
  }

  /// Ends the process by `SIGPIPE`, as usual after its reader has gone.
  public static func endWithoutReader() -> Never {
    TemporaryFiles.removeAll()
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    _exit(128 + SIGPIPE)
  }
}
