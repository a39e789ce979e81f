#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Inside `Platform` these names are those of its functions.

private func systemRead(_ file: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(file, buffer, count)
}

private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}

private func systemOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
  open(path, flags, mode)
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

/// The calls of the operating system for reading and writing, with errors as values.
enum Platform {
  /// The system's text for an error number.
  static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }

  /// Why a file that could not be opened cannot be read.
  static func reasonAgainstReading(_ number: Int32) -> String {
    switch number {
    case ENOENT: "there is no such file"
    case EACCES: "it may not be read"
    case ENXIO, EOPNOTSUPP: "it is a socket"
    default: reason(number)
    }
  }

  /// Whether an error number says that there is no such file.
  static func isMissing(_ number: Int32) -> Bool { number == ENOENT }

  /// The last error number of this thread.
  static var lastError: Int32 { errno }

  /// `read(2)`, repeated if a signal interrupts it.
  package static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = systemRead(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// `pread(2)`, repeated if a signal interrupts it.
  package static func read(
    _ descriptor: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    while true {
      let count = pread(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30), off_t(offset))
      if count >= 0 || errno != EINTR { return count }
    }
  }

  /// `write(2)` until all is written; the error number, or nil.
  static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32? {
    var rest = bytes
    while !rest.isEmpty {
      let count = systemWrite(descriptor, rest.baseAddress, min(rest.count, 1 << 30))
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      // A device that accepts no bytes would cause an endless loop.
      if count == 0 { return EIO }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    return nil
  }

  /// `open(2)`, repeated if a signal interrupts it.
  static func open(_ path: String, _ flags: Int32 = O_RDONLY, mode: mode_t = 0o666) -> Int32 {
    while true {
      let descriptor = systemOpen(path, flags | O_CLOEXEC, mode)
      if descriptor >= 0 || errno != EINTR { return descriptor }
    }
  }

  /// `close(2)`; the error number, or nil. Never repeated: the descriptor is released either way.
  @discardableResult
  static func close(_ descriptor: Int32) -> Int32? {
    let status = systemClose(descriptor)
    return status == 0 || errno == EINTR ? nil : errno
  }

  /// The names in a folder; none if it cannot be read.
  static func names(inFolder path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

/// What all names of a file have in common.
struct FileNode: Sendable, Hashable {
  let device: UInt64
  let inode: UInt64
}

/// The identity of a file for the operating system: detects that a file changed, or that two names
/// refer to one file.
struct FileIdentity: Sendable, Equatable {
  let node: FileNode
  let size: Int
  /// The time since 1970 at which its content last changed.
  let modified: Duration
  let mode: UInt32

  /// The identity of an open file; nil if the system does not report it.
  init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  /// The identity of the file at a path; nil if there is none.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    node = FileNode(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      inode: UInt64(truncatingIfNeeded: status.st_ino))
    size = Int(status.st_size)
    mode = UInt32(status.st_mode)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    modified = .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  var isDirectory: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }
  var isRegular: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFREG) }
  /// Whether it is a terminal, or a device such as `/dev/null`.
  var isDevice: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFCHR) }

  /// Whether both are one file, even if its content has changed.
  func isSameFile(as other: FileIdentity) -> Bool { node == other.node }
}
