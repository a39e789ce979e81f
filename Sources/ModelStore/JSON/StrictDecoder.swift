import SurprisalTables

/// Adapts a `DecodedNode` to the `Decoder` protocol.
struct StrictDecoder: Decoder {
  let node: DecodedNode
  var codingPath: [any CodingKey] { node.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(
    keyedBy type: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(KeyedValues<Key>(node: node, object: try node.requireObject()))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    UnkeyedValues(node: node, values: try node.requireArray())
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    SingleValue(node: node)
  }
}

/// One generic method serves every type that the protocol lists.
private struct KeyedValues<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let node: DecodedNode
  let object: JSONObject

  var codingPath: [any CodingKey] { node.codingPath }
  var allKeys: [Key] { object.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try node.require(key.stringValue).isNull }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try node.convert(try node.require(key.stringValue), .key(key.stringValue), to: type)
  }

  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
    try optional(key)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try decoder(of: key.stringValue).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(of: key.stringValue).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try decoder(of: "super") }
  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(of: key.stringValue) }

  private func optional<T: Decodable>(_ key: Key) throws -> T? {
    let value =
      node.options.requiresOptionals
      ? try node.require(key.stringValue) : node.member(key.stringValue)
    guard let value, !value.isNull else { return nil }
    return try node.convert(value, .key(key.stringValue), to: T.self)
  }

  private func decoder(of key: String) throws -> StrictDecoder {
    StrictDecoder(node: node.nested(try node.require(key), .key(key)))
  }
}

// The protocol's default implementations for these types would take precedence over the generic
// method, and they treat a missing member as null.
extension KeyedValues {
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try optional(key) }
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try optional(key) }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try optional(key) }
  func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try optional(key) }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try optional(key) }
  func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try optional(key) }
  func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try optional(key) }
  func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try optional(key) }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try optional(key) }
  func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { try optional(key) }
  func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { try optional(key) }
  func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { try optional(key) }
  func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try optional(key) }
  func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try optional(key) }
}

private struct UnkeyedValues: UnkeyedDecodingContainer {
  let node: DecodedNode
  let values: [JSONValue]
  private(set) var currentIndex = 0

  init(node: DecodedNode, values: [JSONValue]) {
    self.node = node
    self.values = values
  }

  var codingPath: [any CodingKey] { node.codingPath }
  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex >= values.count }

  mutating func decodeNil() throws -> Bool {
    guard currentIndex < values.count, values[currentIndex].isNull else { return false }
    _ = try next()
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let index = currentIndex
    return try node.convert(try next(), .index(index), to: type)
  }

  mutating func decodeIfPresent<T: Decodable>(_ type: T.Type) throws -> T? {
    try decodeNil() ? nil : try decode(type)
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try decoder().container(keyedBy: type) }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try decoder().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try decoder() }

  private mutating func decoder() throws -> StrictDecoder {
    let index = currentIndex
    return StrictDecoder(node: node.nested(try next(), .index(index)))
  }

  private mutating func next() throws -> JSONValue {
    let value = try node.take(element: currentIndex, of: values)
    currentIndex += 1
    return value
  }
}

private struct SingleValue: SingleValueDecodingContainer {
  let node: DecodedNode
  var codingPath: [any CodingKey] { node.codingPath }

  func decodeNil() -> Bool { node.read().isNull }

  func decode<T: Decodable>(_ type: T.Type) throws -> T { try node.single(type) }
}
