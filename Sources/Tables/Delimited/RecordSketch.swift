/// The properties of a record by which the header before it is judged.
struct RecordSketch: Sendable {
  /// The number of fields.
  let fieldCount: Int
  /// The bytes of the first field.
  let first: [UInt8]
  /// The number of empty fields at the end.
  let emptyAtEnd: Int
  /// The fields of digits with a leading zero, such as `02116`.
  let zeroLed: [Int]

  init(_ fields: borrowing FieldList, _ bytes: UnsafeBufferPointer<UInt8>) {
    fieldCount = fields.count
    first = fields.count > 0 ? Array(bytes[fields[0].start..<fields[0].end]) : []
    var empty = 0
    while empty < fieldCount {
      let field = fields[fieldCount - 1 - empty]
      guard bytes[field.start..<field.end].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { break }
      empty += 1
    }
    emptyAtEnd = empty
    var zeroLed: [Int] = []
    for index in 0..<fieldCount {
      let field = fields[index]
      guard field.end - field.start > 1, bytes[field.start] == UInt8(ascii: "0") else { continue }
      if bytes[field.start..<field.end].allSatisfy({ (0x30...0x39).contains($0) }) {
        zeroLed.append(index)
      }
    }
    self.zeroLed = zeroLed
  }
}
