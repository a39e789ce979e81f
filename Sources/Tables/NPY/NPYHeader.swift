/// The header of a NumPy array file: one fixed grammar, never evaluated.
///
///     {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
///
/// The three keys may be in any order, with spaces between tokens; nothing else is accepted.
struct NPYHeader: Equatable {
  let type: NPYElementType
  let isFortranOrder: Bool
  let shape: [Int]

  init(_ text: [UInt8]) throws(FileError.NPYProblem) {
    var words = Words(text)
    var descriptor: String?
    var order: Bool?
    var shape: [Int]?
    try words.expect("{")
    while !words.take("}") {
      let key = try words.quoted()
      try words.expect(":")
      switch key {
      case "descr" where descriptor == nil: descriptor = try words.descriptor()
      case "fortran_order" where order == nil: order = try words.truth()
      case "shape" where shape == nil: shape = try words.shape()
      default: throw .header("the key \(EscapedText(key)) is unknown or stands there twice")
      }
      if !words.take(",") {
        try words.expect("}")
        break
      }
    }
    guard words.isAtEnd else { throw .header("text behind the closing bracket") }
    guard let descriptor, let order, let shape else {
      throw .header("one of descr, fortran_order and shape is missing")
    }
    guard let type = NPYElementType(descriptor) else { throw .elementType(descriptor) }
    self.type = type
    isFortranOrder = order
    self.shape = shape
  }

  /// The tokens of a header.
  private struct Words {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool {
      mutating get {
        skipSpace()
        return position >= bytes.count
      }
    }

    mutating func take(_ word: String) -> Bool {
      skipSpace()
      guard position < bytes.count, bytes[position...].starts(with: word.utf8) else { return false }
      position += word.utf8.count
      return true
    }

    mutating func expect(_ word: String) throws(FileError.NPYProblem) {
      guard take(word) else { throw .header("expected \(word) at byte \(position) of it") }
    }

    /// A string in single or double quotation marks, without escapes.
    mutating func quoted() throws(FileError.NPYProblem) -> String {
      let mark = take("'") ? UInt8(ascii: "'") : UInt8(ascii: "\"")
      if mark == UInt8(ascii: "\"") { try expect("\"") }
      guard let end = bytes[position...].firstIndex(of: mark) else {
        throw .header("a text that is not closed")
      }
      defer { position = end + 1 }
      return String(decoding: bytes[position..<end], as: UTF8.self)
    }

    /// A type; a list is a structured type, which is refused by name.
    mutating func descriptor() throws(FileError.NPYProblem) -> String {
      skipSpace()
      if position < bytes.count, bytes[position] == UInt8(ascii: "[") {
        throw .elementType("structured")
      }
      return try quoted()
    }

    mutating func truth() throws(FileError.NPYProblem) -> Bool {
      if take("True") { return true }
      try expect("False")
      return false
    }

    /// A shape, such as `()`, `(3,)` or `(3, 4)`; 32 axes at most, as in NumPy.
    mutating func shape() throws(FileError.NPYProblem) -> [Int] {
      try expect("(")
      var shape: [Int] = []
      while !take(")") {
        guard shape.count < 32 else { throw .header("more than 32 axes") }
        shape.append(try integer())
        if !take(",") {
          // (3) is a number in parentheses, not a shape.
          guard shape.count > 1 else { throw .header("a shape of one axis without a comma") }
          try expect(")")
          break
        }
      }
      return shape
    }

    private mutating func integer() throws(FileError.NPYProblem) -> Int {
      skipSpace()
      let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
      position += digits.count
      // Python 2 wrote long integers with an L.
      if position < bytes.count, bytes[position] == UInt8(ascii: "L") { position += 1 }
      let text = String(decoding: digits.prefix(100), as: UTF8.self)
      guard !digits.isEmpty else { throw .header("the shape holds something else than integers") }
      guard let value = Int(text) else { throw .shape("an axis of length \(text)") }
      return value
    }

    private mutating func skipSpace() {
      while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x0A {
        position += 1
      }
    }
  }
}

/// The type of the elements of a NumPy array file.
struct NPYElementType: Equatable {
  let kind: Kind
  /// The bytes of an element: 1, 2, 4 or 8, and any number for texts.
  let width: Int
  let isBigEndian: Bool

  enum Kind: Equatable { case float, signed, unsigned, bool, unicode, bytes }

  /// The maximum bytes of a text.
  private static let textLimit = 1 << 16

  /// `<f8`, `<U12`, `|S3` and so on; nil for objects, complex and structured types, dates.
  init?(_ descriptor: String) {
    let letters = Array(descriptor.utf8)
    if let text = Self.text(letters, descriptor) {
      self = text
      return
    }
    guard letters.count == 3, letters[2] >= 0x30, letters[2] <= 0x38 else { return nil }
    width = Int(letters[2] - 0x30)
    switch letters[0] {
    case UInt8(ascii: "<"), UInt8(ascii: "="): isBigEndian = false
    case UInt8(ascii: "|") where width == 1: isBigEndian = false
    case UInt8(ascii: ">"): isBigEndian = true
    default: return nil
    }
    switch letters[1] {
    case UInt8(ascii: "f") where [2, 4, 8].contains(width): kind = .float
    case UInt8(ascii: "i") where [1, 2, 4, 8].contains(width): kind = .signed
    case UInt8(ascii: "u") where [1, 2, 4, 8].contains(width): kind = .unsigned
    case UInt8(ascii: "b") where width == 1: kind = .bool
    default: return nil
    }
  }

  private init(kind: Kind, width: Int, isBigEndian: Bool) {
    (self.kind, self.width, self.isBigEndian) = (kind, width, isBigEndian)
  }

  private static func text(_ letters: [UInt8], _ descriptor: String) -> NPYElementType? {
    guard letters.count > 2, "<=|>".utf8.contains(letters[0]),
      let count = Int(descriptor.dropFirst(2)), (1...textLimit).contains(count)
    else { return nil }
    let isBigEndian = letters[0] == UInt8(ascii: ">")
    switch letters[1] {
    case UInt8(ascii: "U"):
      return NPYElementType(kind: .unicode, width: count * 4, isBigEndian: isBigEndian)
    case UInt8(ascii: "S"):
      return NPYElementType(kind: .bytes, width: count, isBigEndian: isBigEndian)
    default: return nil
    }
  }

  /// The bits of an element, converted to little-endian order.
  @inline(__always)
  func bits(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
    switch width {
    case 1: return UInt64(bytes[offset])
    case 2:
      let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
      return UInt64(isBigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value))
    case 4:
      let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      return UInt64(isBigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value))
    default:
      let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      return isBigEndian ? UInt64(bigEndian: value) : UInt64(littleEndian: value)
    }
  }

  /// The value of an element's bits; nil for an integer that no double equals, or a Boolean other
  /// than 0 and 1.
  @inline(__always)
  func value(ofBits bits: UInt64) -> Double? {
    switch kind {
    case .float where width == 8: return Double(bitPattern: bits)
    case .float where width == 4:
      return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .float: return NPYElementType.half(UInt16(truncatingIfNeeded: bits))
    case .bool: return bits <= 1 ? Double(bits) : nil
    case .unsigned: return bits <= 1 << 53 ? Double(bits) : nil
    case .unicode, .bytes: return nil
    case .signed:
      let integer = signed(bits)
      return integer.magnitude <= 1 << 53 ? Double(integer) : nil
    }
  }

  /// The integer in decimal, for messages.
  func text(ofBits bits: UInt64) -> String { kind == .signed ? "\(signed(bits))" : "\(bits)" }

  private func signed(_ bits: UInt64) -> Int64 {
    let unused = UInt64(64 - 8 * width)
    return Int64(bitPattern: bits &<< unused) &>> Int64(unused)
  }

  /// Converts IEEE 754 binary16, exactly. `Float16` is missing on some platforms.
  private static func half(_ bits: UInt16) -> Double {
    let sign: Double = bits >> 15 == 1 ? -1 : 1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Double(bits & 1023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * Double(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
    }
  }
}
