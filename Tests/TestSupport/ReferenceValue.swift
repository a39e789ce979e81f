import Foundation

/// A value of a reference file in JSON. The strings "inf", "-inf" and "nan" are numbers there.
public struct ReferenceValue: @unchecked Sendable, CustomStringConvertible {
  private let value: Any?

  /// Why a reference file could not be used.
  public enum Failure: Error { case absent(String) }

  /// Reads a file of `../shared`.
  public init(shared path: String) throws {
    guard let url = SharedData.url(path) else { throw Failure.absent(path) }
    value = try JSONSerialization.jsonObject(with: Data(contentsOf: url), options: [])
  }

  /// Reads a file beside the tests: `Tests/Reference/<name>`.
  public init(ofTests name: String) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Reference").appendingPathComponent(name)
    value = try JSONSerialization.jsonObject(with: Data(contentsOf: url), options: [])
  }

  private init(_ value: Any?) { self.value = value }

  /// A field of an object.
  public subscript(key: String) -> ReferenceValue {
    ReferenceValue((value as? [String: Any])?[key])
  }

  /// The entries of an array.
  public var array: [ReferenceValue] { (value as? [Any] ?? []).map { ReferenceValue($0) } }

  /// Whether the field exists and is not null.
  public var exists: Bool { value != nil && !(value is NSNull) }

  /// A number; NaN where it is none.
  public var number: Double {
    if let text = value as? String {
      return ["inf": Double.infinity, "-inf": -.infinity][text] ?? Double(text) ?? .nan
    }
    return (value as? NSNumber)?.doubleValue ?? .nan
  }

  /// Numbers.
  public var numbers: [Double] { array.map(\.number) }

  /// Text; empty where it is none.
  public var text: String { value as? String ?? "" }

  /// Its note, for the list of tests.
  public var description: String { self["note"].text }
}
