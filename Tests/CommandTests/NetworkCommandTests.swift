import Foundation
import Testing

/// `fit --model mlp` and what other commands make of it.
@Suite struct NetworkCommandTests {
  private func folder() throws -> Workspace {
    let folder = try Workspace()
    let lines = (0..<90).map { (row: Int) -> String in
      let (x, y) = (Double(row * 37 % 41) / 20 - 1, Double(row * 17 % 23) / 11 - 1)
      let p = 0.1 + (x * y > 0 ? 0.75 : 0.05)
      return "\(x),\(y),\(p),\(1 - p)"
    }
    try folder.write((["x,y,p_a,p_b"] + lines).joined(separator: "\n") + "\n", to: "data.csv")
    return folder
  }

  private static let common = [
    "fit", "data.csv", "--probs", "p_*", "--model", "mlp", "--hidden", "8,4", "--epochs", "6",
    "--batch-size", "16", "--learning-rate", "0.01", "--dropout", "0.1", "--validation", "0.2",
    "--quiet",
  ]

  @Test func fitsPredictsEvaluatesAndSummarises() throws {
    let folder = try folder()
    let fit = try Tool.run(Self.common + ["--json", "-o", "m.bin"], in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    #expect(fit.text.contains(#""termination": "epochs_done""#))
    #expect(fit.text.contains(#""validation_kl_divergence""#))
    #expect(!fit.text.lowercased().contains("nan"))
    let predicted = try Tool.run(["predict", "m.bin", "data.csv"], in: folder)
    #expect(predicted.text.hasPrefix("predicted,p_a,p_b\n"), "\(predicted.errors)")
    for command in [
      ["evaluate", "m.bin", "data.csv", "--probs", "p_*"], ["summary", "m.bin"],
      ["summary", "m.bin", "--json"], ["summary", "m.bin", "--glance"], ["inspect", "m.bin"],
    ] {
      let outcome = try Tool.run(command, in: folder)
      #expect(outcome.status == 0, "\(command) \(outcome.errors)")
    }
    let tidy = try Tool.run(["summary", "m.bin", "--tidy"], in: folder)
    #expect(tidy.status == 64 && tidy.text.isEmpty)
    #expect(tidy.errors.contains("no coefficients"))
  }

  /// No output takes the place of what is read.
  @Test(arguments: ["--checkpoint", "--log"]) func outputsAreNoInputs(flag: String) throws {
    let folder = try folder()
    let outcome = try Tool.run(Self.common + [flag, "data.csv"], in: folder)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(try Tool.run(Self.common, in: folder).status == 0)
  }

  /// Cross entropy and log-likelihood of an ensemble are of the same predictions, whatever the prior.
  @Test(arguments: [["--ensemble", "2"], ["--l2", "1e12", "--epochs", "1"]])
  func likelihoodAndCrossEntropyAgree(options: [String]) throws {
    let outcome = try Tool.run(Self.common + ["--json"] + options, in: try folder())
    func number(_ key: String) throws -> Double {
      let text = try #require(outcome.text.split(separator: "\"\(key)\": ").dropFirst().first)
      return try #require(Double(text.prefix { $0 != "," && $0 != "\n" }))
    }
    let expected =
      try number("log_likelihood_constant")
      - number("cross_entropy") * number("total_weight")
    #expect(abs(try number("log_likelihood") - expected) < 1e-9 * abs(expected))
  }

  /// Threads, and an interruption after any pass, change no byte of the model and of the log.
  @Test func bytesDependOnNeitherThreadsNorInterruptions() throws {
    let folder = try folder()
    let whole = try Tool.run(
      Self.common + ["-o", "whole.bin", "--log", "whole.jsonl", "-j", "1"], in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    let state = ["--checkpoint", "state.bin"]
    // The options of a run must be those of the whole: a copy of a checkpoint of one pass stands for
    // an interruption.
    let first = try Tool.run(Self.common + state + ["-o", "first.bin"], in: folder)
    #expect(first.status == 0, "\(first.errors)")
    let resumed = try Tool.run(
      Self.common + state + ["--resume", "-o", "resumed.bin", "--log", "resumed.jsonl"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try folder.read("first.bin") == folder.read("whole.bin"))
    #expect(try folder.read("resumed.bin") == folder.read("whole.bin"))
    let log = try folder.read("whole.jsonl")
    #expect(log.split(separator: UInt8(ascii: "\n")).count == 6)
    let other = try Tool.run(
      Self.common + state + ["--resume", "--clip", "1"], in: folder)
    #expect(other.status == 64)
    #expect(other.errors.contains("another training"))
  }

  @Test func ensemblesHoldTheirMembersInOneFile() throws {
    let folder = try folder()
    let fit = try Tool.run(Self.common + ["--ensemble", "3", "-o", "m.bin"], in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    #expect(fit.text.contains("average of probabilities"))
    #expect(fit.text.contains("network 3"))
  }

  @Test func divergenceIsSaidAndLeavesNumbers() throws {
    let folder = try folder()
    let wild = Self.common + ["--learning-rate", "1e7", "-o", "m.bin", "--strict"]
    let fit = try Tool.run(wild, in: folder)
    #expect(fit.status == 3, "\(fit.errors)")
    #expect(fit.text.contains("training diverged"))
    let read = try Tool.run(["inspect", "m.bin"], in: folder)
    #expect(read.text.contains("valid") && read.text.contains("yes"))
  }

  @Test(arguments: [
    ["--model", "mlp", "--reference", "a"], ["--model", "mlp", "--solver", "newton"],
    ["--model", "mlp", "--no-intercept"], ["--model", "mlp", "--prior", "jeffreys"],
    ["--model", "mlp", "--std-errors", "sandwich"], ["--model", "mlp", "--vcov", "v.csv"],
    ["--hidden", "4"], ["--solver", "adamw"], ["--model", "mlp", "--hidden", "4,,2"],
    ["--model", "mlp", "--dropout", "1"], ["--model", "mlp", "--resume"],
    ["--model", "mlp", "--patience", "2"], ["--model", "mlp", "--validation", "1.5"],
    ["--model", "mlp", "--solver", "lbfgs", "--epochs", "3"],
    ["--model", "mlp", "--checkpoint", "s", "--ensemble", "2"],
  ])
  func optionsThatMeanNothingAreRefused(options: [String]) throws {
    let folder = try folder()
    let outcome = try Tool.run(["fit", "data.csv", "--probs", "p_*"] + options, in: folder)
    #expect(outcome.status == 64, "\(options) \(outcome.errors)")
    #expect(!outcome.errors.isEmpty)
  }
}
