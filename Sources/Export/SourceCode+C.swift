import SurprisalModelStore
import SurprisalTables

extension SourceCode {
  /// The program in C99.
  var c: String {
    let calls = program.steps.indices.map { call($0) }
    let helpers = helpers(for: calls)
    return [
      cHeader,
      (["math.h", "stddef.h", "string.h"].map { "#include <\($0)>" }).joined(separator: "\n"),
      "const int \(name)_class_count = \(program.classNames.count);",
      cTexts("const char *const \(name)_classes", program.classNames),
      helpers.map(\.c).joined(separator: "\n\n"),
      cTables(calls),
      cFunction(calls),
    ].filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private var hasTexts: Bool { inputs.contains { $0.levels != nil } }

  private var cSignature: String {
    "int \(name)_predict(const double *numbers, "
      + (hasTexts ? "const char *const *texts, " : "") + "double *probabilities)"
  }

  private var cHeader: String {
    var lines = [
      "\(SurprisalVersion.writer) wrote this file.", "", "    \(cSignature);", "",
      "Sets the \(program.classNames.count) probabilities, in the order of \(name)_classes. "
        + "Returns 0, or the number of the",
      "column, counted from 1, whose cell is missing or no level of the model.", "",
    ]
    for (index, input) in inputs.enumerated() {
      let place = input.levels == nil ? "numbers" : "texts"
      lines.append("  \(index + 1) \(place)[\(input.place)] \(EscapedText(input.name).text)")
    }
    lines += [
      "", "A missing number is NAN, a missing text NULL or empty.",
      "Fast where fma() is an instruction: -O2 with -march=native or -mfma.",
    ]
    return lines.map { $0.isEmpty ? "//" : "// " + $0 + ($0.hasSuffix("\\") ? "." : "") }
      .joined(separator: "\n")
  }

  private func cTables(_ calls: [Call?]) -> String {
    declarations(calls) {
      cTexts("static const char *const \($0)", $1)
    } table: { name, items, areIntegers in
      "static const \(areIntegers ? "int" : "double") \(name)[] = {\n"
        + Self.lines(items.isEmpty ? ["0"] : items, indent: "  ") + "\n};"
    }
  }

  private func cTexts(_ declaration: String, _ texts: [String]) -> String {
    "\(declaration)[] = {\n"
      + Self.lines(texts.map { Self.cLiteral($0) } + (texts.isEmpty ? ["0"] : []), indent: "  ")
      + "\n};"
  }

  /// A literal of printable ASCII: other bytes are octal escapes, which end after three digits.
  private static func cLiteral(_ text: String) -> String {
    var result = "\""
    for byte in text.utf8 {
      let isPlain = (0x20..<0x7F).contains(byte) && !"\"\\?".utf8.contains(byte)
      let octal = String(byte, radix: 8)
      result +=
        isPlain
        ? String(UnicodeScalar(byte))
        : "\\" + String(repeating: "0", count: 3 - octal.count) + octal
    }
    return result + "\""
  }

  private func cFunction(_ calls: [Call?]) -> String {
    let last = calls.count - 1
    func value(_ index: Int) -> String { index == last ? "probabilities" : "v\(index)" }
    var lines = ["\(cSignature) {"] + cDesign()
    for (index, call) in calls.enumerated() {
      guard let call else { continue }
      if index < last { lines.append("  double v\(index)[\(max(1, program.widths[index]))];") }
      let values = call.values.map(value)
      let arguments =
        call.sizes.map(String.init) + call.tables.indices.map { "table\(index)_\($0)" }
        + (call.isList
          ? ["(const double *const[]){\(values.joined(separator: ", "))}"] : values)
        + [value(index)]
      lines.append("  \(call.function)(\(arguments.joined(separator: ", ")));")
    }
    return (lines + ["  return 0;", "}"]).joined(separator: "\n")
  }

  private func cDesign() -> [String] {
    if hasPlainDesign {
      guard !inputs.isEmpty else {
        return ["  (void)numbers;", "  const double *const v0 = NULL;"]
      }
      return [
        "  for (int i = 0; i < \(inputs.count); i++) {",
        "    if (!isfinite(numbers[i])) return i + 1;", "  }",
        "  const double *const v0 = numbers;",
      ]
    }
    var lines = inputs.contains { $0.levels == nil } ? [] : ["  (void)numbers;"]
    for (index, input) in inputs.enumerated() {
      let cell = (input.levels == nil ? "numbers" : "texts") + "[\(input.place)]"
      if input.hasMark {
        let test = input.levels == nil ? "isnan(\(cell))" : "!\(cell) || !*\(cell)"
        lines.append("  const int m\(index) = \(test);")
      }
      if let levels = input.levels {
        let substitute = input.substitute.map { Int($0) } ?? -1
        lines += [
          "  const int t\(index) = level_of(\(levels.count), \(substitute), levels\(index), "
            + "\(cell));",
          "  if (t\(index) < 0) return \(index + 1);",
        ]
      } else {
        let number = input.substitute.map { "isnan(\(cell)) ? \($0) : \(cell)" } ?? cell
        lines += [
          "  const double n\(index) = \(number);",
          "  if (!isfinite(n\(index))) return \(index + 1);",
        ]
      }
    }
    lines.append("  double v0[\(max(1, program.encoding.columnCount))];")
    if program.encoding.columns.isEmpty { lines.append("  v0[0] = 0;") }
    for (place, column) in program.encoding.columns.enumerated() {
      lines.append("  v0[\(place)] = \(expression(of: column));")
    }
    return lines
  }
}
