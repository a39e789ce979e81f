import Foundation
import TestSupport
import Testing

/// The memory limit is respected: a command that would exceed it fails in advance, with status 71,
/// and other commands stay below it.
@Suite(.tags(.heavy), .enabled(if: faultTestsEnabled)) struct MemoryTests {
  /// The memory of the program itself, its libraries and its threads, in bytes.
  private static let program = 45_000_000

  static let commands = [
    "check data.csv --target class", "check text.csv --target class",
    "check sparse.svm", "fit data.csv --target class --l2 0.1", "fit data.csv --target class",
    "fit text.csv --target class --l2 0.1 --std-errors none",
    "fit data.csv --labels p.csv --probs p_* --l2 0.1",
    "fit sparse.svm --l2 0.1 --std-errors none",
    "fit data.csv --target class --model mlp --hidden 16 --epochs 1",
    "cv data.csv --target class --folds 3 --l2 0.1 -j 2",
    "predict m.json data.csv -o out", "predict m.json data.csv --interval -o out",
    "predict t.json text.csv -o out", "predict s.json sparse.svm -o out",
    "predict m.json data.csv --keep * --json -o out",
    "evaluate m.json data.csv --target class",
    "evaluate m.json data.csv --labels p.csv --probs p_*",
    "evaluate data.csv --predictions p.csv --target class",
    "evaluate m.json data.csv --target class --per-class --confusion --reliability",
    "compare m.json data.csv --predictions p.csv --target class --bootstrap 10",
    "explain m.json data.csv --target class", "report m.json data.csv --target class -o out",
    "calibrate m.json data.csv --target class -o out",
    "aggregate votes.csv -o out",
  ]

  private static let folder = Result { try made() }

  private static func made() throws -> Workspace {
    let folder = try Workspace()
    let (rows, columns, classes) = (60_000, 12, 12)
    var numbers = TestNumbers(seed: 1)
    func number() -> String { "\(Double(Int.random(in: -999...999, using: &numbers)) / 256)" }
    func label() -> String { "k\(Int.random(in: 10..<10 + classes, using: &numbers))" }
    let labels = (0..<rows).map { _ in label() }
    /// Writes a line for each row.
    func write(_ head: String, to name: String, _ line: (Int) -> [String]) throws {
      let lines = (0..<rows).map { line($0).joined(separator: ",") + "\n" }
      try folder.write(head + lines.joined(), to: name)
    }
    let names = (0..<columns).map { "x\($0)," }.joined()
    try write(names + "class\n", to: "data.csv") { row in
      (0..<columns).map { _ in number() } + [labels[row]]
    }
    let shares = (0..<classes).map { "p_k\($0 + 10)" }.joined(separator: ",")
    try write(shares + "\n", to: "p.csv") { row in
      (0..<classes).map { $0 == row % classes ? "0.3125" : "0.0625" }
    }
    try write("x,level,class\n", to: "text.csv") { row in
      [number(), "v\(Int.random(in: 0..<300, using: &numbers))", labels[row]]
    }
    try write("", to: "sparse.svm") { row in
      let indices = Set((0..<8).map { _ in Int.random(in: 1...200, using: &numbers) }).sorted()
      return [labels[row].dropFirst() + indices.map { " \($0):\(number())" }.joined()]
    }
    try write("item,annotator,label\n", to: "votes.csv") { row in
      ["i\(row / 5)", "w\(row * 7 % 300)", labels[row]]
    }
    for (data, model) in [
      ("data.csv --target class", "m.json"),
      ("text.csv --target class --std-errors none", "t.json"),
      ("sparse.svm --std-errors none", "s.json"),
    ] {
      let fit = try Tool.shell("\"$TOOL\" fit \(data) --l2 0.1 -o \(model)", in: folder)
      #expect(fit.status == 0, "\(fit.errors)")
    }
    return folder
  }

  @Test(arguments: commands) func kept(_ command: String) throws {
    let folder = try Self.folder.get()
    let words = command.split(separator: " ").map(String.init)
    let free = try Tool.run(words, in: folder, measuresMemory: true)
    #expect(free.status == 0 || free.status == 3, "\(free.errors)")
    let held = max(0, free.peakMemory - Self.program)
    for share in [0.8, 0.4, 0.1] where share * Double(held) > 1e6 {
      let limit = Int(share * Double(held))
      let outcome = try Tool.run(
        words + ["--max-memory", "\(limit)"], in: folder, measuresMemory: true)
      if outcome.status == 71 {
        #expect(outcome.errors.hasPrefix("error[limit.memory]: "), "\(outcome.errors)")
      } else {
        let most = Self.program + limit * 6 / 5
        #expect(outcome.peakMemory <= most, "\(outcome.peakMemory) bytes under \(limit)")
      }
    }
  }

  /// A multiple of the memory used that is enough: three, but more if the estimate counts what a
  /// solver may need and these data do not: matrices of many parameters, batches of a network.
  private static func factor(_ command: String) -> Int {
    command.contains("sparse.svm") ? 12 : command.contains("mlp") ? 5 : 3
  }

  @Test("a limit of some times the memory used is enough", arguments: commands)
  func enough(_ command: String) throws {
    let folder = try Self.folder.get()
    let words = command.split(separator: " ").map(String.init)
    let free = try Tool.run(words, in: folder, measuresMemory: true)
    let limit = max(0, free.peakMemory - Self.program / 2) * Self.factor(command)
    let outcome = try Tool.run(words + ["--max-memory", "\(limit)"], in: folder)
    #expect(outcome.status == free.status, "\(limit): \(outcome.errors)")
  }
}
