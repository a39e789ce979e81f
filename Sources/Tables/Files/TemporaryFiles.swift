import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files and folders of this process that are removed unless they get their final name, also if
/// a signal ends the process.
public enum TemporaryFiles {
  private static let paths = Mutex<[String]>([])

  /// Removes all of them, the last one first, and ends the process; no thread makes another one in
  /// between. Removes none if another thread is blocked in the file system for a fifth of a second.
  public static func removeAll(andEnd end: () -> Never) -> Never {
    for _ in 0..<200 {
      _ = paths.withLockIfAvailable { paths -> Never in
        for path in paths.reversed() where unlink(path) != 0 { rmdir(path) }
        end()
      }
      usleep(1000)
    }
    end()
  }

  /// Creates a file that must not exist; a negative descriptor and the error number on failure.
  static func create(_ path: String, mode: mode_t) -> (descriptor: Int32, fault: Int32) {
    paths.withLock { paths in
      let descriptor = Platform.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
      guard descriptor >= 0 else { return (descriptor, Platform.lastError) }
      paths.append(path)
      return (descriptor, 0)
    }
  }

  /// Creates a folder that must not exist; the error number, or nil.
  static func createFolder(_ path: String) -> Int32? {
    paths.withLock { paths in
      guard mkdir(path, 0o777) == 0 else { return Platform.lastError }
      paths.append(path)
      return nil
    }
  }

  /// Makes a second name of a file, beside it; nil if there is no file, or if the file system has
  /// no hard links.
  static func secondName(of path: String) -> String? {
    let name =
      "\(AtomicFile.folder(of: path))/.surprisal-\(getpid())-old-\(UInt32.random(in: 0 ... .max))"
    return paths.withLock { paths in
      guard link(path, name) == 0 else { return nil }
      paths.append(name)
      return name
    }
  }

  /// Removes a file or an empty folder.
  static func remove(_ path: String) {
    paths.withLock { paths in
      if unlink(path) != 0 { rmdir(path) }
      paths.removeAll { $0 == path }
    }
  }

  /// Keeps a file: it has its final name now.
  static func forget(_ path: String) {
    paths.withLock { $0.removeAll { $0 == path } }
  }
}
