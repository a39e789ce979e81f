/// The fields of one record, in memory that is used again for the next.
///
/// `@unchecked`: the memory belongs to this value alone, which cannot be copied.
struct FieldList: ~Copyable, @unchecked Sendable {
  private(set) var count = 0
  private var storage = UnsafeMutableBufferPointer<Field>.allocate(capacity: 64)

  deinit { storage.deallocate() }

  /// A field's bytes are `start..<end` of the window, quotation marks around it not included.
  struct Field: BitwiseCopyable, Sendable {
    let start: Int
    let end: Int
    /// Whether doubled quotation marks are to be undone.
    let isEscaped: Bool
  }

  subscript(index: Int) -> Field {
    @inline(__always)
    get {
      precondition(index < count)
      return storage[index]
    }
  }

  mutating func removeAll() { count = 0 }

  @inline(__always)
  mutating func append(_ field: Field) {
    if count == storage.count { grow() }
    storage[count] = field
    count += 1
  }

  private mutating func grow() {
    let larger = UnsafeMutableBufferPointer<Field>.allocate(capacity: storage.count * 2)
    _ = larger.update(fromContentsOf: storage)
    storage.deallocate()
    storage = larger
  }
}
