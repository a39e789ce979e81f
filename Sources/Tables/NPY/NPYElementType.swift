/// The type of the elements of a NumPy array file.
struct NPYElementType: Equatable {
  let kind: Kind
  /// Bytes of an element: 1, 2, 4 or 8.
  let width: Int
  let isBigEndian: Bool

  enum Kind: Equatable { case float, signed, unsigned, bool }

  /// `<f8` and so on; nil for objects, texts, complex and structured types, dates.
  init?(_ descriptor: String) {
    let letters = Array(descriptor.utf8)
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

  /// The bits of an element, little end first after this.
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

  /// The value of an element's bits; nil for an integer that no double equals, or a truth value
  /// other than 0 and 1.
  @inline(__always)
  func value(ofBits bits: UInt64) -> Double? {
    switch kind {
    case .float where width == 8: return Double(bitPattern: bits)
    case .float where width == 4:
      return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .float: return NPYElementType.half(UInt16(truncatingIfNeeded: bits))
    case .bool: return bits <= 1 ? Double(bits) : nil
    case .unsigned: return bits <= 1 << 53 ? Double(bits) : nil
    case .signed:
      let integer = signed(bits)
      return integer.magnitude <= 1 << 53 ? Double(integer) : nil
    }
  }

  /// The integer as it stands in the file, for messages.
  func text(ofBits bits: UInt64) -> String { kind == .signed ? "\(signed(bits))" : "\(bits)" }

  private func signed(_ bits: UInt64) -> Int64 {
    let unused = UInt64(64 - 8 * width)
    return Int64(bitPattern: bits &<< unused) &>> Int64(unused)
  }

  /// IEEE 754 binary16, exactly. Written out, since `Float16` is missing on some platforms.
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
