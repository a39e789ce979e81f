import SurprisalTables

/// Encodes values as JSON.
///
/// Every member of a type is written: an optional without a value becomes null, so that a reader
/// can distinguish an absent value from a damaged file. Numbers that are not finite become the
/// texts `"inf"`, `"-inf"` and `"nan"`; in lists of numbers they become null, which no decoder
/// accepts. Unsigned 64-bit integers above 2^53 become texts, because most JSON readers store
/// numbers as doubles. Lists of doubles are copied as a whole.
public struct JSONValueEncoder: Sendable {
  /// Creates an encoder.
  public init() {}

  /// The JSON of a value. Throws only what the value's own `encode(to:)` throws.
  public func encode(_ value: some Encodable) throws -> JSONValue {
    try EncodedNode.json(of: value, path: [])
  }
}

/// A JSON value during encoding.
private final class EncodedNode: Encoder {
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any] = [:]

  private enum Content {
    case none
    case value(JSONValue)
    case array([JSONValue])
    case object(JSONObject)
  }
  private var content = Content.none
  /// Nested containers that are still open: their values are collected when this one is finished.
  private var open: [(place: Place, node: EncodedNode)] = []

  private enum Place {
    case key(String)
    case index(Int)
  }

  init(path: [any CodingKey]) { codingPath = path }

  static func json<T: Encodable>(
    of value: T, path: @autoclosure () -> [any CodingKey]
  ) throws -> JSONValue {
    if T.self == Double.self, let number = value as? Double { return number.json }
    if T.self == String.self, let text = value as? String { return .string(text) }
    if T.self == Int.self, let number = value as? Int { return .integer(number) }
    if T.self == Bool.self, let truth = value as? Bool { return .bool(truth) }
    if T.self == [Double].self, let numbers = value as? [Double] { return .numbers(numbers) }
    if let number = value as? Float { return Double(number).json }
    if let number = value as? any FixedWidthInteger {
      // Beyond 2^53 a reader that stores numbers as doubles would lose digits.
      let exact = Int(exactly: number).flatMap { $0.magnitude <= 1 << 53 ? $0 : nil }
      return exact.map { .integer($0) } ?? .string("\(number)")
    }
    let node = EncodedNode(path: path())
    try value.encode(to: node)
    return node.finished()
  }

  func finished() -> JSONValue {
    for (place, node) in open {
      switch (place, content) {
      case (.key(let key), .object(var object)):
        object[key] = node.finished()
        content = .object(object)
      case (.index(let index), .array(var values)):
        values[index] = node.finished()
        content = .array(values)
      default: break
      }
    }
    open = []
    switch content {
    case .none: return .object(JSONObject())
    case .value(let value): return value
    case .array(let values): return .array(values)
    case .object(let object): return .object(object)
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .none = content { content = .object(JSONObject()) }
    return KeyedEncodingContainer(Keyed<Key>(node: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .none = content { content = .array([]) }
    return Unkeyed(node: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(node: self) }

  fileprivate func set(_ value: JSONValue, _ key: String) {
    guard case .object(var object) = content else { return }
    content = .none
    object[key] = value
    content = .object(object)
  }

  fileprivate func append(_ value: JSONValue) {
    guard case .array(var values) = content else { return }
    content = .none
    values.append(value)
    content = .array(values)
  }

  fileprivate func replace(by value: JSONValue) { content = .value(value) }

  fileprivate var count: Int { if case .array(let values) = content { values.count } else { 0 } }

  fileprivate func nested(_ key: any CodingKey) -> EncodedNode {
    let node = EncodedNode(path: codingPath + [key])
    set(.null, key.stringValue)
    open.append((.key(key.stringValue), node))
    return node
  }

  fileprivate func nestedElement() -> EncodedNode {
    let node = EncodedNode(path: codingPath)
    open.append((.index(count), node))
    append(.null)
    return node
  }
}

/// One generic method serves every type that the protocol lists.
private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: EncodedNode
  var codingPath: [any CodingKey] { node.codingPath }

  func encodeNil(forKey key: Key) { node.set(.null, key.stringValue) }

  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    node.set(try EncodedNode.json(of: value, path: codingPath + [key]), key.stringValue)
  }

  func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
    try add(value, key)
  }

  private func add<T: Encodable>(_ value: T?, _ key: Key) throws {
    if let value { try encode(value, forKey: key) } else { encodeNil(forKey: key) }
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> { node.nested(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    node.nested(key).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { node.nested(JSONKey("super")) }
  func superEncoder(forKey key: Key) -> any Encoder { node.nested(key) }
}

// The protocol's default implementations for these types would take precedence over the generic
// method, and they omit members without a value.
extension Keyed {
  func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: String?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try add(value, key) }
  func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try add(value, key) }
}

private struct Unkeyed: UnkeyedEncodingContainer {
  let node: EncodedNode
  var codingPath: [any CodingKey] { node.codingPath }
  var count: Int { node.count }

  func encodeNil() { node.append(.null) }

  func encode<T: Encodable>(_ value: T) throws {
    node.append(try EncodedNode.json(of: value, path: codingPath))
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) -> KeyedEncodingContainer<Nested> { node.nestedElement().container(keyedBy: type) }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    node.nestedElement().unkeyedContainer()
  }

  func superEncoder() -> any Encoder { node.nestedElement() }
}

private struct Single: SingleValueEncodingContainer {
  let node: EncodedNode
  var codingPath: [any CodingKey] { node.codingPath }

  func encodeNil() { node.replace(by: .null) }

  func encode<T: Encodable>(_ value: T) throws {
    node.replace(by: try EncodedNode.json(of: value, path: codingPath))
  }
}

/// A key with arbitrary text, or an index.
struct JSONKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ text: String) { (stringValue, intValue) = (text, nil) }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { (stringValue, self.intValue) = ("\(intValue)", intValue) }
}

extension Double {
  /// The number; a text if it is not finite.
  var json: JSONValue {
    isFinite ? .number(self) : .string(isNaN ? "nan" : self < 0 ? "-inf" : "inf")
  }
}

extension JSONValue {
  /// The JSON of a value with a synthesised `encode(to:)`.
  package static func encoding(_ value: some Encodable) -> JSONValue {
    do {
      return try JSONValueEncoder().encode(value)
    } catch {
      // A synthesised `encode(to:)` fails only if a container does, and those of `JSONValueEncoder`
      // never do.
      preconditionFailure("\(error)")
    }
  }
}
