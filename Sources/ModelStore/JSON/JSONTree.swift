/// Between `Codable` values and JSON values. Unknown keys are refused.
enum JSONTree {
  /// The JSON value of a value.
  static func encode(_ value: some Encodable) throws -> JSONValue {
    let node = Node()
    try value.encode(to: Writer(node: node, codingPath: []))
    return node.value
  }

  /// The value that JSON holds.
  ///
  /// Throws `Fault` for JSON of another form and for keys that nothing asked for, and whatever the
  /// value itself throws.
  static func decode<T: Decodable>(_ type: T.Type, from value: JSONValue) throws -> T {
    try Reader(value: value, codingPath: []).read(type)
  }

  /// Why JSON is not the value that is asked for, with the path in it.
  enum Fault: Error, Equatable {
    case unknownKey(path: String, known: [String])
    case missingKey(path: String)
    case kind(path: String, expected: String, found: String)
  }

  /// A place for a value that is written bit by bit.
  private final class Node {
    var scalar = JSONValue.null
    var members: [(key: String, node: Node)]?
    var elements: [Node]?

    var value: JSONValue {
      if let members {
        var object = JSONObject()
        for (key, node) in members { object[key] = node.value }
        return .object(object)
      }
      return elements.map { .array($0.map(\.value)) } ?? scalar
    }

    func member(_ key: String) -> Node {
      let node = Node()
      members = (members ?? []) + [(key, node)]
      return node
    }

    func element() -> Node {
      let node = Node()
      elements = (elements ?? []) + [node]
      return node
    }
  }

  private struct Writer: Encoder {
    let node: Node
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
      node.members = node.members ?? []
      return KeyedEncodingContainer(KeyedWriter<Key>(node: node, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
      node.elements = node.elements ?? []
      return ListWriter(node: node, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
      ScalarWriter(node: node, codingPath: codingPath)
    }
  }

  /// Writes a value to a place: numbers, words and lists of numbers as they are, all else by itself.
  private static func write<T: Encodable>(
    _ value: T, to node: Node, _ path: [any CodingKey]
  ) throws {
    switch value {
    case let value as Bool: node.scalar = .bool(value)
    case let value as Int: node.scalar = .integer(value)
    case let value as Double: node.scalar = JSONValue(value)
    case let value as String: node.scalar = .string(value)
    case let values as [Double]: node.scalar = .numbers(values)
    default: try value.encode(to: Writer(node: node, codingPath: path))
    }
  }

  private struct KeyedWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: Node
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) { _ = node.member(key.stringValue) }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
      try write(value, to: node.member(key.stringValue), codingPath + [key])
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
      Writer(node: node.member(key.stringValue), codingPath: codingPath + [key])
        .container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      Writer(node: node.member(key.stringValue), codingPath: codingPath + [key]).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
      Writer(node: node.member("super"), codingPath: codingPath)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
      Writer(node: node.member(key.stringValue), codingPath: codingPath + [key])
    }
  }

  private struct ListWriter: UnkeyedEncodingContainer {
    let node: Node
    let codingPath: [any CodingKey]
    var count: Int { node.elements?.count ?? 0 }

    func encodeNil() { _ = node.element() }

    func encode<T: Encodable>(_ value: T) throws {
      try write(value, to: node.element(), codingPath)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
      Writer(node: node.element(), codingPath: codingPath).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
      Writer(node: node.element(), codingPath: codingPath).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { Writer(node: node.element(), codingPath: codingPath) }
  }

  private struct ScalarWriter: SingleValueEncodingContainer {
    let node: Node
    let codingPath: [any CodingKey]

    func encodeNil() { node.scalar = .null }

    func encode<T: Encodable>(_ value: T) throws { try write(value, to: node, codingPath) }
  }
}
