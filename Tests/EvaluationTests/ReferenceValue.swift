import Foundation

/// A value of a JSON file of reference numbers.
struct ReferenceValue {
  enum Failure: Error {
    case missing(String)
    case kind(String)
  }

  let value: Any

  /// The file `name` of Tests/Reference.
  static func file(_ name: String) throws -> ReferenceValue {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    return try file(tests.appendingPathComponent("Reference").appendingPathComponent(name))
  }

  static func file(_ url: URL) throws -> ReferenceValue {
    ReferenceValue(value: try JSONSerialization.jsonObject(with: Data(contentsOf: url)))
  }

  func callAsFunction(_ key: String) throws -> ReferenceValue {
    guard let object = value as? [String: Any], let member = object[key] else {
      throw Failure.missing(key)
    }
    return ReferenceValue(value: member)
  }

  func has(_ key: String) -> Bool { (value as? [String: Any])?[key] != nil }

  /// A number; infinities are the strings "inf" and "-inf".
  var number: Double {
    get throws {
      if let number = value as? NSNumber { return number.doubleValue }
      if let text = value as? String, let number = Double(text) { return number }
      throw Failure.kind("number")
    }
  }

  var text: String {
    get throws {
      guard let text = value as? String else { throw Failure.kind("text") }
      return text
    }
  }

  var items: [ReferenceValue] {
    get throws {
      guard let array = value as? [Any] else { throw Failure.kind("array") }
      return array.map { ReferenceValue(value: $0) }
    }
  }

  var numbers: [Double] { get throws { try items.map { try $0.number } } }
  var rows: [[Double]] { get throws { try items.map { try $0.numbers } } }
  var integer: Int { get throws { try Int(number) } }
  var integers: [Int] { get throws { try numbers.map { Int($0) } } }
}
