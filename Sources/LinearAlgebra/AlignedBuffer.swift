#if canImport(Glibc)
  import Glibc
#endif

/// A fixed number of doubles; see `AlignedStorage`.
typealias AlignedBuffer = AlignedStorage<Double>

/// A fixed number of floating-point values on a cache-line boundary, zero at first.
///
/// Swift arrays start 32 bytes into an allocation, which makes every second 64-byte load cross a
/// cache line. The class is the storage of value types only; they copy it before they write to it
/// when it is shared.
///
/// Large buffers ask for large pages: a block of a matrix spans dozens of small ones, and the
/// processor drops fetches whose page it does not know (a pass over 1e6 x 100 took a tenth longer).
final class AlignedStorage<Element: BinaryFloatingPoint>: @unchecked Sendable {
  private static var alignment: Int { 64 }
  private static var largePage: Int { 1 << 21 }

  let count: Int
  let start: UnsafeMutablePointer<Element>

  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let isLarge = bytes >= 2 * Self.largePage
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isLarge ? Self.largePage : Self.alignment)
    #if canImport(Glibc)
      // A hint: where the system has no large pages, nothing changes.
      if isLarge { _ = madvise(memory, bytes, MADV_HUGEPAGE) }
    #endif
    start = memory.bindMemory(to: Element.self, capacity: max(count, 1))
    start.initialize(repeating: 0, count: max(count, 1))
  }

  deinit {
    UnsafeMutableRawPointer(start).deallocate()
  }

  func copy() -> AlignedStorage {
    let other = AlignedStorage(count: count)
    other.start.update(from: start, count: count)
    return other
  }
}
