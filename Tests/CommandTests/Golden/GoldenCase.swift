import Foundation
import Testing

/// Command lines whose whole output is recorded, as they are listed in `Cases/*.txt`.
///
///     case name-of-the-case
///       file tiny.csv x,class\n1,a\n2,b\n
///       fit tiny.csv --target class -o model.json
///       predict model.json - < tiny.csv
///
/// - Every line below `case` is a call of the tool, split at spaces; there is no shell, and nothing
///   is expanded. Quotation marks `'...'` keep spaces together.
/// - `< NAME` is the standard input, `> NAME` saves the standard output as a file for later calls.
/// - `file NAME TEXT` writes an input file. In TEXT, `\n`, `\t`, `\r`, `\s` (a space), `\0` and
///   `\xHH` (a byte) are escapes.
/// - `columns N` is the width of the terminal, 80 without it.
/// - A word that is the name of a file in `Inputs` or in `Tests/Data` copies that file into the
///   folder.
/// - `# ...` is a comment.
struct GoldenCase: Sendable, CustomTestStringConvertible {
  /// A line below `case`.
  enum Step: Sendable {
    case file(name: String, bytes: [UInt8])
    case call(arguments: [String], input: String?, output: String?)
  }

  let name: String
  var steps: [Step] = []
  /// The width of the terminal.
  var columns = 80

  var testDescription: String { name }

  /// `Tests/CommandTests/Golden`.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  /// The recorded transcript of the case.
  var recorded: URL { Self.folder.appendingPathComponent("Recorded/\(name).txt") }

  /// The cases of `Cases/<list>.txt`.
  static func list(_ names: String...) -> [GoldenCase] {
    names.flatMap { name in
      let url = folder.appendingPathComponent("Cases/\(name).txt")
      return parse((try? String(contentsOf: url, encoding: .utf8)) ?? "")
    }
  }

  /// The cases of a text.
  static func parse(_ text: String) -> [GoldenCase] {
    var cases: [GoldenCase] = []
    for line in text.split(separator: "\n") {
      let words = words(line)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      if first == "case" {
        cases.append(GoldenCase(name: words.dropFirst().joined(separator: "-")))
      } else if first == "columns", !cases.isEmpty {
        cases[cases.count - 1].columns = words.last.flatMap { Int($0) } ?? 80
      } else if !cases.isEmpty {
        cases[cases.count - 1].steps.append(step(words))
      }
    }
    return cases
  }

  private static func step(_ words: [String]) -> Step {
    if words[0] == "file" {
      return .file(name: words[1], bytes: unescaped(words.count > 2 ? words[2] : ""))
    }
    var (arguments, input, output) = (words, String?.none, String?.none)
    while arguments.count > 2, ["<", ">"].contains(arguments[arguments.count - 2]) {
      let name = arguments.removeLast()
      if arguments.removeLast() == "<" { input = name } else { output = name }
    }
    return .call(arguments: arguments, input: input, output: output)
  }

  private static func words(_ line: Substring) -> [String] {
    var words: [String] = []
    var (word, isQuoted, isWord) = ("", false, false)
    for character in line {
      if character == "'" {
        isQuoted.toggle()
        isWord = true
      } else if character == " ", !isQuoted {
        if isWord { words.append(word) }
        (word, isWord) = ("", false)
      } else {
        word.append(character)
        isWord = true
      }
    }
    return isWord ? words + [word] : words
  }

  private static func unescaped(_ text: String) -> [UInt8] {
    let known: [UInt8: UInt8] = [
      UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13, UInt8(ascii: "s"): 32,
      UInt8(ascii: "0"): 0,
    ]
    var (bytes, rest) = ([UInt8](), Array(text.utf8)[...])
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let mark = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      if mark == UInt8(ascii: "x") {
        bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(known[mark] ?? mark)
      }
    }
    return bytes
  }
}
