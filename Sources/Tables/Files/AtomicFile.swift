#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is written as a whole or not at all.
///
/// The bytes go to a temporary file in the same folder, are forced to the disk, and take the name
/// in one step: whenever the process or the machine dies, the name leads to the old file or to the
/// new one. A link is followed and kept; the permissions of an existing file are kept.
public struct AtomicFile: Sendable {
  /// The path as the user gave it.
  public let path: String

  /// Whether an existing file is an error instead of replaced.
  public var noClobber: Bool

  /// An output; nothing is touched yet.
  public init(_ path: String, noClobber: Bool = false) {
    self.path = path
    self.noClobber = noClobber
  }

  /// Checks before long work that the file can be written, and leaves no trace.
  ///
  /// Throws `io.create` when the folder is missing or read-only, the path is a directory, or the
  /// file is there and `noClobber` is set; `usage` when it is the same file as one of `inputs`.
  public func checkWritable(notSameAs inputs: [InputFile] = []) throws(FileError) {
    let target = try resolvedTarget()
    let existing = FileIdentity(path: target)
    if let existing {
      for input in inputs where !input.isStandardInput {
        if FileIdentity(path: input.path)?.isSameFile(as: existing) == true {
          throw .outputIsInput(output: path, input: input.path)
        }
      }
    }
    try checkKind(existing)
    // Permission bits do not tell of read-only file systems: try.
    let (descriptor, temporary) = try createTemporary(besides: target, mode: 0o600)
    Platform.close(descriptor)
    unlink(temporary)
  }

  /// Writes the file.
  ///
  /// Throws as `checkWritable` does, and `io.write` when writing fails: then the old file is as it
  /// was and no temporary file is left.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    let target = try resolvedTarget()
    let existing = FileIdentity(path: target)
    try checkKind(existing)
    if let existing, !existing.isRegular { return try writeThrough(bytes, to: target) }
    // A new file gets what the mask of the process leaves of 0666.
    let mode = existing.map { mode_t($0.mode & 0o777) }
    let (descriptor, temporary) = try createTemporary(besides: target, mode: mode ?? 0o666)
    var problem = bytes.withUnsafeBytes { Platform.writeAll(descriptor, $0) }
    if problem == nil, let mode, fchmod(descriptor, mode) != 0 { problem = Platform.lastError }
    if problem == nil { problem = AtomicFile.force(descriptor) }
    let closing = Platform.close(descriptor)
    problem = problem ?? closing
    if problem == nil { problem = publish(temporary, as: target) }
    if let problem {
      unlink(temporary)
      if problem == EEXIST, noClobber { throw .cannotCreate(file: path, reason: "it exists") }
      throw .cannotWrite(file: path, reason: Platform.reason(problem))
    }
    forceFolder(of: target)
  }

  /// Writes text in UTF-8.
  public func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

  /// Gives the finished file its name; with `noClobber` only if the name is still free.
  func publish(_ temporary: String, as target: String) -> Int32? {
    if noClobber {
      guard link(temporary, target) == 0 else { return Platform.lastError }
      unlink(temporary)
      return nil
    }
    return rename(temporary, target) == 0 ? nil : Platform.lastError
  }

  func checkKind(_ existing: FileIdentity?) throws(FileError) {
    guard let existing else { return }
    if existing.isDirectory { throw .cannotCreate(file: path, reason: "it is a directory") }
    if noClobber { throw .cannotCreate(file: path, reason: "it exists") }
  }

  /// The path with links at its end followed, up to 40 as the system does.
  func resolvedTarget() throws(FileError) -> String {
    guard !path.isEmpty, !path.utf8.contains(0), !path.hasSuffix("/") else {
      throw .cannotCreate(file: path, reason: "no file can have this name")
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

  /// A new file beside the target, hidden, with a name that no other process has.
  func createTemporary(
    besides target: String, mode: mode_t
  ) throws(FileError) -> (descriptor: Int32, path: String) {
    let folder = AtomicFile.folder(of: target)
    for attempt in 0..<100 {
      let temporary = "\(folder)/.surprisal-\(getpid())-\(attempt)-\(UInt32.random(in: 0 ... .max))"
      let descriptor = Platform.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
      if descriptor >= 0 { return (descriptor, temporary) }
      let number = Platform.lastError
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

  /// A device or a pipe cannot be replaced: it is written as it is.
  private func writeThrough(_ bytes: [UInt8], to target: String) throws(FileError) {
    let descriptor = Platform.open(target, O_WRONLY)
    guard descriptor >= 0 else {
      throw .cannotCreate(file: path, reason: Platform.reason(Platform.lastError))
    }
    let problem = bytes.withUnsafeBytes { Platform.writeAll(descriptor, $0) }
    let closing = Platform.close(descriptor)
    if let number = problem ?? closing {
      throw .cannotWrite(file: path, reason: Platform.reason(number))
    }
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// To the disk itself. A failure is reported and never tried again: the system may have dropped
  /// the pages it could not write.
  static func force(_ descriptor: Int32) -> Int32? {
    #if canImport(Darwin)
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return nil }
    #endif
    return fsync(descriptor) == 0 ? nil : Platform.lastError
  }

  /// The name, too, is forced to the disk. Some file systems refuse this; the file is complete
  /// then.
  func forceFolder(of target: String) {
    let descriptor = Platform.open(AtomicFile.folder(of: target), O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { return }
    _ = AtomicFile.force(descriptor)
    Platform.close(descriptor)
  }
}

/// A file that is written piece by piece and takes its name only when it is whole.
///
/// What `AtomicFile` is for bytes that are all there: the old file stands until `commit`, links are
/// kept, a device or a pipe is written as it is. What is not committed is removed.
public struct AtomicStream: ~Copyable, Sendable {
  private let file: AtomicFile
  private let target: String
  /// nil where the target is written through.
  private let temporary: String?
  private var output: OutputFile
  private var isCommitted = false

  /// Begins a file. Throws as `AtomicFile.checkWritable(notSameAs:)` does.
  public init(_ file: AtomicFile, notSameAs inputs: [InputFile] = []) throws(FileError) {
    try file.checkWritable(notSameAs: inputs)
    let target = try file.resolvedTarget()
    let existing = FileIdentity(path: target)
    let descriptor: Int32
    let temporary: String?
    if let existing, !existing.isRegular {
      temporary = nil
      descriptor = Platform.open(target, O_WRONLY)
      guard descriptor >= 0 else {
        throw .cannotCreate(file: file.path, reason: Platform.reason(Platform.lastError))
      }
    } else {
      let mode = existing.map { mode_t($0.mode & 0o777) }
      let created = try file.createTemporary(besides: target, mode: mode ?? 0o666)
      // The mask of the process applies to new files alone.
      if let mode { fchmod(created.descriptor, mode) }
      (descriptor, temporary) = (created.descriptor, created.path)
    }
    self.file = file
    self.target = target
    self.temporary = temporary
    output = OutputFile(descriptor: descriptor, closes: true, name: file.path)
  }

  deinit {
    if !isCommitted, let temporary { unlink(temporary) }
  }

  /// Adds text in UTF-8. Throws `io.write`.
  public mutating func write(_ text: String) throws(FileError) { try output.write(text) }

  /// Forces the bytes to the disk and gives the file its name. Throws `io.write`, and `io.create`
  /// where the name was taken meanwhile and must not be replaced.
  public mutating func commit() throws(FileError) {
    guard let temporary else {
      try output.close()
      isCommitted = true
      return
    }
    try output.force()
    try output.close()
    if let problem = file.publish(temporary, as: target) {
      if problem == EEXIST, file.noClobber {
        throw .cannotCreate(file: file.path, reason: "it exists")
      }
      throw .cannotWrite(file: file.path, reason: Platform.reason(problem))
    }
    isCommitted = true
    file.forceFolder(of: target)
  }
}
