import SurprisalTables

/// The tokens of JSON, from valid UTF-8.
struct JSONScanner {
  private let bytes: [UInt8]
  private(set) var offset = 0

  /// A fault at a byte.
  struct Fault: Error {
    let offset: Int
    let problem: FileError.JSONProblem
  }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { offset >= bytes.count }
  var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  /// The offset of the first byte that is not valid UTF-8; nil if there is none.
  static func invalidOffset(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) } == nil
      ? firstInvalidUTF8(bytes) : nil
  }

  func fault(_ problem: FileError.JSONProblem) -> Fault {
    Fault(offset: offset, problem: problem)
  }

  func unexpected(_ expected: String) -> Fault {
    guard let byte = peek else { return fault(.syntax(expected: expected, found: "the end")) }
    let found = byte < 0x80 ? EscapedText(bytes: [byte]).description : "a character beyond ASCII"
    return fault(.syntax(expected: expected, found: found))
  }

  mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  /// Consumes a byte if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    offset += 1
    return true
  }

  /// Parses a key and the following colon.
  mutating func key() throws(Fault) -> String {
    guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in quotation marks") }
    let key = try string()
    skipSpace()
    guard take(UInt8(ascii: ":")) else { throw unexpected("':'") }
    return key
  }

  mutating func scalar() throws(Fault) -> JSONValue {
    switch peek {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), .some(0x30...0x39): return try number()
    default: throw unexpected("a value")
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(Fault) -> JSONValue {
    guard bytes[offset...].starts(with: word.utf8) else { throw unexpected("a value") }
    offset += word.utf8.count
    return value
  }

  private mutating func digits() throws(Fault) -> Int {
    let start = offset
    while let byte = peek, (0x30...0x39).contains(byte) { offset += 1 }
    guard offset > start else { throw unexpected("a digit") }
    return offset - start
  }

  private mutating func number() throws(Fault) -> JSONValue {
    let start = offset
    var isInteger = true
    let isNegative = take(UInt8(ascii: "-"))
    let first = peek
    let count = try digits()
    if first == UInt8(ascii: "0"), count > 1 {
      throw Fault(
        offset: start + (isNegative ? 1 : 0),
        problem: .syntax(expected: "no digit after a leading 0", found: "a digit"))
    }
    if take(UInt8(ascii: ".")) {
      isInteger = false
      _ = try digits()
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isInteger = false
      _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
      _ = try digits()
    }
    return try value(of: start..<offset, isInteger: isInteger)
  }

  private func value(of range: Range<Int>, isInteger: Bool) throws(Fault) -> JSONValue {
    let text = String(decoding: bytes[range].prefix(400), as: UTF8.self)
    // -0 keeps its sign as a double.
    if isInteger, text != "-0", let value = Int(text) { return .integer(value) }
    let reading = bytes[range].withUnsafeBufferPointer { DecimalNumber.read($0) }
    guard case .number(let value) = reading else {
      throw Fault(offset: range.lowerBound, problem: .numberOverflow(text))
    }
    return .number(value)
  }

  private mutating func string() throws(Fault) -> String {
    offset += 1
    var content: [UInt8] = []
    while true {
      let start = offset
      while let byte = peek, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        offset += 1
      }
      content.append(contentsOf: bytes[start..<offset])
      if take(UInt8(ascii: "\"")) { return String(decoding: content, as: UTF8.self) }
      guard take(UInt8(ascii: "\\")) else { throw unexpected("the end of the text") }
      content.append(contentsOf: try escape())
    }
  }

  private mutating func escape() throws(Fault) -> [UInt8] {
    guard let byte = peek else { throw unexpected("an escape") }
    let plain: [UInt8: UInt8] = [
      0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D,
      0x74: 0x09,
    ]
    if let character = plain[byte] {
      offset += 1
      return [character]
    }
    guard take(UInt8(ascii: "u")) else { throw unexpected("an escape") }
    let start = offset - 2
    let high = try hexadecimal()
    var code = high
    if (0xD800...0xDBFF).contains(high), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
      let low = try hexadecimal()
      guard (0xDC00...0xDFFF).contains(low) else {
        throw Fault(offset: start, problem: .loneSurrogate)
      }
      code = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw Fault(offset: start, problem: .loneSurrogate)
    }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func hexadecimal() throws(Fault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80
      else { throw unexpected("four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
