import Foundation
import TestSupport
import Testing

/// The commands of the README print what the README shows.
@Suite struct ReadmeTests {
  /// A command of a block of the README, and the lines below it.
  private struct Example {
    let command: String
    var lines: [String] = []
  }

  private static func examples() throws -> [Example] {
    let url = SharedData.projectURL("../README.md")
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

  /// The files that the README names.
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
    let examples = try Self.examples()
    #expect(examples.count >= 12)
    let folder = try Self.folder()
    for example in examples {
      let outcome = try Tool.shell(
        "surprisal() { \"$TOOL\" \"$@\"; }; " + example.command, in: folder)
      let found = (outcome.text + outcome.errors).split(separator: "\n").map(String.init)
      var place = 0
      for line in example.lines
      where !line.isEmpty && line != "..." && !Self.isOfMachine(line) {
        let next = found[place...].firstIndex(of: line)
        guard let next else {
          Issue.record("\(example.command): no line is \"\(line)\" after \(found.prefix(place))")
          break
        }
        place = next + 1
      }
    }
  }
}
