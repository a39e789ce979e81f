extension JSONTree {
  /// Reads one JSON value.
  struct Reader: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]
    /// The keys of the object that were asked for.
    private let asked = Asked()

    private final class Asked {
      var keys: [String] = []
    }

    init(value: JSONValue, codingPath: [any CodingKey]) {
      self.value = value
      self.codingPath = codingPath
    }

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    private var path: String { codingPath.map(\.stringValue).joined(separator: ".") }

    func fault(_ expected: String) -> Fault {
      .kind(path: path, expected: expected, found: value.kindName)
    }

    /// A value of a type: all keys of an object have to be asked for.
    func read<T: Decodable>(_ type: T.Type) throws -> T {
      if type == Bool.self { return try cast(value.boolValue, "true or false") }
      if type == Int.self { return try cast(value.integerValue, "a whole number") }
      if type == UInt64.self {
        return try cast(
          value.integerValue.flatMap { UInt64(exactly: $0) }, "a whole number from 0 on")
      }
      if type == Double.self { return try cast(value.doubleValue, "a number") }
      if type == String.self { return try cast(value.stringValue, "a text") }
      let result = try T(from: self)
      if let object = value.objectValue, !asked.keys.isEmpty {
        let unknown = object.keys.first { !asked.keys.contains($0) }
        if let unknown {
          let place = (codingPath.map(\.stringValue) + [unknown]).joined(separator: ".")
          throw Fault.unknownKey(path: place, known: asked.keys)
        }
      }
      return result
    }

    private func cast<T, Found>(_ found: Found?, _ expected: String) throws -> T {
      guard let found = found as? T else { throw fault(expected) }
      return found
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
      guard let object = value.objectValue else { throw fault("an object") }
      return KeyedDecodingContainer(
        KeyedReader<Key>(object: object, codingPath: codingPath) { asked.keys.append($0) })
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
      guard let values = value.arrayValue else { throw fault("a list") }
      return ListReader(values: values, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { ScalarReader(reader: self) }
  }

  private struct KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let object: JSONObject
    let codingPath: [any CodingKey]
    let ask: (String) -> Void

    /// Whoever lists the keys of an object has its own use for each.
    var allKeys: [Key] {
      object.keys.forEach(ask)
      return object.keys.compactMap { Key(stringValue: $0) }
    }

    func contains(_ key: Key) -> Bool {
      ask(key.stringValue)
      return object[key.stringValue] != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool { try reader(key).value.isNull }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
      try reader(key).read(type)
    }

    private func reader(_ key: Key) throws -> Reader {
      ask(key.stringValue)
      let path = codingPath + [key]
      guard let value = object[key.stringValue] else {
        throw Fault.missingKey(path: path.map(\.stringValue).joined(separator: "."))
      }
      return Reader(value: value, codingPath: path)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try reader(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try reader(key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { Reader(value: .object(object), codingPath: codingPath) }

    func superDecoder(forKey key: Key) throws -> any Decoder { try reader(key) }
  }

  private struct ListReader: UnkeyedDecodingContainer {
    let values: [JSONValue]
    let codingPath: [any CodingKey]
    var currentIndex = 0
    var count: Int? { values.count }
    var isAtEnd: Bool { currentIndex >= values.count }

    private mutating func next() throws -> Reader {
      guard !isAtEnd else {
        throw Fault.kind(
          path: codingPath.map(\.stringValue).joined(separator: "."), expected: "a further element",
          found: "the end")
      }
      defer { currentIndex += 1 }
      return Reader(value: values[currentIndex], codingPath: codingPath)
    }

    mutating func decodeNil() -> Bool {
      guard !isAtEnd, values[currentIndex].isNull else { return false }
      currentIndex += 1
      return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().read(type) }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      try next().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder { try next() }
  }

  private struct ScalarReader: SingleValueDecodingContainer {
    let reader: Reader
    var codingPath: [any CodingKey] { reader.codingPath }

    func decodeNil() -> Bool { reader.value.isNull }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try reader.read(type) }
  }
}
