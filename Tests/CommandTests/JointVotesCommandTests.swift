import Foundation
import Surprisal
import TestSupport
import Testing

/// `fit --votes`, `predict --votes`, `predict --annotator`.
@Suite struct JointVotesCommandTests {
  private static let fit =
    "fit votes_sim_features.csv --votes votes_sim.csv --ignore true_class --restarts 0 --threads 1"

  private static func folder() throws -> Workspace {
    let folder = try Workspace()
    for name in ["votes_sim.csv", "votes_sim_features.csv"] {
      let url = try #require(SharedData.url("data/\(name)"))
      try folder.write(String(contentsOf: url, encoding: .utf8), to: name)
    }
    return folder
  }

  private func run(
    _ arguments: String, in folder: Workspace, status: Int32 = 0
  ) throws -> Tool.Outcome {
    let outcome = try Tool.run(arguments.split(separator: " ").map(String.init), in: folder)
    #expect(outcome.status == status, "\(outcome.errors)")
    return outcome
  }

  private func json(_ outcome: Tool.Outcome) throws -> JSONValue {
    try JSONParser().parse(outcome.text, source: "json")
  }

  private func predictions(_ outcome: Tool.Outcome) throws -> [[Double]] {
    let rows = try #require(try json(outcome)["predictions"]?.arrayValue)
    return rows.map { $0["probabilities"]?.doubleArray ?? [] }
  }

  /// The reference, the file, and predictions that are made of what it holds.
  @Test func modelsKeepTheirAnnotators() throws {
    let folder = try Self.folder()
    let reference = try ReferenceValue(shared: "reference/evidence_votes_sim.json")["joint"]
    let fit = try json(run("\(Self.fit) --json -o model.json", in: folder))
    let logLikelihood = try #require(fit["log_likelihood"]?.doubleValue)
    #expect((logLikelihood - reference["log_likelihood"].number).magnitude < 1e-8)
    #expect(fit["degrees_of_freedom"]?.doubleValue == 42)
    let summary = try json(run("summary model.json --json", in: folder))
    #expect(summary["votes"] == fit["votes"])
    let annotators = try #require(fit["votes"]?["annotators"]?.arrayValue)
    #expect(annotators.count == 6)
    let model = try FittedModel(contentsOf: folder.url("model.json").path)
    let record = try #require(model.record.votes)
    let plain = try predictions(
      run("predict model.json votes_sim_features.csv --json", in: folder))
    let answers = try predictions(
      run("predict model.json votes_sim_features.csv --annotator w3 --json", in: folder))
    let third = try #require(record.annotators.first { $0.name == "w3" }).confusion
    for (q, answer) in zip(plain, answers) {
      for label in 0..<3 {
        let expected = (0..<3).reduce(0.0) { $0 + q[$1] * third[$1][label] }
        #expect((answer[label] - expected).magnitude < 1e-12)
      }
    }
    let posterior = try predictions(
      run(
        "predict model.json votes_sim_features.csv --votes votes_sim.csv --key item --json",
        in: folder))
    let votes = try VoteReader().read(InputFile(folder.url("votes_sim.csv").path))
    let items = try SharedTable("votes_sim_features.csv").column("item")
    for row in [0, 1, 57, 399] {
      var terms = plain[row]
      let place = try #require(votes.itemNames.firstIndex(of: items[row]))
      for (cell, _) in votes.cells(ofItem: place) {
        let name = votes.annotatorNames[cell / 3]
        let matrix = try #require(record.annotators.first { $0.name == name }).confusion
        for k in 0..<3 { terms[k] *= matrix[k][cell % 3] }
      }
      let total = terms.reduce(0, +)
      for k in 0..<3 { #expect((posterior[row][k] - terms[k] / total).magnitude < 1e-12) }
    }
    let scores = try json(
      run("evaluate model.json votes_sim_features.csv --target true_class --json", in: folder))
    #expect(try #require(scores["accuracy"]?.doubleValue) > 0.6)
  }

  @Test func rowsAndVotesThatDoNotMatch() throws {
    let folder = try Self.folder()
    let lines = String(
      decoding: try folder.read("votes_sim_features.csv"), as: UTF8.self
    ).split(separator: "\n")
    try folder.write(lines.prefix(301).joined(separator: "\n") + "\n", to: "few.csv")
    let fewer = Self.fit.replacing("votes_sim_features.csv", with: "few.csv")
    let refused = try run(fewer, in: folder, status: 65)
    #expect(refused.errors.contains("rows.mismatch") && refused.errors.contains("i300"))
    let skipped = try run("\(fewer) --on-bad-row skip --std-errors none", in: folder)
    #expect(skipped.errors.contains("100 items that are not rows"))
    let cast = String(decoding: try folder.read("votes_sim.csv"), as: UTF8.self)
      .split(separator: "\n")
    try folder.write(cast.prefix(901).joined(separator: "\n") + "\n", to: "cast.csv")
    let silent = try run(
      Self.fit.replacing("votes_sim.csv", with: "cast.csv") + " --json --std-errors none",
      in: folder)
    #expect(silent.errors.contains("rows without votes"))
    #expect(try #require(try json(silent)["rows"]?.doubleValue) < 400)
  }

  /// One annotator leaves the fit with a caution; votes of strangers change no prediction.
  @Test func fewAnnotators() throws {
    let folder = try Self.folder()
    let cast = String(decoding: try folder.read("votes_sim.csv"), as: UTF8.self)
      .split(separator: "\n")
    let own = cast.filter { $0.contains("w1") || $0.contains("item") }
    try folder.write(own.joined(separator: "\n") + "\n", to: "one.csv")
    let one = try run(
      Self.fit.replacing("votes_sim.csv", with: "one.csv") + " -o model.json", in: folder)
    #expect((one.text + one.errors).contains("votes.few"))
    try folder.write("item,annotator,label\ni0,zz,a\nq,w1,b\n", to: "new.csv")
    let plain = try run("predict model.json votes_sim_features.csv", in: folder)
    let voted = try run("predict model.json votes_sim_features.csv --votes new.csv", in: folder)
    #expect(plain.output == voted.output)
    #expect(voted.errors.contains("votes.annotators") && voted.errors.contains("votes.items"))
  }

  /// Votes that no class can explain do not determine a posterior.
  @Test func impossibleVotes() throws {
    let folder = try Workspace()
    try folder.write(
      "item,x\n" + (0..<40).map { "i\($0),\($0 * 7 % 40)\n" }.joined(), to: "data.csv")
    let votes = (0..<40).map { item -> String in
      let label = item * 7 % 40 < 20 ? "a" : "b"
      let other = item % 9 == 0 ? (label == "a" ? "b" : "a") : label
      return "i\(item),u,a\ni\(item),v,\(label)\ni\(item),w,\(other)\n"
    }
    try folder.write("item,annotator,label\n" + votes.joined(), to: "votes.csv")
    _ = try run("fit data.csv --votes votes.csv --l2 0.1 -o model.json", in: folder)
    try folder.write("item,annotator,label\ni3,u,b\ni4,v,a\n", to: "new.csv")
    let plain = try run("predict model.json data.csv", in: folder)
    let voted = try run("predict model.json data.csv --votes new.csv", in: folder)
    let lines = [plain, voted].map { $0.text.split(separator: "\n") }
    #expect(lines[0][4] == lines[1][4] && lines[0][5] != lines[1][5])
    #expect(voted.errors.contains("votes.impossible") && voted.errors.contains("i3"))
    let smoothed = "fit data.csv --votes votes.csv --l2 0.1 --pseudo-counts 1 -o model.json"
    _ = try run(smoothed, in: folder)
    let possible = try run("predict model.json data.csv --votes new.csv", in: folder)
    #expect(!possible.errors.contains("votes.impossible"))
    for model in ["softmax", "mlp"] {
      let absent = try run(
        "fit data.csv --votes votes.csv --classes a,b,c --model \(model)", in: folder, status: 65)
      #expect(absent.errors.contains("nobody voted for class \"c\""), "\(absent.errors)")
      #expect(absent.errors.contains("leave it out of --classes"))
    }
    let kept = try run(
      "fit data.csv --votes votes.csv --model mlp --keep-partial", in: folder, status: 64)
    #expect(!kept.errors.contains("--checkpoint"), "\(kept.errors)")
  }
}
