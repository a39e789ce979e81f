import SurprisalTables

/// Parses JSON strictly (RFC 8259): whatever two readers could interpret differently is an error.
///
/// Refused, with the offset of the byte: duplicate keys, trailing commas, `NaN`, numbers beyond the
/// largest double, nesting beyond `depthLimit`, lone surrogates, invalid UTF-8, text after the
/// value, a byte order mark. There is no recursion, so nesting cannot exhaust the stack.
/// `O(bytes)`.
public struct JSONParser: Sendable {
  /// The deepest nesting of brackets.
  public var depthLimit = 512

  /// A parser.
  public init() {}

  /// The value of a text in UTF-8. `source` is the name used in errors.
  public func parse(
    _ bytes: [UInt8], source: String = "JSON"
  ) throws(FileError) -> JSONValue {
    if let offset = JSONScanner.invalidOffset(bytes) {
      throw .json(source: source, byteOffset: offset, .invalidUTF8)
    }
    var scanner = JSONScanner(bytes)
    do throws(JSONScanner.Fault) {
      let value = try parseValue(&scanner)
      scanner.skipSpace()
      guard scanner.isAtEnd else { throw scanner.unexpected("the end") }
      return value
    } catch {
      throw .json(source: source, byteOffset: error.offset, error.problem)
    }
  }

  /// The value of a text.
  public func parse(_ text: String, source: String = "JSON") throws(FileError) -> JSONValue {
    try parse(Array(text.utf8), source: source)
  }

  /// A list or an object that is not closed yet.
  private enum Open {
    case array([JSONValue])
    case object(JSONObject, key: String)
  }

  private func parseValue(_ scanner: inout JSONScanner) throws(JSONScanner.Fault) -> JSONValue {
    var stack: [Open] = []
    while true {
      scanner.skipSpace()
      guard var value = try parseStart(&scanner, &stack) else { continue }
      // A value is complete: add it to the enclosing value, and close that one if it ends here.
      while let open = stack.popLast() {
        guard let closed = try parseEnd(&scanner, open, with: value, &stack) else { break }
        value = closed
        if stack.isEmpty { return value }
      }
      if stack.isEmpty { return value }
    }
  }

  /// Parses a scalar, an empty list or an empty object; nil if it opened a list or an object.
  private func parseStart(
    _ scanner: inout JSONScanner, _ stack: inout [Open]
  ) throws(JSONScanner.Fault) -> JSONValue? {
    let isObject = scanner.peek == UInt8(ascii: "{")
    guard isObject || scanner.peek == UInt8(ascii: "[") else { return try scanner.scalar() }
    guard stack.count < depthLimit else { throw scanner.fault(.depth(limit: depthLimit)) }
    _ = scanner.take(UInt8(ascii: isObject ? "{" : "["))
    scanner.skipSpace()
    if scanner.take(UInt8(ascii: isObject ? "}" : "]")) {
      return isObject ? .object(JSONObject()) : .array([])
    }
    stack.append(isObject ? .object(JSONObject(), key: try scanner.key()) : .array([]))
    return nil
  }

  /// Adds a value to the enclosing one. Returns that one if it ends here; otherwise it stays open.
  private func parseEnd(
    _ scanner: inout JSONScanner, _ open: consuming Open, with value: JSONValue,
    _ stack: inout [Open]
  ) throws(JSONScanner.Fault) -> JSONValue? {
    scanner.skipSpace()
    switch consume open {
    case .array(var values):
      values.append(value)
      if scanner.take(UInt8(ascii: "]")) { return .array(values) }
      guard scanner.take(UInt8(ascii: ",")) else { throw scanner.unexpected("',' or ']'") }
      stack.append(.array(values))
    case .object(var object, let key):
      object[key] = value
      if scanner.take(UInt8(ascii: "}")) { return .object(object) }
      guard scanner.take(UInt8(ascii: ",")) else { throw scanner.unexpected("',' or '}'") }
      scanner.skipSpace()
      let start = scanner.offset
      let next = try scanner.key()
      if object[next] != nil {
        throw JSONScanner.Fault(offset: start, problem: .duplicateKey(next))
      }
      stack.append(.object(object, key: next))
    }
    return nil
  }
}
