import SurprisalModelStore
import SurprisalTables

extension SourceCode {
  /// The program in Swift.
  var swift: String {
    let calls = program.steps.indices.map { call($0) }
    let helpers = helpers(for: calls)
    return [
      """
      // \(SurprisalVersion.writer) wrote this file.

      #if canImport(Darwin)
        import Darwin
      #elseif canImport(Glibc)
        import Glibc
      #elseif canImport(Musl)
        import Musl
      #endif
      """, swiftType(calls), swiftTables(calls), helpers.map(\.swift).joined(separator: "\n\n"),
    ].filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private func swiftType(_ calls: [Call?]) -> String {
    let type = name.prefix(1).uppercased() + name.dropFirst()
    let columns = inputs.map { input in
      "  ///   - \(input.levels == nil ? "numbers" : "texts")[\(input.place)]: "
        + EscapedText(input.name).text
    }
    let texts = inputs.contains { $0.levels != nil }
    let lines =
      [
        "public enum \(type) {", "  /// The classes.",
        "  " + swiftTexts("public static let classes", program.classNames), "",
        "  /// The probabilities of the classes; nil if a cell is missing or no level.",
        "  ///", "  /// A missing number is NaN, a missing text nil or empty. Columns:",
      ] + columns + [
        "  public static func probabilities(",
        "    _ numbers: [Double]" + (texts ? ", _ texts: [String?]" : ""),
        "  ) -> [Double]? {",
      ] + swiftDesign() + swiftCalls(calls) + ["  }", "}"]
    return lines.joined(separator: "\n")
  }

  private func swiftCalls(_ calls: [Call?]) -> [String] {
    var lines: [String] = []
    for (index, call) in calls.enumerated() {
      guard let call else { continue }
      let values = call.values.map { "v\($0)" }
      let arguments =
        call.tables.indices.map { "table\(index)_\($0)" }
        + (call.isList ? ["[\(values.joined(separator: ", "))]"] : values)
      let result = "\(call.function)(\(arguments.joined(separator: ", ")))"
      let start = index == calls.count - 1 ? "return" : "let v\(index) ="
      lines.append("    \(start) \(result)")
    }
    return lines
  }

  private func swiftTables(_ calls: [Call?]) -> String {
    declarations(calls) {
      swiftTexts("private let \($0)", $1)
    } table: { name, items, areIntegers in
      "private let \(name): [\(areIntegers ? "Int" : "Double")] = [\n"
        + Self.lines(items, indent: "  ") + "\n]"
    }
  }

  private func swiftTexts(_ declaration: String, _ texts: [String]) -> String {
    "\(declaration): [String] = [\n"
      + Self.lines(texts.map { Self.swiftLiteral($0) }, indent: "    ") + "\n  ]"
  }

  /// A literal of printable ASCII and escapes.
  private static func swiftLiteral(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      let isPlain = (0x20..<0x7F).contains(scalar.value) && scalar != "\"" && scalar != "\\"
      result += isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
    return result + "\""
  }

  private func swiftDesign() -> [String] {
    if hasPlainDesign {
      return [
        "    precondition(numbers.count == \(inputs.count))",
        "    guard numbers.allSatisfy(\\.isFinite) else { return nil }",
        "    let v0 = numbers",
      ]
    }
    let textCount = inputs.count { $0.levels != nil }
    var lines = ["    precondition(numbers.count == \(inputs.count - textCount))"]
    if textCount > 0 { lines.append("    precondition(texts.count == \(textCount))") }
    for (index, input) in inputs.enumerated() {
      let cell = (input.levels == nil ? "numbers" : "texts") + "[\(input.place)]"
      if input.hasMark {
        let test = input.levels == nil ? "\(cell).isNaN" : "(\(cell) ?? \"\").isEmpty"
        lines.append("    let m\(index) = \(test)")
      }
      if input.levels != nil {
        let substitute = input.substitute.map { "\(Int($0))" } ?? "nil"
        lines.append(
          "    guard let t\(index) = level_of(\(substitute), levels\(index), \(cell)) "
            + "else { return nil }")
      } else {
        let number = input.substitute.map { "\(cell).isNaN ? \($0) : \(cell)" } ?? cell
        lines += [
          "    let n\(index) = \(number)",
          "    guard n\(index).isFinite else { return nil }",
        ]
      }
    }
    let columns = program.encoding.columns
    lines.append("    var v0 = [Double](repeating: 0, count: \(columns.count))")
    for (place, column) in columns.enumerated() {
      lines.append("    v0[\(place)] = \(expression(of: column))")
    }
    return lines
  }
}
