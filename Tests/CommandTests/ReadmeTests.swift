import Foundation
import TestSupport
import Testing

/// The commands of the README, and of pages that go on with its files, print what is shown there.
@Suite struct ReadmeTests {
  /// A command of a block of a page, and the lines below it.
  private struct Example {
    let command: String
    var lines: [String] = []
  }

  private static func examples(of page: String) throws -> [Example] {
    let url = SharedData.projectURL("../\(page)")
    var (examples, isInside) = ([Example](), false)
    for line in try String(contentsOf: url, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      if line.hasPrefix("```") {
        isInside = false
      } else if line.hasPrefix("$ ") {
        isInside = true
        examples.append(Example(command: String(line.dropFirst(2))))
      } else if isInside {
        examples[examples.count - 1].lines.append(String(line))
      }
    }
    return examples
  }

  /// The files that the pages name.
  private static func folder() throws -> Workspace {
    let folder = try Workspace()
    let iris = try Data(contentsOf: SharedData.projectURL("data/iris.csv"))
    try folder.write([UInt8](iris), to: "iris.csv")
    try folder.write("x,p_a,p_b\n1,.5,.5\n2,.5,.43\n3,.2,.8\n", to: "faces.csv")
    let digits = try String(
      contentsOf: SharedData.projectURL("data/digits.csv"), encoding: .utf8
    ).split(separator: "\n")
    for (name, rows) in [("train", 1...700), ("heldout", 701...1300), ("test", 1301...1797)] {
      try folder.write(
        ([digits[0]] + digits[rows]).joined(separator: "\n") + "\n", to: "\(name).csv")
    }
    return folder
  }

  /// Digits that depend on the machine.
  private static func isOfMachine(_ line: String) -> Bool {
    ["  solver", "  status", "  distance"].contains { line.hasPrefix($0) }
  }

  @Test func commandsPrintWhatIsShown() throws {
    let pages = ["README.md", "docs/evaluation.md", "docs/calibration.md", "docs/files.md"]
    let examples =
      try pages.flatMap(Self.examples)
      + Self.examples(of: "docs/uncertainty.md").filter { $0.command.contains("iris.csv") }
    #expect(examples.count >= 12)
    let folder = try Self.folder()
    for example in examples { try check(example, in: folder) }
  }

  private func check(_ example: Example, in folder: Workspace) throws {
    let outcome = try Tool.shell(
      "surprisal() { \"$TOOL\" \"$@\"; }; " + example.command, in: folder)
    let found = (outcome.text + outcome.errors).split(separator: "\n").map(String.init)
    var place = 0
    for line in example.lines
    where !line.isEmpty && line.drop(while: { $0 == " " }) != "..." && !Self.isOfMachine(line) {
      guard let next = found[place...].firstIndex(of: line) else {
        Issue.record("\(example.command): no line is \"\(line)\"")
        return
      }
      place = next + 1
    }
  }
}
