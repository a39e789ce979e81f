#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The three streams that a process gets, in whatever state it gets them.
public enum StandardStreams {
  /// Makes faults of streams errors of reading and writing: called once, before anything else.
  ///
  /// A closed stream is bound to a file that fails, lest a file that is opened later takes its
  /// number; the standard error is bound to one that takes everything. A reader that is gone and a
  /// limit on the size of files are errors, not signals.
  public static func prepare() {
    for (descriptor, flags) in [(Int32(0), O_WRONLY), (1, O_RDONLY), (2, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one: those below are open.
      _ = open("/dev/null", flags)
    }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Writes a message to the standard error as far as that takes it: a message that nobody can
  /// read is no reason to stop.
  public static func report(_ text: String) {
    var text = text
    _ = text.withUTF8 { Platform.writeAll(2, UnsafeRawBufferPointer($0)) }
  }

  /// Ends the process as one whose reader went away ends.
  public static func endWithoutReader() -> Never {
    TemporaryFiles.removeAll()
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    _exit(128 + SIGPIPE)
  }
}
