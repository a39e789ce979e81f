import Foundation
import Surprisal
import TestSupport
import Testing

/// `surprisal aggregate`: forms of input, output files, and the numbers in them.
@Suite struct AggregateTests {
  private static let long = """
    task,worker,answer
    t1,w1,a
    t1,w2,a
    t1,w3,b
    t2,w1,b
    t2,w2,b
    t2,w3,b
    t3,w1,a
    t3,w2,c
    t3,w3,a
    t4,w2,c
    t4,w3,c

    """
  private static let wide = """
    id,ann_w1,ann_w2,ann_w3
    t1,a,a,b
    t2,b,b,b
    t3,a,c,a
    t4,,c,c

    """

  private func run(_ arguments: String, in folder: Workspace) throws -> Tool.Outcome {
    let outcome = try Tool.run(arguments.split(separator: " ").map(String.init), in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome
  }

  private func rows(_ name: String, _ folder: Workspace) throws -> [[String: String]] {
    let table = try SharedTable(contentsOf: folder.url(name))
    return table.cells.map { Dictionary(uniqueKeysWithValues: zip(table.names, $0)) }
  }

  @Test func bothFormsGiveTheSame() throws {
    let folder = try Workspace()
    try folder.write(Self.long, to: "long.csv")
    try folder.write(Self.wide, to: "wide.csv")
    for method in AggregationMethod.allCases.map(\.rawValue) {
      _ = try run("aggregate long.csv --method \(method) -o a.csv", in: folder)
      _ = try run("aggregate wide.csv --annotators ann_* --method \(method) -o b.csv", in: folder)
      #expect(try folder.read("a.csv") == folder.read("b.csv"), "\(method)")
    }
  }

  @Test func countsAreCounted() throws {
    let folder = try Workspace()
    try folder.write(Self.long, to: "votes.csv")
    _ = try run("aggregate votes.csv --method counts --classes c,b,a -o counts.csv", in: folder)
    let text = String(decoding: try folder.read("counts.csv"), as: UTF8.self)
    #expect(
      text == """
        item,votes,n_c,n_b,n_a
        t1,3,0,1,2
        t2,3,0,3,0
        t3,3,1,0,2
        t4,2,2,0,0

        """)
  }

  /// The files hold what the JSON does, and posterior is prior times evidence.
  @Test func filesAndJSONAgree() throws {
    let folder = try Workspace()
    let data = try #require(SharedData.url("data/votes_sim.csv"))
    let call = "aggregate \(data.path) --restarts 2"
    let json = try JSONParser().parse(try run("\(call) --json", in: folder).text, source: "json")
    _ = try run("\(call) -o labels.csv --annotator-table annotators.csv", in: folder)
    let prior = try #require(json["class_prior"]?.doubleArray)
    let items = try #require(json["items"]?.arrayValue)
    let labels = try rows("labels.csv", folder)
    #expect(items.count == 400 && labels.count == 400)
    for (item, row) in zip(items, labels) {
      let p = ["p_a", "p_b", "p_c"].compactMap { row[$0].flatMap(Double.init) }
      let e = ["e_a", "e_b", "e_c"].compactMap { row[$0].flatMap(Double.init) }
      #expect(item["item"]?.stringValue == row["item"])
      #expect(item["labels"]?.doubleArray == p && item["evidence"]?.doubleArray == e)
      let joint = zip(prior, e).map { $0 * $1 }
      #expect(vectorDistance(joint.map { $0 / joint.reduce(0, +) }, p) < 1e-12)
    }
    let annotators = try #require(json["annotators"]?.arrayValue)
    let table = try rows("annotators.csv", folder)
    #expect(annotators.count == 6 && table.count == 54)
    let confusion = annotators.flatMap { annotator in
      (annotator["confusion"]?.arrayValue ?? []).flatMap { $0.doubleArray ?? [] }
    }
    #expect(confusion == table.compactMap { $0["probability"].flatMap(Double.init) })
    let reference = try ReferenceValue(shared: "reference/evidence_votes_sim.json")["dawid_skene"]
    let value = try #require(json["model"]?["log_likelihood"]?.doubleValue)
    #expect((value - reference["log_likelihood"].number).magnitude < 1e-8)
  }

  /// True classes: known ones enter the labels, others are compared with them.
  @Test func goldAndTruth() throws {
    let folder = try Workspace()
    let files = try ["rte.csv", "rte_gold.csv"].map {
      try #require(SharedData.url("data/\($0)")).path
    }
    let gold = try SharedTable("rte_gold.csv").cells
    let known = gold.prefix(200)
    try folder.write(
      "item,gold\n" + known.map { "\($0[0]),\($0[1])\n" }.joined(), to: "known.csv")
    let call = "aggregate \(files[0]) --restarts 0 --no-std-errors --json --truth \(files[1])"
    let plain = try JSONParser().parse(try run(call, in: folder).text, source: "plain")
    let clamped = try JSONParser().parse(
      try run("\(call) --gold known.csv --next 2", in: folder).text, source: "clamped")
    let accuracies = try [plain, clamped].map {
      try #require($0["truth"]?["accuracy"]?["value"]?.doubleValue)
    }
    #expect(accuracies[0] > 0.9 && accuracies[1] > accuracies[0])
    let names = Set(known.map { $0[0] })
    let items = try #require(clamped["items"]?.arrayValue).filter {
      names.contains($0["item"]?.stringValue ?? "")
    }
    #expect(items.count == 200)
    #expect(items.allSatisfy { $0["labels"]?.doubleArray?.contains(1) ?? false })
    #expect(clamped["next"]?.arrayValue?.count == 2)
  }

  @Test func threadsPrintTheSame() throws {
    let folder = try Workspace()
    let data = try #require(SharedData.url("data/dawid_skene_1979.csv"))
    let runs = try [1, 2].map { threads in
      try run("aggregate \(data.path) --restarts 5 -j \(threads) --json", in: folder).output
    }
    #expect(runs[0] == runs[1])
  }
}
