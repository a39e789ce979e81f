import SurprisalModelStore
import SurprisalTables

/// The content of any JSON value in lines: objects by key, lists of texts in full, lists of numbers
/// by their length and range.
///
/// It does not depend on the format, so nothing that was added to a file is omitted. There is no
/// recursion.
struct JSONOutline {
  let entries: [ModelInspection.Entry]

  init(_ value: JSONValue) {
    var entries: [ModelInspection.Entry] = []
    var stack: [(path: String, value: JSONValue)] = [("", value)]
    while let (path, value) = stack.popLast() {
      if let content = JSONOutline.line(for: value, isNamed: !path.isEmpty) {
        entries.append(ModelInspection.Entry(path: path, content: content))
        continue
      }
      switch value {
      case .object(let object):
        for member in object.members.reversed() {
          let key = JSONOutline.key(member.key)
          stack.append((path.isEmpty ? key : "\(path).\(key)", member.value))
        }
      case .array(let values):
        for (index, value) in values.enumerated().reversed() {
          stack.append(("\(path)[\(index)]", value))
        }
      default: break
      }
    }
    self.entries = entries
  }

  /// A value in one line; nil if it needs several.
  private static func line(for value: JSONValue, isNamed: Bool) -> String? {
    if let scalar = scalar(value) { return scalar }
    if let object = value.objectValue { return isNamed ? line(for: object) : nil }
    guard let values = value.arrayValue else { return nil }
    if values.isEmpty { return "an empty list" }
    if let numbers = value.doubleArray { return line(for: numbers) }
    if let texts = value.stringArray {
      return "\(counted(texts.count, "text")): "
        + texts.map { EscapedText($0).description }.joined(separator: ", ")
    }
    let rows = values.compactMap(\.doubleArray)
    return rows.count == values.count ? line(for: rows) : nil
  }

  /// The members of an object that contains only scalars, up to eight of them.
  private static func line(for object: JSONObject) -> String? {
    if object.count == 0 { return "an empty object" }
    let parts = object.members.compactMap { member in
      scalar(member.value).map { "\(key(member.key)) \($0)" }
    }
    return parts.count == object.count && parts.count <= 8 ? parts.joined(separator: ", ") : nil
  }

  private static func line(for numbers: [Double]) -> String {
    if numbers.count <= 8 { return numbers.map { "\($0)" }.joined(separator: ", ") }
    return "\(numbers.count) numbers\(range(of: numbers))"
  }

  private static func line(for rows: [[Double]]) -> String {
    let lengths = Set(rows.map(\.count))
    let width = lengths.count == 1 ? lengths.first.map { "\($0)" } ?? "?" : "(unequal lengths)"
    return "\(rows.count) x \(width) numbers\(range(of: rows.flatMap { $0 }))"
  }

  private static func range(of numbers: [Double]) -> String {
    guard let least = numbers.min(), let greatest = numbers.max() else { return "" }
    return " from \(least) to \(greatest)"
  }

  private static func scalar(_ value: JSONValue) -> String? {
    switch value {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): EscapedText(value).description
    case .array, .object: nil
    }
  }

  /// A key that is a word is shown as is, any other as a quoted text.
  private static func key(_ key: String) -> String {
    let isWord =
      !key.isEmpty
      && key.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || $0 == 0x5F || (0x30...0x39).contains($0)
      }
    return isWord && key.utf8.count <= 40 ? key : EscapedText(key).description
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }
}
