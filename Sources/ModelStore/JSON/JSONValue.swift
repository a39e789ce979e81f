import SurprisalTables

/// A JSON value (RFC 8259). Objects keep the order of their keys.
public enum JSONValue: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without fraction and exponent in the range of `Int`; `-0` is a `number`.
  case integer(Int)
  /// Any other number. Values that are not finite are written as `null`, since JSON cannot express
  /// them.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members with unique keys.
  case object(JSONObject)

  /// An object with members in this order; a repeated key replaces the earlier value.
  public static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    var object = JSONObject()
    for (key, value) in members { object[key] = value }
    return .object(object)
  }

  /// A list of numbers; values that are not finite become null.
  public static func numbers(_ values: some Sequence<Double>) -> JSONValue {
    .array(values.map { JSONValue($0) })
  }

  /// A list of texts.
  public static func strings(_ values: some Sequence<String>) -> JSONValue {
    .array(values.map { .string($0) })
  }

  /// A number; null if it is nil or not finite.
  public init(_ value: Double?) {
    self = value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }

  /// An integer; null if it is nil.
  public init(_ value: Int?) { self = value.map(JSONValue.integer) ?? .null }

  /// A text; null if it is nil.
  public init(_ value: String?) { self = value.map(JSONValue.string) ?? .null }

  /// The member of an object with this key; nil if there is none or this is not an object.
  public subscript(key: String) -> JSONValue? { objectValue?[key] }

  /// The number, also for integers; otherwise nil.
  public var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(exactly: value)
    case .number(let value): value
    default: nil
    }
  }

  /// The integer; nil otherwise, also for `2.0` and `2e0`.
  public var integerValue: Int? { if case .integer(let value) = self { value } else { nil } }

  /// The text; nil if this is not one.
  public var stringValue: String? { if case .string(let value) = self { value } else { nil } }

  /// The truth value; nil if this is not one.
  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The list; nil if this is not one.
  public var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

  /// The object; nil if this is not one.
  public var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// Whether this is `null`.
  public var isNull: Bool { self == .null }

  /// The numbers of a list that contains only numbers; otherwise nil.
  public var doubleArray: [Double]? {
    guard let array = arrayValue else { return nil }
    let values = array.compactMap(\.doubleValue)
    return values.count == array.count ? values : nil
  }

  /// The texts of a list that contains only texts; otherwise nil.
  public var stringArray: [String]? {
    guard let array = arrayValue else { return nil }
    let values = array.compactMap(\.stringValue)
    return values.count == array.count ? values : nil
  }
}
