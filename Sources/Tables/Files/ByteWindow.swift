import SurprisalLinearAlgebra

/// A part of a byte source in memory, which moves forward.
///
/// `@unchecked`: the memory belongs to this value alone, which cannot be copied.
struct ByteWindow: ~Copyable, @unchecked Sendable {
  var source: ByteSource
  /// The first byte not consumed, and the end of the bytes read, in `bytes`.
  var start = 0
  private(set) var end = 0
  /// Whether the source has ended.
  private(set) var isAtEnd = false
  /// The offset of `bytes[0]` in the source.
  private(set) var baseOffset = 0

  /// The number of readable bytes after every window, whose values are arbitrary.
  static let padding = 64

  /// The number of threads that read.
  private let threads: ThreadCount
  private var storage: UnsafeMutableBufferPointer<UInt8>
  /// The size of the storage for the bytes read.
  private var capacity: Int

  /// An empty window of a capacity; it grows when a record does not fit.
  init(_ source: consuming ByteSource, capacity: Int, threads: ThreadCount) {
    self.threads = threads
    self.source = source
    self.capacity = max(1, capacity)
    storage = Self.allocate(self.capacity)
  }

  deinit { storage.deallocate() }

  /// All bytes of the window; valid until `fill()`.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: UnsafeBufferPointer(storage)[..<end])
  }

  /// Reads until the source ends or the unconsumed bytes have grown and hold a new line feed.
  ///
  /// The caller scans its record from the beginning again. The bytes of a long record are therefore
  /// doubled before it is scanned again, so that bytes that arrive one at a time cost constant time
  /// each.
  mutating func fill() throws(FileError) {
    let waiting = end - start
    let goal = waiting <= 4096 ? waiting + 1 : 2 * waiting
    var hasLineFeed = false
    while !isAtEnd, !hasLineFeed || end - start < goal {
      let count = try readOnce()
      hasLineFeed = hasLineFeed || bytes.suffix(count).contains(UInt8(ascii: "\n"))
      // Without a line feed the record may exceed its limits: let the scanner check.
      if end - start >= max(goal, 1 << 16) { return }
    }
  }

  /// Reads until `count` unconsumed bytes are there or the source ends.
  mutating func fill(atLeast count: Int) throws(FileError) {
    while !isAtEnd, end - start < count { _ = try readOnce() }
  }

  /// Returns to the first byte of a source that can be rewound.
  mutating func rewind() throws(FileError) {
    try source.rewind()
    start = 0
    end = 0
    baseOffset = 0
    isAtEnd = false
  }

  private static func allocate(_ capacity: Int) -> UnsafeMutableBufferPointer<UInt8> {
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: capacity + padding)
    memory.suffix(padding).initialize(repeating: 0)
    return memory
  }

  private mutating func readOnce() throws(FileError) -> Int {
    makeRoom()
    let room = UnsafeMutableRawBufferPointer(
      UnsafeMutableBufferPointer(rebasing: storage[end..<capacity]))
    let count = try source.read(into: room, threads: threads)
    end += count
    isAtEnd = count == 0
    return count
  }

  /// Moves the unconsumed bytes to the front, into twice the memory if they fill half of it.
  private mutating func makeRoom() {
    if end < capacity, start == 0 || capacity - end >= 1 << 16 { return }
    let kept = end - start
    let isFull = kept > capacity / 2
    let target = isFull ? Self.allocate(capacity * 2) : storage
    _ = target.update(fromContentsOf: storage[start..<end])
    if target.baseAddress != storage.baseAddress {
      storage.deallocate()
      storage = target
      capacity *= 2
    }
    baseOffset += start
    start = 0
    end = kept
  }
}
