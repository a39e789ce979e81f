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

  /// Throws `limit.files` unless the process may open a few more files. Without them the libraries
  /// of the system, which need some for their threads, end the process.
  public static func requireFiles() throws(FileError) {
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    if getrlimit(resource, &limit) == 0, limit.rlim_cur < 64, limit.rlim_cur < limit.rlim_max {
      limit.rlim_cur = min(64, limit.rlim_max)
      setrlimit(resource, &limit)
    }
    var opened: [Int32] = []
    defer { for descriptor in opened { Platform.close(descriptor) } }
    while opened.count < leastFiles {
      let descriptor = dup(2)
      if descriptor < 0, errno == EMFILE { throw .fewFiles(opened.count, needed: leastFiles) }
      guard descriptor >= 0 else { return }
      opened.append(descriptor)
    }
  }

  /// The files that a command with all its outputs and the libraries of the system open.
  private static let leastFiles = 12

  /// Writes a message to the standard error, ignoring failures: a message that cannot be written
  /// must not end the program.
  public static func report(_ text: String) {
    var text = text
    _ = text.withUTF8 { Platform.writeAll(2, UnsafeRawBufferPointer($0)) }
  }

  /// Ends the process by `SIGPIPE`, as usual after its reader has gone.
  public static func endWithoutReader() -> Never {
    TemporaryFiles.removeAll {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
      _exit(128 + SIGPIPE)
    }
  }
}
