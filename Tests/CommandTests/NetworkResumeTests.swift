import Foundation
import Testing

/// `--checkpoint` and `--resume`.
@Suite struct NetworkResumeTests {
  private static let state = ["--checkpoint", "state.bin"]
  private static let constant = NetworkRun.common + ["--schedule", "constant"]

  /// A folder with the checkpoint of a run of three passes.
  private func folder(_ options: [String] = []) throws -> Workspace {
    let folder = try NetworkRun.folder()
    let first = try Tool.run(
      Self.constant + Self.state + ["--epochs", "3"] + options, in: folder)
    #expect(first.status == 0, "\(first.errors)")
    return folder
  }

  /// With a constant rate, more passes give the result of the longer run, for any number of
  /// networks.
  @Test(arguments: [[], ["--ensemble", "2"], ["--solver", "sgd"]])
  func morePassesAreTheLongerRun(options: [String]) throws {
    let folder = try folder(options)
    let whole = try Tool.run(
      Self.constant + options + ["-o", "whole.bin", "--log", "whole.jsonl"], in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    let resumed = try Tool.run(
      Self.constant + Self.state + options
        + ["--resume", "-o", "resumed.bin", "--log", "resumed.jsonl"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.output == whole.output)
    #expect(try folder.read("resumed.bin") == folder.read("whole.bin"))
    #expect(try folder.read("resumed.jsonl") == folder.read("whole.jsonl"))
  }

  @Test func ensemblesKeepACheckpointEach() throws {
    let folder = try folder(["--ensemble", "2"])
    #expect(folder.names == ["data.csv", "state.bin.1", "state.bin.2"])
    // A missing checkpoint is trained anew: a member's state does not depend on the others.
    try FileManager.default.removeItem(at: folder.url("state.bin.1"))
    let whole = try Tool.run(Self.constant + ["--ensemble", "3", "-o", "whole.bin"], in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    let resumed = try Tool.run(
      Self.constant + Self.state + ["--ensemble", "3", "--resume", "-o", "resumed.bin"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try folder.read("resumed.bin") == folder.read("whole.bin"))
  }

  /// A run stopped by a signal and resumed gives the bytes of an uninterrupted run.
  @Test func aSignalCostsNothing() throws {
    let folder = try NetworkRun.folder()
    let options = NetworkRun.common + ["--epochs", "800"]
    let line =
      "\"$TOOL\" " + (options + Self.state).map { "'\($0)'" }.joined(separator: " ")
      + " & while [ ! -s state.bin ]; do sleep 0.01; done; kill -INT $!; wait $!"
    let stopped = try Tool.shell(line, in: folder)
    #expect(stopped.status == 130, "\(stopped.status) \(stopped.errors)")
    #expect(stopped.errors.contains("continue with --checkpoint state.bin --resume"))
    let resumed = try Tool.run(
      options + Self.state + ["--resume", "-o", "resumed.bin"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    let whole = try Tool.run(options + ["-o", "whole.bin"], in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(try folder.read("resumed.bin") == folder.read("whole.bin"))
  }

  /// The message names the difference, both values and a remedy.
  @Test(arguments: [
    (["--seed", "2"], "--seed: 1 in the checkpoint, 2 now", "give --seed 1"),
    (["--clip", "1.5"], "--clip: not given in the checkpoint, 1.5 now", "leave out --clip"),
    (["--hidden", "8"], "--hidden: 8,4 in the checkpoint, 8 now", "give --hidden 8,4"),
    (["--l2", "0.5"], "--l2: 0.0 in the checkpoint, 0.5 now", "give --l2 0.0"),
    (["--skip"], "--skip: not given in the checkpoint, given now", "leave out --skip"),
    (
      ["--likelihood", "continuous-categorical"],
      "--likelihood: categorical in the checkpoint, continuous-categorical now",
      "give --likelihood categorical"
    ),
    (
      ["--schedule", "cosine"], "--schedule: constant in the checkpoint, cosine now",
      "give --epochs 3, give --schedule constant"
    ),
    (
      ["--epochs", "2"], "--epochs: 3 in the checkpoint, 2 now; 3 passes are already done",
      "give --epochs 3"
    ),
    (
      ["--input-scale", "common"], "--input-scale: columns in the checkpoint, common now",
      "give --input-scale columns"
    ),
    (
      ["--patience", "1"], "--patience: not given in the checkpoint, 1 now", "leave out --patience"
    ),
    (["--float32"], "--float32: not given in the checkpoint, given now", "leave out --float32"),
    (
      ["--label-smoothing", "0.1"],
      "the labels, weights or offsets differ from those of the checkpoint",
      "use the data of that training run"
    ),
  ])
  func anotherTraining(options: [String], difference: String, cure: String) throws {
    try expectRefusal(in: folder(), options, [difference, cure, "or start again without --resume"])
  }

  private func expectRefusal(
    in folder: Workspace, _ options: [String], _ words: [String]
  ) throws {
    let before = try folder.read("state.bin")
    let outcome = try Tool.run(
      Self.constant + Self.state + ["--resume"] + options, in: folder)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(outcome.errors.contains("another training"))
    for words in words { #expect(outcome.errors.contains(words), "\(outcome.errors)") }
    #expect(try folder.read("state.bin") == before)
  }

  /// A cosine falls to zero at the last pass: a longer run differs from its first pass on.
  @Test func aCosineIsNotExtended() throws {
    let folder = try folder(["--schedule", "cosine"])
    try expectRefusal(
      in: folder, ["--schedule", "cosine"],
      [
        "--epochs: 3 in the checkpoint, 6 now; with --schedule cosine the rate of each pass",
        "give --epochs 3",
      ])
  }

  @Test func otherData() throws {
    let folder = try folder()
    try folder.write(
      NetworkRun.table { row, cells in if row == 3 { cells[0] = 0.5 } }, to: "data.csv")
    try expectRefusal(in: folder, [], ["the features differ from those", "use the data"])
    // Two labels that are exchanged leave every sum unchanged.
    var labels: [[Double]] = []
    _ = NetworkRun.table { _, cells in labels.append(Array(cells[2...])) }
    let other = try #require(labels.firstIndex { $0 != labels[0] })
    try folder.write(
      NetworkRun.table { row, cells in
        if row == 0 { cells.replaceSubrange(2..., with: labels[other]) }
        if row == other { cells.replaceSubrange(2..., with: labels[0]) }
      }, to: "data.csv")
    try expectRefusal(in: folder, [], ["the labels, weights or offsets differ from those"])
    try folder.write(NetworkRun.table(rows: 80), to: "data.csv")
    try expectRefusal(in: folder, [], ["rows: 90 in the checkpoint, 80 now"])
  }

  /// The order of the rows affects neither the model file nor which run a checkpoint belongs to.
  @Test func rowsHaveNoOrder() throws {
    let folder = try folder()
    let whole = try Tool.run(Self.constant + ["-o", "whole.bin"], in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    let lines = NetworkRun.table().split(separator: "\n")
    let reversed = [lines[0]] + lines.dropFirst().reversed()
    try folder.write(reversed.joined(separator: "\n") + "\n", to: "data.csv")
    let other = try Tool.run(Self.constant + ["-o", "other.bin"], in: folder)
    let resumed = try Tool.run(
      Self.constant + Self.state + ["--resume", "-o", "resumed.bin"], in: folder)
    #expect(other.status == 0 && resumed.status == 0, "\(resumed.errors)")
    #expect(other.output == whole.output)
    #expect(try folder.read("other.bin") == folder.read("whole.bin"))
    #expect(try folder.read("resumed.bin") == folder.read("whole.bin"))
  }

  /// With more patience, or none, training continues after less patience has stopped it.
  @Test func morePatienceGoesOn() throws {
    let folder = try NetworkRun.folder()
    let rate = ["--learning-rate", "0.3", "--epochs", "12"]
    let first = try Tool.run(
      Self.constant + Self.state + rate + ["--patience", "1", "--json"], in: folder)
    #expect(first.text.contains("early_stopping"), "\(first.errors)")
    let whole = try Tool.run(
      Self.constant + rate + ["--patience", "4", "-o", "whole.bin"], in: folder)
    let resumed = try Tool.run(
      Self.constant + Self.state + rate + ["--patience", "4", "--resume", "-o", "resumed.bin"],
      in: folder)
    #expect(whole.status == 0 && resumed.status == 0, "\(resumed.errors)")
    #expect(try folder.read("resumed.bin") == folder.read("whole.bin"))
  }

  /// Files that are not checkpoints, or damaged ones, are reported as such.
  @Test func damagedCheckpoints() throws {
    let folder = try folder(["-o", "net.model"])
    let whole = try folder.read("state.bin")
    var flipped = whole
    flipped[whole.count - 20] ^= 4
    let table = try folder.read("data.csv")
    for (bytes, code, words) in [
      (Array(whole.dropLast(100)), "checkpoint.damaged", "the checkpoint state.bin ends after"),
      (flipped, "checkpoint.damaged", "the checkpoint state.bin is damaged"),
      (
        try folder.read("net.model"), "checkpoint.foreign",
        "state.bin is a model, not a training checkpoint"
      ),
      (table, "checkpoint.foreign", "state.bin is not a training checkpoint"),
      ([], "checkpoint.foreign", "state.bin is not a training checkpoint"),
    ] {
      try folder.write(bytes, to: "state.bin")
      let outcome = try Tool.run(Self.constant + Self.state + ["--resume"], in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("error[\(code)]: \(words)"), "\(outcome.errors)")
      #expect(outcome.errors.contains("start again without --resume"), "\(outcome.errors)")
      #expect(!outcome.errors.contains("model file"), "\(outcome.errors)")
      #expect(try folder.read("state.bin") == bytes)
    }
  }
}
