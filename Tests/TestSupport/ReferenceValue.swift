import Foundation

/// A value of a reference file in JSON. The strings "inf", "-inf" and "nan" are numbers there.
///
/// `JSONDecoder` reads a double to the last bit; `JSONSerialization` does not.
public enum ReferenceValue: Decodable, Sendable, CustomStringConvertible {
  case value(Double)
  case string(String)
  case list([ReferenceValue])
  case object([String: ReferenceValue])
  case nothing

  /// The reason why a reference file could not be used.
  public enum Failure: Error { case absent(String) }

  /// Reads a file of `SharedData`.
  public init(shared path: String) throws {
    guard let url = SharedData.url(path) else { throw Failure.absent(path) }
    self = try JSONDecoder().decode(ReferenceValue.self, from: Data(contentsOf: url))
  }

  /// Reads a file beside the tests: `Tests/Reference/<name>`.
  public init(ofTests name: String) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Reference").appendingPathComponent(name)
    self = try JSONDecoder().decode(ReferenceValue.self, from: Data(contentsOf: url))
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self = .value(value)
    } else if let text = try? container.decode(String.self) {
      self = .string(text)
    } else if let list = try? container.decode([ReferenceValue].self) {
      self = .list(list)
    } else if let object = try? container.decode([String: ReferenceValue].self) {
      self = .object(object)
    } else {
      self = .nothing
    }
  }

  /// A field of an object.
  public subscript(key: String) -> ReferenceValue {
    if case .object(let fields) = self { fields[key] ?? .nothing } else { .nothing }
  }

  /// The entries of an array.
  public var array: [ReferenceValue] {
    if case .list(let entries) = self { entries } else { [] }
  }

  /// Whether the field exists and is not null.
  public var exists: Bool {
    if case .nothing = self { false } else { true }
  }

  /// A number; NaN for other values.
  public var number: Double {
    switch self {
    case .value(let number): number
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    case .string(let text): Double(text) ?? .nan
    default: .nan
    }
  }

  /// Numbers.
  public var numbers: [Double] { array.map(\.number) }

  /// Text; empty for other values.
  public var text: String {
    if case .string(let text) = self { text } else { "" }
  }

  /// Its note, for the list of tests.
  public var description: String { self["note"].text }
}
