#if canImport(Glibc)
  import Glibc
#endif

/// A fixed number of doubles; see `AlignedStorage`.
typealias AlignedBuffer = AlignedStorage<Double>

/// A fixed number of floating-point values aligned to a cache line, zero at first.
///
/// Swift arrays start 32 bytes into an allocation, so every second 64-byte load would cross a cache
/// line. The class is used only as the storage of value types, which copy it before writing if it
/// is shared.
///
/// Large buffers request large pages: a block of a matrix spans dozens of small pages, and the
/// processor drops prefetches of pages that are not in its page-table cache (a pass over 1e6 x 100
/// took 10 % longer).
final class AlignedStorage<Element: BinaryFloatingPoint>: @unchecked Sendable {
  private static var alignment: Int { 64 }
  private static var largePage: Int { 1 << 21 }

  /// The number of values; only `shrink` changes it, while the storage has a single owner.
  private(set) var count: Int
  let start: UnsafeMutablePointer<Element>

  convenience init(count: Int) {
    self.init(uninitializedCount: count)
    start.initialize(repeating: 0, count: max(count, 1))
  }

  /// Memory with unspecified content: pages are allocated by the system when they are first
  /// written.
  init(uninitializedCount count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let isLarge = bytes >= 2 * Self.largePage
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isLarge ? Self.largePage : Self.alignment)
    #if canImport(Glibc)
      // A hint: it has no effect if the system has no large pages.
      if isLarge { _ = madvise(memory, bytes, MADV_HUGEPAGE) }
    #endif
    start = memory.bindMemory(to: Element.self, capacity: max(count, 1))
  }

  deinit {
    UnsafeMutableRawPointer(start).deallocate()
  }

  /// Drops values beyond the first `newCount`. Only for storage with a single owner.
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
