import SurprisalTables

/// A JSON value (RFC 8259). Objects keep the order of their keys.
public enum JSONValue: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without fraction and exponent that an `Int` holds; `-0` is a `number`.
  case integer(Int)
  /// Any other finite number. Not finite: written as `null`, since JSON has no word for it.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members with unique keys.
  case object(JSONObject)

  /// An object of members in this order; a key that comes again replaces the earlier value.
  public static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    var object = JSONObject()
    for (key, value) in members { object[key] = value }
    return .object(object)
  }

  /// A list of numbers; those that are not finite become null.
  public static func numbers(_ values: some Sequence<Double>) -> JSONValue {
    .array(values.map { JSONValue($0) })
  }

  /// A list of texts.
  public static func strings(_ values: some Sequence<String>) -> JSONValue {
    .array(values.map { .string($0) })
  }

  /// A number; null if there is none or it is not finite.
  public init(_ value: Double?) {
    self = value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }

  /// An integer; null if there is none.
  public init(_ value: Int?) { self = value.map(JSONValue.integer) ?? .null }

  /// A text; null if there is none.
  public init(_ value: String?) { self = value.map(JSONValue.string) ?? .null }

  /// The member of a key, of an object that has it.
  public subscript(key: String) -> JSONValue? { objectValue?[key] }

  /// The number, integers included.
  public var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(exactly: value)
    case .number(let value): value
    default: nil
    }
  }

  /// The integer; `2.0` and `2e0` are none.
  public var integerValue: Int? { if case .integer(let value) = self { value } else { nil } }

  /// The text.
  public var stringValue: String? { if case .string(let value) = self { value } else { nil } }

  /// The truth value.
  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The list.
  public var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

  /// The object.
  public var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// Whether this is `null`.
  public var isNull: Bool { self == .null }

  /// The numbers of a list that holds nothing else.
  public var doubleArray: [Double]? {
    guard let array = arrayValue else { return nil }
    let values = array.compactMap(\.doubleValue)
    return values.count == array.count ? values : nil
  }

  /// The texts of a list that holds nothing else.
  public var stringArray: [String]? {
    guard let array = arrayValue else { return nil }
    let values = array.compactMap(\.stringValue)
    return values.count == array.count ? values : nil
  }
}
