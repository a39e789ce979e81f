#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is written as a whole or not at all.
///
/// The bytes are written to a temporary file in the same folder, forced to the disk, and renamed in
/// one step: if the process or the machine dies, the name refers to the old file or to the new one.
/// Links are followed and kept; the permissions of an existing file are kept. A device or a pipe is
/// written directly.
public struct AtomicFile: Sendable {
  /// The path as the user gave it.
  public let path: String

  /// Whether an existing file is an error instead of being replaced.
  public var noClobber: Bool

  /// An output; nothing is touched yet.
  public init(_ path: String, noClobber: Bool = false) {
    self.path = path
    self.noClobber = noClobber
  }

  /// Checks before long work that the file can be written, and leaves no trace.
  ///
  /// Throws `io.create` if the folder is missing or read-only, the name is too long, the path is a
  /// directory, or the file exists and `noClobber` is set.
  public func checkWritable() throws(FileError) {
    let target = try resolvedTarget()
    let existing = FileIdentity(path: target)
    try checkKind(existing)
    if let existing, !existing.isRegular {
      if access(target, W_OK) != 0 {
        throw .cannotCreate(file: path, reason: reason(Platform.lastError))
      }
      return
    }
    // Permission bits do not reveal read-only file systems: try to create a file.
    let temporary = try createTemporary(besides: target, mode: 0o600)
    Platform.close(temporary.descriptor)
    TemporaryFiles.remove(temporary.path)
  }

  /// Writes the file.
  ///
  /// Throws as `checkWritable` does, and `io.write` if writing fails: then the old file is
  /// unchanged and no temporary file is left.
  public func write(_ bytes: some Sequence<UInt8>) throws(FileError) {
    let file = try StagedFile(self)
    try file.write(bytes)
    try file.finish()
    try file.publish(keepingOld: false)
    file.settle()
  }

  /// Writes text in UTF-8.
  public func write(_ text: String) throws(FileError) { try write(text.utf8) }

  /// Whether this path is another name of the standard output, whatever that is connected to.
  var isStandardOutput: Bool { ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(path) }

  func checkKind(_ existing: FileIdentity?) throws(FileError) {
    guard let existing else { return }
    if existing.isDirectory { throw .cannotCreate(file: path, reason: "it is a directory") }
    if noClobber { throw .cannotCreate(file: path, reason: "it exists") }
  }

  /// The path with links at its end followed, up to 40 as the system does; the path itself if it is
  /// not a regular file: the link of an open pipe has no target.
  func resolvedTarget() throws(FileError) -> String {
    guard !path.isEmpty, !path.utf8.contains(0), !path.hasSuffix("/") else {
      throw .cannotCreate(file: path, reason: "no file can have this name")
    }
    var status = stat()
    if stat(path, &status) != 0 {
      if Platform.lastError == ENAMETOOLONG {
        throw .cannotCreate(file: path, reason: "its name is too long")
      }
    } else if FileIdentity(path: path)?.isRegular == false {
      return path
    }
    var target = path
    for _ in 0..<40 {
      var buffer = [CChar](repeating: 0, count: 4096)
      let count = readlink(target, &buffer, buffer.count)
      if count < 0 { return target }
      let link = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      target = link.hasPrefix("/") ? link : AtomicFile.folder(of: target) + "/" + link
    }
    throw .cannotCreate(file: path, reason: "too many links")
  }

  /// A new hidden file beside the target, with a name that no other process uses.
  func createTemporary(
    besides target: String, mode: mode_t
  ) throws(FileError) -> (descriptor: Int32, path: String) {
    let folder = AtomicFile.folder(of: target)
    for attempt in 0..<100 {
      let temporary = "\(folder)/.surprisal-\(getpid())-\(attempt)-\(UInt32.random(in: 0 ... .max))"
      let (descriptor, number) = TemporaryFiles.create(temporary, mode: mode)
      if descriptor >= 0 { return (descriptor, temporary) }
      if number != EEXIST { throw .cannotCreate(file: path, reason: reason(number)) }
    }
    throw .cannotCreate(file: path, reason: "no free name for a temporary file")
  }

  private func reason(_ number: Int32) -> String {
    switch number {
    case ENOENT: "its folder does not exist"
    case ENOTDIR: "a part of its path is no folder"
    case EACCES, EPERM: "its folder may not be written"
    case EROFS: "the file system is read-only"
    default: Platform.reason(number)
    }
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Forces data to the disk. A failure is reported and never retried: the system may have dropped
  /// the pages that it could not write.
  static func force(_ descriptor: Int32) -> Int32? {
    #if canImport(Darwin)
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return nil }
    #endif
    return fsync(descriptor) == 0 ? nil : Platform.lastError
  }
}

/// A file that is written piece by piece and takes its name only when it is complete.
///
/// The steps are `write`, `finish`, `publish` and `settle`; `revert` undoes `publish`. An
/// unpublished file is removed when the value is released. A device, a pipe or the standard output
/// is written directly.
public final class StagedFile {
  private let file: AtomicFile
  private let target: String
  /// nil if the target is written directly.
  private let temporary: String?
  private var output: OutputFile
  private var isFinished = false
  private var isPublished = false
  /// A second name of the file that was replaced.
  private var old: String?
  private var isReversible = false

  /// Begins a file. Throws as `AtomicFile.checkWritable()` does.
  init(_ file: AtomicFile) throws(FileError) {
    self.file = file
    if file.isStandardOutput {
      (target, temporary) = (file.path, nil)
      output = OutputFile()
      return
    }
    target = try file.resolvedTarget()
    let existing = FileIdentity(path: target)
    try file.checkKind(existing)
    let descriptor: Int32
    if let existing, !existing.isRegular {
      temporary = nil
      descriptor = Platform.open(target, O_WRONLY)
      guard descriptor >= 0 else {
        throw .cannotCreate(file: file.path, reason: Platform.reason(Platform.lastError))
      }
    } else {
      // A new file gets the permissions 0666 less the mask of the process.
      let mode = existing.map { mode_t($0.mode & 0o777) }
      let created = try file.createTemporary(besides: target, mode: mode ?? 0o666)
      if let mode { fchmod(created.descriptor, mode) }
      (descriptor, temporary) = (created.descriptor, created.path)
    }
    output = OutputFile(descriptor: descriptor, closes: true, name: file.path)
  }

  deinit {
    if !isPublished, let temporary { TemporaryFiles.remove(temporary) }
    if let old { TemporaryFiles.remove(old) }
  }

  /// Adds bytes. Throws `io.write`.
  public func write(_ bytes: some Sequence<UInt8>) throws(FileError) { try output.write(bytes) }

  /// Adds text in UTF-8. Throws `io.write`.
  public func write(_ text: String) throws(FileError) { try output.write(text) }

  /// Forces the bytes to the disk: afterwards only renaming can fail. Throws `io.write`.
  public func finish() throws(FileError) {
    guard !isFinished else { return }
    if temporary != nil { try output.force() }
    try output.close()
    isFinished = true
  }

  /// Gives the finished file its name; `keepingOld` allows `revert`.
  ///
  /// Throws `io.write`, and `io.create` if the name was taken meanwhile and must not be replaced.
  func publish(keepingOld: Bool) throws(FileError) {
    guard let temporary, !isPublished else { return }
    if file.noClobber {
      if link(temporary, target) != 0 {
        let number = Platform.lastError
        if number == EEXIST { throw .cannotCreate(file: file.path, reason: "it exists") }
        throw .cannotWrite(file: file.path, reason: Platform.reason(number))
      }
      TemporaryFiles.remove(temporary)
      isReversible = true
    } else {
      if keepingOld {
        old = TemporaryFiles.secondName(of: target)
        isReversible = old != nil || FileIdentity(path: target) == nil
      }
      guard rename(temporary, target) == 0 else {
        throw .cannotWrite(file: file.path, reason: Platform.reason(Platform.lastError))
      }
      TemporaryFiles.forget(temporary)
    }
    isPublished = true
  }

  /// Restores the state before `publish`.
  func revert() {
    guard isPublished, isReversible else { return }
    if let old {
      if rename(old, target) == 0 {
        TemporaryFiles.forget(old)
      } else if unlink(target) == 0, link(old, target) == 0 {
        // If one file cannot be renamed, the next may not be either.
        TemporaryFiles.remove(old)
      }
      self.old = nil
    } else {
      unlink(target)
    }
  }

  /// Removes the old file, so that `revert` is no longer possible, and forces the name to the disk.
  /// Some file systems refuse the latter; the file is complete then.
  func settle() {
    if let old { TemporaryFiles.remove(old) }
    old = nil
    guard isPublished else { return }
    let descriptor = Platform.open(AtomicFile.folder(of: target), O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { return }
    _ = AtomicFile.force(descriptor)
    Platform.close(descriptor)
  }
}
