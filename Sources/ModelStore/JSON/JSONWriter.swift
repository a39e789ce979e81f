import SurprisalTables

/// Writes JSON: the same value gives the same bytes, and numbers read back with the same bits.
///
/// Doubles have the fewest digits that read back exactly; integers have no decimal point. Control
/// characters, `"` and `\` are escaped, everything else is unchanged UTF-8. A number that is not
/// finite is written as `null`. There is no recursion.
public struct JSONWriter: Sendable {
  /// Whether keys are sorted by their UTF-8 bytes, as in model files, or keep their order.
  public var sortsKeys: Bool

  /// Whether each member and element is on its own line, indented by two spaces.
  public var isPretty: Bool

  /// A writer.
  public init(sortsKeys: Bool = false, isPretty: Bool = false) {
    self.sortsKeys = sortsKeys
    self.isPretty = isPretty
  }

  /// Sorted keys, no spaces: the form that checksums refer to.
  public static let canonical = JSONWriter(sortsKeys: true)

  /// Keys in their order, one member per line.
  public static let pretty = JSONWriter(isPretty: true)

  /// Keys in their order, all on one line.
  public static let compact = JSONWriter()

  /// The text of a value in UTF-8, without a final line feed.
  public func bytes(of value: JSONValue) -> [UInt8] {
    var output: [UInt8] = []
    var stack: [Step] = [.value(value, depth: 0)]
    while let step = stack.popLast() {
      switch step {
      case .bytes(let bytes): output.append(contentsOf: bytes)
      case .value(let value, let depth): write(value, depth: depth, to: &output, &stack)
      }
    }
    return output
  }

  /// The text of a value, without a final line feed.
  public func text(of value: JSONValue) -> String {
    String(decoding: bytes(of: value), as: UTF8.self)
  }

  /// What remains to be written.
  private enum Step {
    case bytes([UInt8])
    case value(JSONValue, depth: Int)
  }

  private func write(
    _ value: JSONValue, depth: Int, to output: inout [UInt8], _ stack: inout [Step]
  ) {
    switch value {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): output.append(contentsOf: String(value).utf8)
    case .number(let value): output.append(contentsOf: JSONWriter.digits(value).utf8)
    case .string(let value): JSONWriter.append(value, to: &output)
    case .array(let values):
      open("[", "]", values.map { ([], $0) }, depth: depth, to: &output, &stack)
    case .object(let object):
      let sorted =
        sortsKeys
        ? object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        : object.members
      let members = sorted.map { member in
        var key: [UInt8] = []
        JSONWriter.append(member.key, to: &key)
        return (key + Array((isPretty ? ": " : ":").utf8), member.value)
      }
      open("{", "}", members, depth: depth, to: &output, &stack)
    }
  }

  /// Writes the opening bracket and pushes the rest on the stack in reverse order.
  private func open(
    _ opening: String, _ closing: String, _ items: [(prefix: [UInt8], value: JSONValue)],
    depth: Int, to output: inout [UInt8], _ stack: inout [Step]
  ) {
    output.append(contentsOf: opening.utf8)
    if items.isEmpty { return output.append(contentsOf: closing.utf8) }
    stack.append(.bytes(lineBreak(depth) + Array(closing.utf8)))
    for (index, item) in items.enumerated().reversed() {
      stack.append(.value(item.value, depth: depth + 1))
      let comma: [UInt8] = index == 0 ? [] : [UInt8(ascii: ",")]
      stack.append(.bytes(comma + lineBreak(depth + 1) + item.prefix))
    }
  }

  private func lineBreak(_ depth: Int) -> [UInt8] {
    isPretty ? [UInt8(ascii: "\n")] + [UInt8](repeating: UInt8(ascii: " "), count: 2 * depth) : []
  }

  /// The fewest digits that read back to the same double, always with a decimal point or an
  /// exponent, so that the type stays double; `null` if it is not finite.
  public static func digits(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }

  private static func append(_ text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case 0x22, 0x5C: output += [0x5C, byte]
      case 0x0A: output += Array("\\n".utf8)
      case 0x0D: output += Array("\\r".utf8)
      case 0x09: output += Array("\\t".utf8)
      case 0..<0x20, 0x7F:
        let digits = String(byte, radix: 16)
        output += Array("\\u00".utf8) + Array((digits.count < 2 ? "0" : "").utf8)
        output += Array(digits.utf8)
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
