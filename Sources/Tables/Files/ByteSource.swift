import SurprisalLinearAlgebra

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes from a file, a pipe or memory, in order, read by `read(2)`.
///
/// Nothing is memory-mapped: a file truncated under a mapping kills the process. A regular file's
/// size, modification time and inode are compared at its end; a difference is `io.changed`.
public struct ByteSource: ~Copyable, Sendable {
  /// The file's name, or `standard input`.
  public let name: String

  /// The bytes of a regular file or of memory; nil for pipes and terminals.
  public let size: Int?

  /// Whether `rewind()` is possible.
  public var isRewindable: Bool { size != nil || kept != nil }

  /// The number of bytes read since the beginning.
  public private(set) var offset = 0

  private let descriptor: Int32
  private let closesDescriptor: Bool
  private let path: String?
  private let before: FileIdentity?
  private let memory: [UInt8]
  private let chunkSize: Int
  /// The bytes read so far, if they are kept, and the position in them that is read next after a
  /// rewind.
  private var kept: [[UInt8]]?
  private var keptBudget = MemoryBudget(bytes: .max)
  private var replay: (part: Int, offset: Int)?

  /// Bytes in memory, returned at most `chunkSize` at a time.
  public init(bytes: [UInt8], name: String, chunkSize: Int = .max) {
    self.name = name
    self.size = bytes.count
    self.descriptor = -1
    self.closesDescriptor = false
    self.path = nil
    self.before = nil
    self.memory = bytes
    self.chunkSize = max(1, chunkSize)
  }

  /// An open descriptor. If there is a `path`, it is compared at the end.
  init(descriptor: Int32, closes: Bool, name: String, path: String?) {
    let identity = FileIdentity(descriptor: descriptor)
    self.name = name
    self.descriptor = descriptor
    self.closesDescriptor = closes
    self.path = path
    // A redirected input may be a regular file read from its middle: neither rewound nor compared.
    self.before = path != nil && identity?.isRegular == true ? identity : nil
    self.size = before?.size
    self.memory = []
    self.chunkSize = .max
  }

  deinit {
    if closesDescriptor { Platform.close(descriptor) }
  }

  /// Reads up to `buffer.count` bytes; 0 at the end. Threads share the work if the source is a
  /// regular file and the buffer large.
  ///
  /// Throws `io.read` if the system reports an error and `io.changed` if a regular file has changed
  /// between the beginning and the end.
  public mutating func read(
    into buffer: UnsafeMutableRawBufferPointer, threads: ThreadCount = .one
  ) throws(FileError) -> Int {
    guard !buffer.isEmpty else { return 0 }
    if replay != nil {
      let count = readKept(into: buffer)
      if count > 0 { return count }
    }
    if descriptor < 0 {
      let count = min(buffer.count, memory.count - offset, chunkSize)
      memory.withUnsafeBytes { bytes in
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
      }
      offset += count
      return count
    }
    let (count, fault) = readFile(into: buffer, threads)
    if let fault { throw .cannotRead(file: name, reason: Platform.reason(fault)) }
    offset += count
    if kept != nil, count > 0 {
      try keptBudget.require(offset, for: "the text that comes through \(name)")
      kept?.append(Array(UnsafeRawBufferPointer(rebasing: buffer[..<count])))
    }
    if let before, count == 0 || offset > before.size { try compare(with: before) }
    return count
  }

  /// The next bytes of the descriptor, or an error number. A regular file is read at explicit
  /// offsets: the first part that is short ends the read.
  private func readFile(
    into buffer: UnsafeMutableRawBufferPointer, _ threads: ThreadCount
  ) -> (count: Int, fault: Int32?) {
    guard before != nil else {
      let count = Platform.read(descriptor, into: buffer)
      return count < 0 ? (0, Platform.lastError) : (count, nil)
    }
    let size = buffer.count
    let parts = max(1, min(threads.value, size / Self.leastPart))
    let (shared, descriptor, offset) = (SharedBuffer(bytes: buffer), descriptor, offset)
    let results = threads.map(count: parts) { index -> (wanted: Int, count: Int, fault: Int32) in
      let range = size / parts * index..<(index == parts - 1 ? size : size / parts * (index + 1))
      let part = UnsafeMutableRawBufferPointer(rebasing: shared.bytes[range])
      let count = Platform.read(descriptor, at: offset + range.lowerBound, into: part)
      return (range.count, count, count < 0 ? Platform.lastError : 0)
    }
    var total = 0
    for result in results {
      // The bytes before an error are returned; the next read reports the error again.
      if result.count < 0 { return (total, total > 0 ? nil : result.fault) }
      total += result.count
      if result.count < result.wanted { break }
    }
    return (total, nil)
  }

  /// The fewest bytes per thread.
  private static let leastPart = 1 << 19

  /// `@unchecked`: threads write to different parts.
  private struct SharedBuffer: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer
  }

  /// Returns to the first byte. It is a programming error if `isRewindable` is false.
  public mutating func rewind() throws(FileError) {
    precondition(isRewindable)
    if kept != nil {
      replay = (0, 0)
      offset = 0
      return
    }
    offset = 0
  }

  /// Keeps all bytes that are read from now on in memory, so that a pipe can be rewound. Nothing
  /// may have been read yet. `read` throws `limit.memory` before they exceed the budget.
  mutating func keepBytes(budget: MemoryBudget) {
    precondition(offset == 0)
    if size == nil { kept = [] }
    keptBudget = budget
  }

  /// The number of bytes kept.
  var keptSize: Int { kept == nil ? 0 : offset }

  private mutating func readKept(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard let kept, let (part, start) = replay, part < kept.count else {
      replay = nil
      return 0
    }
    let count = min(buffer.count, kept[part].count - start)
    kept[part].withUnsafeBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
    }
    replay = start + count == kept[part].count ? (part + 1, 0) : (part, start + count)
    offset += count
    return count
  }

  /// The remaining bytes. Throws `limit.memory` before they exceed the budget.
  public mutating func readAll(
    budget: MemoryBudget = .ofMachine
  ) throws(FileError) -> [UInt8] {
    if let size { try budget.require(size - offset, for: "reading \(name)") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity((size ?? 0) - (size == nil ? 0 : offset))
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try chunk.withUnsafeMutableBufferPointer {
        (buffer: inout UnsafeMutableBufferPointer<UInt8>) throws(FileError) -> Int in
        try read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if count == 0 { return bytes }
      // A growing array is copied into one of twice the size: both exist for a moment.
      if bytes.count + count > bytes.capacity {
        try budget.require(3 * (bytes.count + count), for: "reading \(name)")
      }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// Whether a regular file has changed since it was opened.
  var hasChanged: Bool { before.map { FileIdentity(descriptor: descriptor) != $0 } ?? false }

  private func compare(with before: FileIdentity) throws(FileError) {
    let now = FileIdentity(descriptor: descriptor)
    let named = path.flatMap { FileIdentity(path: $0) }
    guard now == before, offset == before.size, named?.isSameFile(as: before) == true else {
      throw .changedWhileReading(file: name)
    }
  }
}
