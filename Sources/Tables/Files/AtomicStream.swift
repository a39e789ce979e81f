#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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
