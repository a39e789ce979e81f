/// A fixed number of doubles on a cache-line boundary, zero at first.
///
/// Swift arrays start 32 bytes into an allocation, which makes every second 64-byte load cross a
/// cache line. The class is the storage of value types only; they copy it before they write to it
/// when it is shared.
final class AlignedBuffer: @unchecked Sendable {
  static let alignment = 64

  let count: Int
  let start: UnsafeMutablePointer<Double>

  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Double>.stride
    start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Self.alignment)
      .bindMemory(to: Double.self, capacity: max(count, 1))
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
