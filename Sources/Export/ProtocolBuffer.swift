/// A message in the wire format of protocol buffers, field after field; write-only
/// (https://protobuf.dev/programming-guides/encoding).
struct ProtocolBuffer {
  /// The message so far.
  private(set) var bytes: [UInt8] = []

  /// Adds an integer.
  mutating func add(_ field: Int, _ value: Int) {
    appendVarint(UInt64(field) << 3)
    appendVarint(UInt64(bitPattern: Int64(value)))
  }

  /// Adds a text.
  mutating func add(_ field: Int, _ text: String) { add(field, bytes: Array(text.utf8)) }

  /// Adds an embedded message.
  mutating func add(_ field: Int, _ message: ProtocolBuffer) { add(field, bytes: message.bytes) }

  /// Adds bytes.
  mutating func add(_ field: Int, bytes content: [UInt8]) {
    appendVarint(UInt64(field) << 3 | 2)
    appendVarint(UInt64(content.count))
    bytes += content
  }

  /// A message with the fields that `build` adds.
  static func message(_ build: (inout ProtocolBuffer) -> Void) -> ProtocolBuffer {
    var result = ProtocolBuffer()
    build(&result)
    return result
  }

  /// Seven bits per byte, the lowest first; all but the last byte have their highest bit set.
  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
