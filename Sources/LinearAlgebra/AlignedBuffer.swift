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

  /// How many values there are: changed by `shrink` alone, before anybody else holds the storage.
  private(set) var count: Int
  let start: UnsafeMutablePointer<Element>

  convenience init(count: Int) {
    self.init(uninitializedCount: count)
    start.initialize(repeating: 0, count: max(count, 1))
  }

  /// Memory whose content is unspecified: pages that nobody writes to are never taken.
  init(uninitializedCount count: Int) {
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
  }

  deinit {
    UnsafeMutableRawPointer(start).deallocate()
  }

  /// Leaves values beyond the first `newCount` out. Only for storage that nobody else holds.
  func shrink(to newCount: Int) {
    precondition(newCount <= count)
    count = newCount
  }

  func copy() -> AlignedStorage {
    let other = AlignedStorage(uninitializedCount: count)
    other.start.update(from: start, count: count)
    return other
  }
}
