#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An input of the command line: a path, or `-` for the standard input.
public struct InputFile: Sendable, Equatable {
  /// The path, or `-`.
  public let path: String

  /// An input; nothing is opened yet.
  public init(_ path: String) { self.path = path }

  /// Whether it is the standard input.
  public var isStandardInput: Bool { path == "-" }

  /// The last component of the path, or `standard input`, for messages.
  public var name: String {
    isStandardInput ? "standard input" : path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The extension of the name, in lower case; empty if there is none.
  public var fileExtension: String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 ? (parts.last.map { $0.lowercased() } ?? "") : ""
  }

  /// Opens the input. Throws `io.open` with the reason and, for a missing file, the nearest name in
  /// the folder.
  public func open() throws(FileError) -> ByteSource {
    if isStandardInput {
      return ByteSource(descriptor: 0, closes: false, name: name, path: nil)
    }
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw .cannotOpen(file: path, reason: "no file can have this name", suggestion: nil)
    }
    let descriptor = Platform.open(path, O_RDONLY)
    if descriptor < 0 {
      let number = Platform.lastError
      throw .cannotOpen(
        file: path, reason: reason(number), suggestion: number == ENOENT ? nearestName() : nil)
    }
    let identity = FileIdentity(descriptor: descriptor)
    if identity?.isDirectory != false {
      Platform.close(descriptor)
      throw .cannotOpen(file: path, reason: "it is a directory", suggestion: nil)
    }
    return ByteSource(descriptor: descriptor, closes: true, name: name, path: path)
  }

  /// All bytes of the input. Throws as `open()` and `ByteSource.readAll(budget:)` do.
  public func readAll(budget: MemoryBudget = .ofMachine) throws(FileError) -> [UInt8] {
    var source = try open()
    return try source.readAll(budget: budget)
  }

  private func reason(_ number: Int32) -> String {
    switch number {
    case ENOENT: "there is no such file"
    case EACCES: "it may not be read"
    case ENXIO, EOPNOTSUPP: "it is a socket"
    default: Platform.reason(number)
    }
  }

  /// The path with its last component replaced by the most similar name in the folder, if one
  /// differs by few letters.
  private func nearestName() -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let last = parts.last, !last.isEmpty else { return nil }
    let folder = parts.dropLast().joined(separator: "/")
    let listed = folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
    let names = Platform.names(inFolder: listed)
    guard let best = EditDistance.nearest(to: String(last), among: names.sorted()) else {
      return nil
    }
    return (parts.dropLast().map(String.init) + [best]).joined(separator: "/")
  }
}

/// The identity of a file for the operating system: detects that a file changed, or that two names
/// refer to one file.
struct FileIdentity: Sendable, Equatable {
  let device: UInt64
  let inode: UInt64
  let size: Int
  let modifiedSeconds: Int
  let modifiedNanoseconds: Int
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
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    size = Int(status.st_size)
    mode = UInt32(status.st_mode)
    #if canImport(Darwin)
      modifiedSeconds = status.st_mtimespec.tv_sec
      modifiedNanoseconds = status.st_mtimespec.tv_nsec
    #else
      modifiedSeconds = status.st_mtim.tv_sec
      modifiedNanoseconds = status.st_mtim.tv_nsec
    #endif
  }

  var isDirectory: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }
  var isRegular: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFREG) }
  /// Whether it is a terminal, or a device such as `/dev/null`.
  var isDevice: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFCHR) }

  /// Whether both are one file, even if its content has changed.
  func isSameFile(as other: FileIdentity) -> Bool {
    device == other.device && inode == other.inode
  }
}
