import Foundation
import Testing

/// A command with every file that it can read and write.
struct OutputCase: Sendable, CustomTestStringConvertible {
  let command: String
  /// The input files in it.
  let inputs: [String]
  /// Flags of files that are written at the end.
  let outputs: [String]
  /// Flags of files that are written during the work.
  var running: [String] = []

  var testDescription: String { command }

  /// The command with a file for each of its flags; `given` overrides some of them.
  func line(_ given: [String: String] = [:]) -> String {
    let files = (outputs + running).map { "\($0) \(given[$0] ?? Self.name(of: $0))" }
    return (["\"$TOOL\"", command] + files).joined(separator: " ")
  }

  /// The file of a flag.
  static func name(of flag: String) -> String {
    "out-" + flag.drop { $0 == "-" }
  }

  static let all = [
    OutputCase(
      command: "check data2.csv --labels labels.csv --target class --on-bad-row skip",
      inputs: ["data2.csv", "labels.csv"], outputs: ["--rejects"]),
    OutputCase(
      command:
        "fit data2.csv --labels labels.csv --target class --config config.json --on-bad-row skip",
      inputs: ["data2.csv", "labels.csv", "config.json"],
      outputs: ["-o", "--vcov", "--augment", "--rejects"]),
    OutputCase(
      command: "fit data.csv --labels p.csv --evidence p_* --evidence-prior prior.csv --l2 0.1 "
        + "--features x --on-bad-row skip",
      inputs: ["data.csv", "p.csv", "prior.csv"], outputs: ["-o", "--rejects"]),
    OutputCase(
      command: "aggregate votes.csv --gold gold.csv --truth truth.csv --on-bad-row skip",
      inputs: ["votes.csv", "gold.csv", "truth.csv"],
      outputs: ["-o", "--annotator-table", "--rejects"]),
    OutputCase(command: "export m.json --to c", inputs: ["m.json"], outputs: ["-o"]),
    OutputCase(
      command: "fit data.csv --target class --likelihood noisy-label --confusion matrix.csv "
        + "--l2 0.1 --on-bad-row skip",
      inputs: ["data.csv", "matrix.csv"], outputs: ["-o", "--rejects"]),
    OutputCase(
      command: "fit data.csv --target class --model mlp --hidden none --epochs 1 "
        + "--validation data2.csv --on-bad-row skip",
      inputs: ["data.csv", "data2.csv"], outputs: ["-o", "--rejects"],
      running: ["--log", "--checkpoint"]),
    OutputCase(
      command: "cv data.csv --target class --folds 2 --l2 0.1 --refit min --on-bad-row skip",
      inputs: ["data.csv"], outputs: ["-o", "--predictions-out", "--rejects"]),
    OutputCase(
      command: "calibrate m.json data.csv --target class --on-bad-row skip",
      inputs: ["m.json", "data.csv"], outputs: ["-o", "--rejects"]),
    OutputCase(
      command: "calibrate data.csv --target class --predictions p.csv --on-bad-row skip",
      inputs: ["data.csv", "p.csv"], outputs: ["-o", "--rejects"]),
    OutputCase(
      command: "summary m.json --effects data2.csv", inputs: ["m.json", "data2.csv"],
      outputs: ["--vcov"]),
    OutputCase(
      command: "predict m.json data.csv --on-bad-row skip", inputs: ["m.json", "data.csv"],
      outputs: ["-o", "--rejects"]),
    OutputCase(
      command: "evaluate m.json data.csv --target class --on-bad-row skip",
      inputs: ["m.json", "data.csv"], outputs: ["--rejects"]),
    OutputCase(
      command: "compare m.json data.csv --target class --predictions p.csv --bootstrap 0 "
        + "--on-bad-row skip",
      inputs: ["m.json", "data.csv", "p.csv"], outputs: ["--rejects"]),
    OutputCase(
      command: "explain m.json data.csv --target class --on-bad-row skip",
      inputs: ["m.json", "data.csv"], outputs: ["--rejects"]),
    OutputCase(
      command: "report m.json data.csv --target class --svg figures --on-bad-row skip",
      inputs: ["m.json", "data.csv"], outputs: ["-o", "--rejects"]),
  ]

  /// A folder with all inputs.
  static func folder() throws -> Workspace {
    let folder = try Workspace()
    let rows = (0..<12).map { "\($0 * 7 % 5),\($0 * 11 % 13 < 6 ? "a" : "b")\n" }.joined()
    try folder.write("x,class\n\(rows)9\n", to: "data.csv")
    for name in ["data2.csv", "labels.csv"] { try folder.write("x,class\n\(rows)", to: name) }
    try folder.write(
      "p_a,p_b\n" + (0..<13).map { $0 % 3 == 0 ? "0.25,0.75\n" : "0.5,0.5\n" }.joined(),
      to: "p.csv")
    try folder.write("a,b\n.4,.6\n", to: "prior.csv")
    let votes = (0..<12).map { "i\($0 / 3),w\($0 % 3),\($0 * 7 % 5 < 2 ? "a" : "b")\n" }
    try folder.write("item,annotator,label\n" + votes.joined(), to: "votes.csv")
    for name in ["gold.csv", "truth.csv"] { try folder.write("item,gold\ni0,a\n", to: name) }
    try folder.write("a,b\n.9,.1\n.1,.9\n", to: "matrix.csv")
    try folder.write("{\"prior\": {\"name\": \"gaussian\", \"l2\": 0.1}}\n", to: "config.json")
    try folder.write(GoldenModel.text, to: "m.json")
    return folder
  }
}

extension Workspace {
  /// The bytes of each file, except those in folders.
  var contents: [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for name in names { result[name] = (try? read(name)) ?? [] }
    return result
  }
}
