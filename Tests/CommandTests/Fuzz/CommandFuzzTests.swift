import Foundation
import Surprisal
import TestSupport
import Testing

/// Random command lines: each ends in time with a documented status, leaves its inputs unchanged,
/// and writes no files if it failed.
@Suite("Fuzzed command lines") struct CommandFuzzTests {
  private static let documented: Set<Int32> = [0, 3, 64, 65, 66, 71, 73, 74]

  /// A command and its flags, as listed by the tool.
  private struct Command {
    let name: String
    let flags: [(name: String, value: String?)]

    static func all(in folder: Workspace) throws -> [Command] {
      let help = try JSONParser().parse(
        Tool.run(["--experimental-dump-help"], in: folder).text)
      let commands = help["command"]?["subcommands"]?.arrayValue ?? []
      return commands.compactMap { command in
        guard let name = command["commandName"]?.stringValue, name != "help", name != "demo"
        else { return nil }
        let flags = (command["arguments"]?.arrayValue ?? []).compactMap { argument in
          argument["names"]?.arrayValue?.last?["name"]?.stringValue.map {
            (
              name: $0,
              value: argument["kind"]?.stringValue == "flag"
                ? nil : argument["valueName"]?.stringValue ?? ""
            )
          }
        }
        return Command(name: name, flags: flags)
      }
    }
  }

  private static let files = [
    "d.csv", "p.csv", "votes.csv", "matrix.csv", "s.svm", "empty.csv", "bad.csv", "config.json",
    "m.json", "n.json", "-", "/dev/null", ".", "none/x",
  ]
  private static let numbers = [
    "0", "1", "2", "3", "0.1", "0.5", "-1", "1e-320", "1e308", "nan", "inf", "9223372036854775807",
    "99999999999999999999", "", "x", "0x1", "1,2", "1:0.01:3", "1k", "1G",
  ]
  /// Flags whose number is an amount of work: a large number may take a long time.
  private static let amounts: Set<String> = [
    "epochs", "max-iterations", "bootstrap", "restarts", "repeats", "ensemble", "fit-test", "folds",
    "patience", "hidden",
  ]
  private static let small = ["0", "1", "2", "-1", "nan", "", "x", "99999999999999999999", "1,2"]
  private static let columns = [
    "x", "y", "s", "class", "w", "p_*", "n_*", "c_*", "*", "x,y", "x,x", "", ",", "x:y", "s=u",
    "cluster:s", "é", "none",
  ]
  /// Words for some flags, which are sometimes replaced by others.
  private static let words: [String: [String]] = [
    "target": ["class"], "probs": ["p_*"], "counts": ["n_*"], "candidates": ["c_*"],
    "evidence": ["p_*"], "features": ["x", "x,y", "x,y,s"], "model": ["softmax", "mlp"],
    "hidden": ["2", "2,2", "auto"], "epochs": ["1"], "restarts": ["0", "1"], "folds": ["2", "3"],
    "ensemble": ["2"], "bootstrap": ["0", "9"], "output": ["out", "-", "d.csv", "none/x"],
    "to": ["onnx", "safetensors", "csv", "c", "swift"], "fail-if": ["ce>1", "kl<0", "x>1"],
    "std-errors": ["auto", "information", "sandwich", "cluster:s", "none"], "fit-test": ["2"],
    "label": ["0.5,0.5", "0,1"], "prediction": ["0.5,0.5", "1,0"], "classes": ["a,b,c", "c,b,a"],
    "likelihood": [
      "categorical", "multinomial", "dirichlet", "dirichlet-multinomial", "noisy-label",
      "continuous-categorical", "evidence",
    ],
    "threads": ["1", "2"], "max-iterations": ["1", "100"], "repeats": ["1", "2"],
  ]

  /// A random command line.
  private static func line(_ commands: [Command], _ numbers: inout TestNumbers) -> [String] {
    guard let command = commands.randomElement(using: &numbers) else { return [] }
    func file(_ usual: String) -> String {
      Int.random(in: 0..<8, using: &numbers) > 0
        ? usual : files.randomElement(using: &numbers) ?? usual
    }
    var line = [command.name]
    switch command.name {
    case "fit", "cv", "check": line.append(file("d.csv"))
    case "aggregate": line.append(file("votes.csv"))
    case "summary", "export", "inspect": line.append(file("m.json"))
    case "explain-error": line.append("label.sum")
    default: line += [file(Bool.random(using: &numbers) ? "m.json" : "n.json"), file("d.csv")]
    }
    if command.flags.contains(where: { $0.name == "target" }) {
      line.append(
        ["--target=class", "--probs=p_*", "--counts=n_*", "--candidates=c_*"]
          .randomElement(using: &numbers) ?? "")
      if ["fit", "cv"].contains(command.name) { line.append("--features=x,y") }
    }
    for _ in 0..<Int.random(in: 0...5, using: &numbers) {
      guard let flag = command.flags.randomElement(using: &numbers) else { continue }
      guard let kind = flag.value else {
        line.append("--" + flag.name)
        continue
      }
      line.append("--\(flag.name)=\(value(of: flag.name, kind, &numbers))")
    }
    return line
  }

  private static func value(
    of flag: String, _ kind: String, _ numbers: inout TestNumbers
  ) -> String {
    let isUsual = Int.random(in: 0..<5, using: &numbers) > 0
    let choices: [String]
    if isUsual, let known = words[flag] {
      choices = known
    } else if isUsual, kind.contains("|") {
      choices = kind.split(separator: "|").map(String.init)
    } else if kind.contains("file") || kind == "folder" {
      choices = files
    } else if kind.contains("column") || kind == "names" {
      choices = columns
    } else if amounts.contains(flag) {
      choices = small
    } else {
      choices = Self.numbers + (isUsual ? [] : columns + files)
    }
    return choices.randomElement(using: &numbers) ?? ""
  }

  private static func folder() throws -> Workspace {
    let folder = try OutputCase.folder()
    let rows = (0..<24).map { row in
      "\(row % 7 - 3),\(row * 5 % 11).5,\(["u", "v", "w"][row * row % 3]),"
        + "\(["a", "b", "c"][row * 11 % 13 % 3]),\(1 + row % 2),0.5,0.25,0.25,\(row % 4 + 1),"
        + "\(row % 3),2,\(row % 5 == 0 ? 0 : 1),\(row % 2),\(row % 5 == 0 ? 1 : 0)\n"
    }
    let head = "x,y,s,class,w,p_a,p_b,p_c,n_a,n_b,n_c,c_a,c_b,c_c\n"
    try folder.write(head + rows.joined(), to: "d.csv")
    try folder.write("x,y,class\n1,2,a\n3\n4,5,b\n6,x,c\n,1,a\n", to: "bad.csv")
    try folder.write("", to: "empty.csv")
    try folder.write("1 1:0.5 2:1\n2 1:1\n1 2:1\n2 1:2 2:3\n", to: "s.svm")
    let votes = (0..<40).map {
      "\($0 / 3),\($0 % 5),\(["a", "b", "c"][$0 * 7 % 11 % 3])\n"
    }
    try folder.write("item,annotator,label\n" + votes.joined(), to: "votes.csv")
    let made = try Tool.run(
      ["fit", "d.csv", "--target", "class", "--features", "x,y", "--l2", "0.1", "-o", "n.json"],
      in: folder)
    #expect(made.status == 0, "\(made.errors)")
    return folder
  }

  @Test func commandLines() throws {
    let folder = try Self.folder()
    let commands = try Command.all(in: folder)
    #expect(commands.count > 10)
    let inputs = folder.contents
    try Fuzz("command", inputs: 40).run { numbers -> [String] in
      Self.line(commands, &numbers)
    } check: { line in
      let outcome = try Tool.run(line, in: folder, input: inputs["d.csv"], limit: 10)
      defer { try? Self.restore(folder, inputs) }
      return Self.fault(outcome, line, in: folder, inputs)
    }
  }

  private static func restore(_ folder: Workspace, _ inputs: [String: [UInt8]]) throws {
    for name in folder.names where inputs[name] == nil {
      try FileManager.default.removeItem(at: folder.url(name))
    }
    for (name, bytes) in inputs where try folder.read(name) != bytes {
      try folder.write(bytes, to: name)
    }
  }

  private static func fault(
    _ outcome: Tool.Outcome, _ line: [String], in folder: Workspace, _ inputs: [String: [UInt8]]
  ) -> String? {
    guard documented.contains(outcome.status) else {
      return "status \(outcome.status): \(outcome.errors)"
    }
    let isDone = outcome.status == 0 || outcome.status == 3
    if outcome.errors.contains("error[") == isDone {
      return "status \(outcome.status) with \(outcome.errors.debugDescription)"
    }
    let flags = line.filter { $0.hasPrefix("--") }
    let contents = folder.contents
    for (name, bytes) in inputs where contents[name] != bytes {
      // A file that is named by an output only may be replaced.
      let isReplaced = isDone && flags.contains { $0.hasSuffix("=" + name) }
      if line.dropFirst().contains(name) || !isReplaced { return "\(name) was changed" }
    }
    let left = Set(contents.keys).subtracting(inputs.keys)
    let isRunning = flags.contains { $0.hasPrefix("--log=") || $0.hasPrefix("--checkpoint=") }
    if !isDone, !isRunning, !left.isEmpty { return "\(left) are left" }
    // What export prints is the model in another format.
    let printsText =
      line.first == "export"
      || ["--version", "--help", "--help-all"].contains { flags.contains($0) }
    if isDone, flags.contains("--json"), !printsText, !outcome.output.isEmpty {
      let parts = [outcome.text] + outcome.text.split(separator: "\n").map(String.init)
      if (try? JSONParser().parse(outcome.text)) == nil,
        parts.dropFirst().contains(where: { (try? JSONParser().parse($0)) == nil })
      {
        return "no JSON: \(outcome.text.prefix(300))"
      }
    }
    return nil
  }
}
