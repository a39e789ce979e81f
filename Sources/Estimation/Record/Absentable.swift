/// A member of a file that is omitted if it is nil, and read as nil if it is missing.
@propertyWrapper
public struct Absentable<Value: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
  /// The value.
  public var wrappedValue: Value?

  /// Creates a member with this value.
  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    wrappedValue = try decoder.singleValueContainer().decode(Value.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}

extension KeyedDecodingContainer {
  /// nil if there is no such member.
  public func decode<V>(_ type: Absentable<V>.Type, forKey key: Key) throws -> Absentable<V> {
    Absentable(wrappedValue: contains(key) ? try decode(V.self, forKey: key) : nil)
  }
}

extension KeyedEncodingContainer {
  /// Writes nothing if the value is nil.
  public mutating func encode<V>(_ value: Absentable<V>, forKey key: Key) throws {
    guard let value = value.wrappedValue else { return }
    try encode(value, forKey: key)
  }
}
