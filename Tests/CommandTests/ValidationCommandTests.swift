import Foundation
import Surprisal
import TestSupport
import Testing

/// `cv`, `compare` and `evaluate` from the shell.
@Suite struct ValidationCommandTests {
  /// Soft labels of three classes, a column of groups, another of weights.
  private static let soft: String = {
    var text = "x,y,g,w,p_a,p_b,p_c\n"
    for row in 0..<36 {
      let (x, y) = (Double(row * 37 % 41) / 8, Double(row * 17 % 23) / 5)
      let shares = Softmax.probabilities([0.4 * x, 0.7 * y - 0.5, Double(row % 4) / 3])
      text += "\(x),\(y),u\(row / 4),\(1 + row % 3),\(shares[0]),\(shares[1]),\(shares[2])\n"
    }
    return text
  }()

  private func folder() throws -> Workspace {
    let folder = try Workspace()
    try folder.write(Self.soft, to: "data.csv")
    return folder
  }

  private func json(_ arguments: String, in folder: Workspace) throws -> JSONValue {
    let outcome = try Tool.run(
      arguments.split(separator: " ").map(String.init) + ["--json", "--quiet"], in: folder)
    #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
    return try JSONParser().parse(outcome.text)
  }

  private static let cv =
    "cv data.csv --probs p_* --ignore g,w --l2 1e-3:1:4 --folds 4 --standardize"

  @Test(arguments: ["", " --nested --repeats 2", " --group g", " --weight w"])
  func theSameBytesForAnyNumberOfThreads(flags: String) throws {
    let folder = try folder()
    var outputs: [[UInt8]] = []
    for threads in [1, 2, 5] {
      // Columns used as groups or weights are not features and need not be ignored; unused ones
      // must be.
      let line = (Self.cv + flags).replacing(
        " --ignore g,w", with: flags.contains("--weight") ? " --ignore g" : " --ignore g,w")
      let arguments =
        line.replacing(
          " --ignore g,w", with: flags.contains("--group") ? " --ignore w" : " --ignore g,w")
        + " --quiet --predictions-out p\(threads).csv -j \(threads)"
      let outcome = try Tool.run(
        arguments.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      outputs.append(outcome.output + (try folder.read("p\(threads).csv")))
    }
    #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2])
  }

  /// The file of held-out predictions, scored by `evaluate`, gives the scores of `cv`.
  @Test(arguments: [
    ("", "minimum"), (" --choose 1se", "one_standard_error"), (" --nested", "nested"),
  ])
  func heldOutPredictionsCanBeScored(flags: String, key: String) throws {
    let folder = try folder()
    let found = try json(Self.cv + flags + " --metrics ldl --predictions-out oof.csv", in: folder)
    let scored = try json(
      "evaluate data.csv --probs p_* --predictions oof.csv --metrics ldl", in: folder)
    for name in ["kl_divergence", "brier", "accuracy", "clark", "cosine"] {
      let (a, b) = (found[key]?[name]?.doubleValue, scored[name]?.doubleValue)
      #expect((try #require(a) - (try #require(b))).magnitude < 1e-12, "\(name)")
    }
    let header = String(decoding: try folder.read("oof.csv"), as: UTF8.self)
      .split(separator: "\n").first
    #expect(header == "row,fold,predicted,p_a,p_b,p_c")
  }

  @Test func groupsStayTogether() throws {
    let folder = try folder()
    let line = "cv data.csv --probs p_* --ignore w --group g --l2 0.1 --folds 3"
    let found = try json(line + " --predictions-out oof.csv", in: folder)
    #expect(found["dealing"]?.stringValue == "groups")
    #expect(found["features"]?.integerValue == 2, "the groups are no feature")
    let folds = String(decoding: try folder.read("oof.csv"), as: UTF8.self)
      .split(separator: "\n").dropFirst().map { $0.split(separator: ",")[1] }
    for group in 0..<9 { #expect(Set(folds[group * 4..<group * 4 + 4]).count == 1) }
  }

  /// The model of --refit equals that of fit at the same strength, except for the note.
  @Test func refitIsAFitAtTheChosenStrength() throws {
    let folder = try folder()
    let found = try json(Self.cv + " --refit min -o m.json", in: folder)
    let strength = try #require(found["minimum"]?["l2"]?.doubleValue)
    #expect(
      found["refit"]?["l2"]?.doubleValue.map { ($0 / strength - 1).magnitude < 1e-14 } == true)
    _ = try json(
      "fit data.csv --probs p_* --ignore g,w --standardize --l2 \(strength) -o f.json", in: folder)
    let predictions = try ["m.json", "f.json"].map {
      try Tool.run(["predict", $0, "data.csv"], in: folder).output
    }
    #expect(!predictions[0].isEmpty && predictions[0] == predictions[1])
    let summary = try json("summary m.json", in: folder)
    #expect(
      summary["warnings"]?.arrayValue?.contains { $0["code"]?.stringValue == "cv.selected" } == true
    )
  }

  @Test func everyKindOfLabelAndLibsvm() throws {
    let folder = try Workspace()
    var (counts, target, sets, sparse) = ("x,n_a,n_b\n", "x,class\n", "x,c\n", "")
    for row in 0..<24 {
      let x = Double(row * 7 % 11) / 4
      counts += "\(x),\(row % 5),\(1 + row % 3)\n"
      target += "\(x),\(row % 3 == 0 ? "a" : "b")\n"
      sets += "\(x),\(row % 3 == 0 ? "a|b" : row % 3 == 1 ? "b" : "a")\n"
      sparse += "\(row % 3 == 0 ? 1 : 2) 1:\(x) \(3 + row % 2):1\n"
    }
    try folder.write(counts, to: "counts.csv")
    try folder.write(target, to: "target.csv")
    try folder.write(sets, to: "sets.csv")
    try folder.write(sparse, to: "data.svm")
    let end = " --l2 0.01,1 --folds 3"
    for (line, likelihood) in [
      ("cv counts.csv --counts n_*", "multinomial"),
      ("cv counts.csv --counts n_* --likelihood dirichlet-multinomial", "dirichlet-multinomial"),
      ("cv target.csv --target class", "categorical"),
      ("cv sets.csv --candidates c", "candidate-set"),
      ("cv data.svm", "categorical"),
      ("cv target.csv --target class --likelihood noisy-label --restarts 0", "noisy-label"),
    ] {
      let found = try json(line + end, in: folder)
      #expect(found["likelihood"]?.stringValue == likelihood)
      let path = found["path"]?.arrayValue ?? []
      #expect(path.count == 2 && path.allSatisfy { $0["loss"]?.doubleValue != nil }, "\(line)")
    }
  }

  @Test func comparisonTellsWhatCanBeTold() throws {
    let folder = try folder()
    for (name, flags) in [("a", "--l2 1e-3"), ("b", "--l2 10"), ("c", "--l2 0.0011")] {
      _ = try json("fit data.csv --probs p_* --ignore g,w \(flags) -o \(name).json", in: folder)
    }
    let outcome = try Tool.run(["predict", "b.json", "data.csv", "-o", "b.csv"], in: folder)
    #expect(outcome.status == 0)
    let found = try json(
      "compare a.json c.json data.csv --probs p_* --predictions b.csv --names ours,near,far "
        + "--bootstrap 200", in: folder)
    #expect(found["reference"]?.stringValue == "ours")
    let rows = found["predictions"]?.arrayValue ?? []
    #expect(rows.map { $0["name"]?.stringValue } == ["ours", "near", "far", "null"])
    #expect(rows[0]["difference"]?.isNull == true)
    let verdicts = rows.map { $0["difference"]?["cross_entropy"]?["verdict"]?.stringValue }
    #expect(verdicts[2] == "worse" && verdicts[3] == "worse")
    // A model and the file of its predictions give identical results.
    let alone = try json("evaluate b.json data.csv --probs p_*", in: folder)
    let (a, b) = (alone["kl_divergence"]?.doubleValue, rows[2]["kl_divergence"]?.doubleValue)
    #expect((try #require(a) - (try #require(b))).magnitude < 1e-14)
    let again = try json(
      "compare a.json c.json data.csv --probs p_* --predictions b.csv --names ours,near,far "
        + "--bootstrap 200 -j 2", in: folder)
    #expect(again == found)
    #expect(found["criteria"]?["fits"]?.arrayValue?.count == 2)
  }

  @Test func evaluationsByClustersAndConditions() throws {
    let folder = try folder()
    _ = try json("fit data.csv --probs p_* --ignore g,w --l2 0.1 -o m.json", in: folder)
    let found = try json("evaluate m.json data.csv --probs p_* --cluster g", in: folder)
    #expect(found["standard_errors"]?["units"]?.integerValue == 9)
    #expect(found["standard_errors"]?["cluster"]?.stringValue == "g")
    for (condition, status) in [
      ("ece>2", Int32(0)), ("classwise_ece<2", 3), ("explained_share<2", 3), ("infinite_rows>0", 0),
    ] {
      let outcome = try Tool.run(
        ["evaluate", "m.json", "data.csv", "--probs", "p_*", "--fail-if", condition], in: folder)
      #expect(outcome.status == status, "\(condition): \(outcome.errors)")
    }
  }

  @Test func plotsComeOnRequestAndWithoutColoursInAPipe() throws {
    let folder = try folder()
    _ = try json("fit data.csv --probs p_* --ignore g,w --l2 0.1 -o m.json", in: folder)
    let line = ["evaluate", "m.json", "data.csv", "--probs", "p_*"]
    let plain = try Tool.run(line, in: folder).text
    let plot = try Tool.run(line + ["--plot"], in: folder).text
    let colored = try Tool.run(line + ["--plot", "--color", "always"], in: folder).text
    #expect(!plain.contains("┤") && plot.contains("┤"))
    #expect(!plot.contains("\u{1B}") && colored.contains("\u{1B}["))
  }
}
