#if canImport(Glibc)
  import Glibc
#endif

/// A fixed number of doubles on a cache-line boundary, zero at first.
///
/// Swift arrays start 32 bytes into an allocation, which makes every second 64-byte load cross a
/// cache line. The class is the storage of value types only; they copy it before they write to it
/// when it is shared.
///
/// Large buffers ask for large pages: a block of a matrix spans dozens of small ones, and the
/// processor drops fetches whose page it does not know (a pass over 1e6 x 100 took a tenth longer).
final class AlignedBuffer: @unchecked Sendable {
  static let alignment = 64
  private static let largePage = 1 << 21

  let count: Int
  let start: UnsafeMutablePointer<Double>

  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Double>.stride
    let isLarge = bytes >= 2 * Self.largePage
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isLarge ? Self.largePage : Self.alignment)
    #if canImport(Glibc)
      // A hint: where the system has no large pages, nothing changes.
      if isLarge { _ = madvise(memory, bytes, MADV_HUGEPAGE) }
    #endif
    start = memory.bindMemory(to: Double.self, capacity: max(count, 1))
    start.initialize(repeating: 0, count: max(count, 1))
  }

  deinit {
    UnsafeMutableRawPointer(start).deallocate()
  }

  func copy() -> AlignedBuffer {
    let other = AlignedBuffer(count: count)
    other.start.update(from: start, count: count)
    return other
  }
}
