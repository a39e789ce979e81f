import Foundation
import Testing

@testable import SurprisalCommand

/// `surprisal calibrate`, and the results of the other commands for a calibrated model.
@Suite struct CalibrateTests {
  /// A model of few rows, and held-out rows.
  private static let prepared: (train: String, heldOut: String) = {
    func file(_ count: Int, _ first: Int) -> String {
      let lines = (0..<count).map { (index: Int) -> String in
        let row = index + first
        let (x, y) = (Double(row * 37 % 101) / 25 - 2, Double(row * 53 % 97) / 24 - 2)
        let noise = Double(row * 71 % 89) / 89
        let a = 1 / (1 + exp(-x)) * 0.8 + 0.15 * noise
        let b = (1 - a) * (1 / (1 + exp(-y)) * 0.6 + 0.3 * noise)
        let name = a > 0.55 + 0.3 * (noise - 0.5) ? "a" : y > noise ? "b" : "c"
        return "\(x),\(y),\(a),\(b),\(1 - a - b),\(name)"
      }
      return (["x,y,p_a,p_b,p_c,class"] + lines).joined(separator: "\n") + "\n"
    }
    return (file(30, 0), file(150, 1000))
  }()

  private func fitted() throws -> Workspace {
    let folder = try Workspace()
    try folder.write(Self.prepared.train, to: "train.csv")
    try folder.write(Self.prepared.heldOut, to: "held.csv")
    let outcome = try run("fit train.csv --probs p_* --ignore class -o m.json", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return folder
  }

  private func run(_ line: String, in folder: Workspace) throws -> Tool.Outcome {
    try Tool.run(line.split(separator: " ").map(String.init), in: folder)
  }

  private func json(_ outcome: Tool.Outcome) throws -> [String: Any] {
    #expect(outcome.status == 0, "\(outcome.errors)")
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output))
    return try #require(value as? [String: Any])
  }

  @Test(arguments: ["temperature", "vector", "matrix", "dirichlet", "isotonic"])
  func theModelFilePredictsWhatWasFitted(_ method: String) throws {
    let folder = try fitted()
    let found = try json(
      run("calibrate m.json held.csv --probs p_* --method \(method) -o c.json --json", in: folder))
    #expect(found["method"] as? String == method)
    let after = try #require(found["after"] as? [String: Any])
    let before = try #require(found["before"] as? [String: Any])
    for (model, expected) in [("c.json", after), ("m.json", before)] {
      let scores = try json(run("evaluate \(model) held.csv --probs p_* --json", in: folder))
      for key in ["cross_entropy", "label_entropy", "kl_divergence", "ece", "accuracy"] {
        #expect(scores[key] as? Double == expected[key] as? Double, "\(model) \(key)")
      }
    }
    let summary = try json(run("summary c.json --json", in: folder))
    let kept = try #require(summary["calibration"] as? [String: Any])
    #expect(NSDictionary(dictionary: kept) == NSDictionary(dictionary: found))
    let text = try run("summary c.json", in: folder).text
    #expect(text.contains("calibrated  "))
    #expect(text.contains("fitted to 150 rows"))
    let listing = try run("inspect c.json", in: folder)
    #expect(listing.status == 0 && listing.text.contains("calibration.map"))
  }

  @Test func temperatureKeepsThePredictedClass() throws {
    let folder = try fitted()
    _ = try run("calibrate m.json held.csv --probs p_* -o c.json", in: folder)
    func classes(_ model: String) throws -> [Substring] {
      try run("predict \(model) held.csv", in: folder).text.split(separator: "\n")
        .map { $0.prefix { $0 != "," } }
    }
    #expect(try classes("m.json") == classes("c.json"))
    let logits = try run("predict c.json held.csv --type logits", in: folder)
    #expect(logits.status == 0 && logits.text.hasPrefix("predicted,z_a,z_b,z_c\n"))
  }

  @Test(arguments: ["temperature", "vector", "matrix", "isotonic"])
  func predictionsOfOthersGiveTheSame(_ method: String) throws {
    let folder = try fitted()
    let own = try run(
      "calibrate m.json held.csv --target class --method \(method) -o c.json --json", in: folder)
    #expect(own.status == 0, "\(own.errors)")
    _ = try run("predict m.json held.csv -o p.csv", in: folder)
    let line = "calibrate held.csv --target class --predictions p.csv --method \(method)"
    let other = try json(run(line + " -o q.csv --json", in: folder))
    let first = try #require(try json(own)["after"] as? [String: Double])
    let second = try #require(other["after"] as? [String: Double])
    for (key, value) in first {
      #expect(((second[key] ?? .nan) - value).magnitude < 1e-9, "\(key)")
    }
    let scores = try json(
      run("evaluate held.csv --target class --predictions q.csv --json", in: folder))
    let entropy = try #require(scores["cross_entropy"] as? Double)
    #expect((entropy - (second["cross_entropy"] ?? .nan)).magnitude < 1e-12)
    let printed = try run(line + " -o -", in: folder)
    #expect(printed.output == (try folder.read("q.csv")))
  }

  @Test func whatIsAboutTheFitIsNotSaidOfACalibratedModel() throws {
    let folder = try fitted()
    _ = try run("calibrate m.json held.csv --probs p_* -o c.json", in: folder)
    let scores = try run("evaluate c.json held.csv --probs p_*", in: folder)
    #expect(scores.text.contains("calibrated: temperature scaling, fitted to 150 rows"))
    for line in ["predict c.json held.csv --interval", "summary c.json --effects held.csv"] {
      let outcome = try run(line, in: folder)
      #expect(outcome.status == 64 && outcome.errors.contains("calibrated"), "\(outcome.errors)")
    }
  }

  @Test func trainingRowsAreNoticed() throws {
    let folder = try fitted()
    let line = "calibrate m.json train.csv --probs p_*"
    let outcome = try run(line, in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.text.contains("warning[calibrate.training]"))
    #expect(try run(line + " --strict", in: folder).status == 3)
    #expect(
      !(try run("calibrate m.json held.csv --probs p_*", in: folder)).text.contains("warning"))
  }

  @Test func aCalibrationIsReplaced() throws {
    let folder = try fitted()
    let line = "held.csv --probs p_* --method vector"
    let first = try run("calibrate m.json \(line) -o c.json --json", in: folder)
    let second = try run("calibrate c.json \(line) -o d.json --json", in: folder)
    #expect(second.errors.contains("replaced"))
    #expect(first.output == second.output)
    #expect(try folder.read("c.json") == folder.read("d.json"))
  }

  @Test func theSameBytesForAnyNumberOfThreads() throws {
    let folder = try fitted()
    for threads in 1...3 {
      let line =
        "calibrate m.json held.csv --probs p_* --method matrix -j \(threads) -o \(threads).json"
      #expect(try run(line, in: folder).status == 0)
    }
    #expect(try folder.read("1.json") == folder.read("2.json"))
    #expect(try folder.read("1.json") == folder.read("3.json"))
  }

  static let faults: [(line: String, status: Int32, says: String)] = [
    ("m.json --probs p_*", 64, "data file"),
    ("m.json held.csv", 64, "no label columns"),
    ("m.json held.csv --probs p_* --method magic", 64, "magic"),
    ("m.json held.csv --probs p_* --method isotonic --l2 1", 64, "isotonic"),
    ("m.json held.csv --probs p_* --l2=-1", 64, "--l2"),
    ("m.json held.csv --probs p_a,p_b", 65, "error["),
    ("m.json two.csv --probs p_* --method matrix", 65, "error[calibrate.rows]"),
    ("m.json missing.csv --probs p_*", 66, "missing.csv"),
    (
      "two.csv --probs p_* --predictions zero.csv", 65,
      "error[calibrate.zero]: row 2 (zero.csv, line 3)"
    ),
    (
      "gap.csv --probs p_* --predictions none.csv --on-bad-row skip", 65,
      "error[calibrate.zero]: row 3 (none.csv, line 5)"
    ),
    (
      "keyed.csv --target class --predictions keys.csv --key k", 65,
      "error[calibrate.zero]: row 1 (keys.csv, line 2)"
    ),
    ("two.csv --probs p_* --predictions even.csv", 65, "error[calibrate.uniform]"),
    ("two.csv --target class --predictions right.csv", 65, "error[calibrate.separated]"),
    ("wrong.csv --target class --predictions odd.csv", 65, "error[calibrate.reversed]"),
    ("held.csv --probs p_* --predictions even.csv", 65, "rows"),
  ]

  @Test(arguments: faults.indices) func refusesSensibly(_ index: Int) throws {
    let fault = Self.faults[index]
    let folder = try fitted()
    try folder.write("x,y,p_a,p_b,p_c,class\n1,2,.5,.3,.2,a\n2,1,.2,.5,.3,b\n", to: "two.csv")
    try folder.write("p_a,p_b,p_c\n.5,.3,.2\n.5,.5,0\n", to: "zero.csv")
    try folder.write("p_a,p_b\n.5,.5\n,\n.2,.8\n", to: "gap.csv")
    try folder.write("p_a,p_b\n\n.5,.5\n.4,.6\n1,0\n", to: "none.csv")
    try folder.write("k,class\nu,a\nv,b\nw,a\n", to: "keyed.csv")
    try folder.write("k,p_a,p_b\nw,0,1\nu,.5,.5\nv,.4,.6\n", to: "keys.csv")
    try folder.write(
      "p_a,p_b,p_c\n.3333333,.3333333,.3333333\n.3333333,.3333333,.3333333\n", to: "even.csv")
    try folder.write("p_a,p_b,p_c\n.6,.3,.1\n.2,.5,.3\n", to: "right.csv")
    try folder.write("class\na\nb\na\n", to: "wrong.csv")
    try folder.write("p_a,p_b\n.3,.7\n.8,.2\n.6,.4\n", to: "odd.csv")
    let before = folder.names
    let outcome = try run("calibrate \(fault.line) -o out.json", in: folder)
    #expect(outcome.status == fault.status, "\(outcome.errors)")
    #expect(outcome.errors.contains(fault.says), "\(outcome.errors)")
    #expect(folder.names == before, "a refused command leaves no file")
  }

  @Test func outputsAreNotInputs() throws {
    let folder = try fitted()
    let model = try folder.read("m.json")
    let outcome = try run("calibrate m.json held.csv --probs p_* -o held.csv", in: folder)
    #expect(outcome.status != 0)
    #expect(try folder.read("held.csv") == Array(Self.prepared.heldOut.utf8))
    #expect(try folder.read("m.json") == model)
  }
}
