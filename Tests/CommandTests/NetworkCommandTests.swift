import Foundation
import Surprisal
import Testing

/// `fit --model mlp` and the use of its models by other commands.
@Suite struct NetworkCommandTests {
  private static let common = NetworkRun.common

  private func folder() throws -> Workspace { try NetworkRun.folder() }

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

  /// With no option but the model, training ends by itself; with too few steps it warns.
  @Test func trainingFindsItsEnd() throws {
    let folder = try folder()
    let fit = ["fit", "data.csv", "--probs", "p_*", "--model", "mlp", "--hidden", "4"]
    let whole = try Tool.run(fit + ["--strict", "-o", "whole.bin"], in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(whole.text.contains("held out"), "\(whole.text)")
    let chosen = try #require(
      ["1e-05", "0.0001", "0.001", "0.01"].first { whole.text.contains("(l2 = \($0))") })
    #expect(whole.text.contains("note[fit.prior]"), "\(whole.text)")
    let named = try Tool.run(fit + ["--prior", "auto", "-o", "named.bin"], in: folder)
    #expect(named.status == 0 && named.text == whole.text.replacing("whole.bin", with: "named.bin"))
    #expect(try folder.read("named.bin") == folder.read("whole.bin"))
    let given = try Tool.run(fit + ["--l2", chosen, "--json"], in: folder)
    let automatic = try Tool.run(fit + ["--json"], in: folder)
    let objectives = try [given, automatic].map {
      try JSONParser().parse($0.text)["objective"]?.doubleValue
    }
    #expect(objectives[0] != nil && objectives[0] == objectives[1])
    let linear = try Tool.run(
      ["fit", "data.csv", "--probs", "p_*", "--prior", "auto"], in: folder)
    #expect(linear.status == 64 && linear.errors.contains("--prior"), "\(linear.errors)")
    let flat = try Tool.run(fit + ["--l2", "0"], in: folder)
    #expect(flat.status == 0 && flat.text.contains("maximum likelihood"), "\(flat.text)")
    let short = try Tool.run(
      fit + ["--strict", "--schedule", "plateau", "--epochs", "3", "--checkpoint", "s.bin"],
      in: folder)
    #expect(short.status == 3, "\(short.errors)")
    #expect(short.text.contains("NOT FINISHED: in the last 2 passes the validation KL fell by"))
    #expect(short.text.contains("continue with --schedule plateau --epochs 12"), "\(short.text)")
    let none = try Tool.run(fit + ["--validation", "none", "--json"], in: folder)
    #expect(none.status == 0 && none.text.contains(#""validation": null"#), "\(none.errors)")
    #expect(none.text.contains(#""loss_settled""#) || none.text.contains(#""steps_done""#))
  }

  /// No output replaces an input.
  @Test(arguments: ["--checkpoint", "--log"]) func outputsAreNoInputs(flag: String) throws {
    let folder = try folder()
    let outcome = try Tool.run(Self.common + [flag, "data.csv"], in: folder)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(try Tool.run(Self.common, in: folder).status == 0)
  }

  /// Cross entropy and log-likelihood of an ensemble belong to the same predictions, whatever the
  /// prior.
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

  /// Neither threads nor an interruption after any pass change a byte of the model or the log.
  @Test func bytesDependOnNeitherThreadsNorInterruptions() throws {
    let folder = try folder()
    let whole = try Tool.run(
      Self.common + ["-o", "whole.bin", "--log", "whole.jsonl", "-j", "1"], in: folder)
    #expect(whole.status == 0, "\(whole.errors)")
    let state = ["--checkpoint", "state.bin"]
    let first = try Tool.run(Self.common + state + ["-o", "first.bin"], in: folder)
    #expect(first.status == 0, "\(first.errors)")
    let resumed = try Tool.run(
      Self.common + state + ["--resume", "-o", "resumed.bin", "--log", "resumed.jsonl"], in: folder)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try folder.read("first.bin") == folder.read("whole.bin"))
    #expect(try folder.read("resumed.bin") == folder.read("whole.bin"))
    #expect(try folder.read("resumed.jsonl") == folder.read("whole.jsonl"))
    let log = try folder.read("whole.jsonl")
    #expect(log.split(separator: UInt8(ascii: "\n")).count == 6)
  }

  @Test func ensemblesHoldTheirMembersInOneFile() throws {
    let folder = try folder()
    let fit = try Tool.run(Self.common + ["--ensemble", "3", "-o", "m.bin"], in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    #expect(fit.text.contains("average of probabilities"))
    #expect(fit.text.contains("network 3"))
  }

  /// A run that gets worse from its first pass on keeps the start, with a warning.
  @Test func noRunEndsWorseThanItsStart() throws {
    let folder = try folder()
    let none = ["--hidden", "none", "--dropout", "0", "--json"]
    let start = try Tool.run(Self.common + none + ["--epochs", "0"], in: folder)
    let wild = try Tool.run(
      Self.common + none + ["--epochs", "2", "--learning-rate", "0.3"], in: folder)
    #expect(wild.status == 0, "\(wild.errors)")
    #expect(wild.text.contains(#""best_epoch": 0"#))
    func held(_ outcome: Tool.Outcome) throws -> Substring {
      let rest = try #require(outcome.text.split(separator: #""validation": {"#).dropFirst().first)
      return rest.prefix { $0 != "}" }
    }
    #expect(try held(wild) == held(start))
    #expect(wild.text.contains("no pass improved on the random start"))
  }

  /// A run that ends in its first pass writes a log, which replaces that of an earlier run.
  @Test(arguments: [[], ["--ensemble", "2"]])
  func logsHoldADivergence(options: [String]) throws {
    let folder = try folder()
    try folder.write("of another run\n", to: "run.jsonl")
    let fit = try Tool.run(
      Self.common + ["--learning-rate", "1e9", "--log", "run.jsonl", "--strict"] + options,
      in: folder)
    #expect(fit.status == 3, "\(fit.errors)")
    let lines = String(decoding: try folder.read("run.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.count == (options.isEmpty ? 1 : 2))
    #expect(lines.allSatisfy { $0.contains(#""epoch":1,"diverged":true,"batch":"#) }, "\(lines)")
  }

  @Test func divergenceIsSaidAndLeavesNumbers() throws {
    let folder = try folder()
    let wild = Self.common + ["--learning-rate", "1e7", "-o", "m.bin", "--strict"]
    let fit = try Tool.run(wild, in: folder)
    #expect(fit.status == 3, "\(fit.errors)")
    #expect(fit.text.contains("training diverged"))
    #expect(fit.text.contains("0 (the start)"))
    let read = try Tool.run(["inspect", "m.bin"], in: folder)
    #expect(read.text.contains("valid") && read.text.contains("yes"))
  }
}
