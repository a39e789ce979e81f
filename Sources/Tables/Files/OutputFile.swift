#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes to the standard output or to a file, in blocks, with every write checked.
///
/// Use it for streamed results, and `AtomicFile` for a file that must be complete or absent. If the
/// reader closes the pipe, writing throws `FileError.readerIsGone` if `SIGPIPE` is ignored;
/// otherwise the process ends.
public struct OutputFile: ~Copyable, Sendable {
  /// The path, or `standard output`.
  public let name: String

  private let descriptor: Int32
  private let closesDescriptor: Bool
  private var isOpen = true
  private var buffer: [UInt8] = []
  private static let blockSize = 1 << 16

  /// The standard output.
  public init() { self.init(descriptor: 1, closes: false, name: "standard output") }

  /// A file, created or emptied; `-` is the standard output. Throws `io.create`.
  public init(path: String, noClobber: Bool = false) throws(FileError) {
    guard path != "-" else {
      self.init()
      return
    }
    let flags = O_WRONLY | O_CREAT | (noClobber ? O_EXCL : O_TRUNC)
    let descriptor = path.utf8.contains(0) ? -1 : Platform.open(path, flags)
    guard descriptor >= 0 else {
      throw .cannotCreate(file: path, reason: Platform.reason(Platform.lastError))
    }
    self.init(descriptor: descriptor, closes: true, name: path)
  }

  init(descriptor: Int32, closes: Bool, name: String) {
    self.name = name
    self.descriptor = descriptor
    closesDescriptor = closes
    buffer.reserveCapacity(OutputFile.blockSize)
  }

  // An output that was not closed by `close()` is closed without checking for errors.
  deinit {
    if closesDescriptor, isOpen { Platform.close(descriptor) }
  }

  /// Adds bytes. Throws `io.write` when a block cannot be written.
  public mutating func write(_ bytes: some Sequence<UInt8>) throws(FileError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= OutputFile.blockSize { try flush() }
  }

  /// Adds text in UTF-8.
  public mutating func write(_ text: String) throws(FileError) { try write(text.utf8) }

  /// Passes everything so far to the system.
  public mutating func flush() throws(FileError) {
    let problem = buffer.withUnsafeBytes { Platform.writeAll(descriptor, $0) }
    buffer.removeAll(keepingCapacity: true)
    if problem == EPIPE { throw .readerIsGone(file: name) }
    if let problem { throw .cannotWrite(file: name, reason: Platform.reason(problem)) }
  }

  /// Passes everything to the system and forces it to the disk.
  mutating func force() throws(FileError) {
    try flush()
    if let problem = AtomicFile.force(descriptor) {
      throw .cannotWrite(file: name, reason: Platform.reason(problem))
    }
  }

  /// Passes the rest to the system and closes; a full disk may be reported only here.
  public mutating func close() throws(FileError) {
    guard isOpen else { return }
    try flush()
    isOpen = false
    if closesDescriptor, let problem = Platform.close(descriptor) {
      throw .cannotWrite(file: name, reason: Platform.reason(problem))
    }
  }
}
