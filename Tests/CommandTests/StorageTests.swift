import Foundation
import Testing

/// Formats by name and by flag, single precision, limits of memory.
@Suite struct StorageTests {
  private func folder() throws -> Workspace {
    let folder = try Workspace()
    let sparse = (0..<60).map { "\($0 % 3) 1:\($0 % 7) 2:\(Double($0) / 9) 4:\($0 % 2)\n" }.joined()
    let weights = "w,site\n" + (0..<60).map { "\(1 + $0 % 4),s\($0 % 5)\n" }.joined()
    let table =
      "f1,f2,f3,f4,class\n"
      + (0..<60).map { "\($0 % 7),\(Double($0) / 9),0,\($0 % 2),\($0 % 3)\n" }.joined()
    try folder.write(sparse, to: "data.libsvm")
    try folder.write(weights, to: "weights.csv")
    try folder.write(table, to: "data.csv")
    return folder
  }

  private func json(_ outcome: Tool.Outcome) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any],
      "\(outcome.errors)")
  }

  @Test("a format by flag: a sparse file on the standard input") func standardInput() throws {
    let folder = try folder()
    let named = try Tool.run(
      ["fit", "data.libsvm", "--l2", "0.1", "--json", "--quiet"], in: folder)
    let piped = try Tool.run(
      ["fit", "-", "--format", "libsvm", "--l2", "0.1", "--json", "--quiet"], in: folder,
      input: try folder.read("data.libsvm"))
    #expect(named.status == 0 && piped.status == 0, "\(piped.errors)")
    #expect(named.output == piped.output)
  }

  @Test("weights and clusters of sparse features are in the label file") func weights() throws {
    let folder = try folder()
    let classes = (0..<60).map { "\($0 % 3)" }
    let labels = zip(
      String(decoding: try folder.read("weights.csv"), as: UTF8.self)
        .split(separator: "\n").dropFirst(), classes
    ).map { "\($0),\($1)\n" }.joined()
    try folder.write("w,site,class\n" + labels, to: "labels.csv")
    let table = String(decoding: try folder.read("data.csv"), as: UTF8.self)
      .split(separator: "\n")
    let rows = String(decoding: try folder.read("weights.csv"), as: UTF8.self)
      .split(separator: "\n")
    try folder.write(
      zip(table, rows).map { "\($0),\($1)\n" }.joined(), to: "joined.csv")
    let flags = [
      "--target", "class", "--weight", "w", "--std-errors", "cluster:site", "--l2", "0.1",
      "--json", "--quiet",
    ]
    let sparse = try Tool.run(
      ["fit", "data.libsvm", "--labels", "labels.csv"] + flags, in: folder)
    let dense = try Tool.run(["fit", "joined.csv"] + flags, in: folder)
    #expect(sparse.status == 0 && dense.status == 0, "\(sparse.errors) \(dense.errors)")
    let (left, right) = (try json(sparse), try json(dense))
    for key in ["total_weight", "objective", "cross_entropy"] {
      let (a, b) = (left[key] as? Double ?? 0, right[key] as? Double ?? 1)
      #expect((a - b).magnitude <= 1e-9 * b.magnitude, "\(key): \(a), \(b)")
    }
    let missing = try Tool.run(
      ["fit", "data.libsvm", "--labels", "labels.csv", "--target", "class", "--weight", "v"],
      in: folder)
    #expect(missing.status == 65 && missing.errors.contains("--weight"), "\(missing.errors)")
  }

  @Test("single precision is reported in the summary and in JSON") func single() throws {
    let folder = try folder()
    let fit = ["fit", "data.csv", "--target", "class", "--l2", "0.1"]
    let full = try json(Tool.run(fit + ["--json"], in: folder))
    let half = try json(Tool.run(fit + ["--json", "--float32"], in: folder))
    #expect(full["feature_storage"] as? String == "float64")
    #expect(half["feature_storage"] as? String == "float32")
    let (a, b) = (full["objective"] as? Double ?? 0, half["objective"] as? Double ?? 1)
    #expect(a != b && (a - b).magnitude < 1e-6)
    let text = try Tool.run(fit + ["--float32"], in: folder).text
    #expect(text.contains("stored in single precision (--float32)"))
    let sparse = try Tool.run(["fit", "data.libsvm", "--float32"], in: folder)
    #expect(sparse.status == 64 && sparse.errors.contains("--float32"), "\(sparse.errors)")
  }

  @Test("the memory limit is checked before allocation") func memory() throws {
    let folder = try folder()
    for file in ["data.csv", "data.libsvm"] {
      let outcome = try Tool.run(
        ["fit", file, "--target", "class", "--max-memory", "1k", "-o", "m.json"]
          .filter { file == "data.csv" || ($0 != "--target" && $0 != "class") }, in: folder)
      #expect(outcome.status == 71, "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("error[limit.memory]: "), "\(outcome.errors)")
      #expect(!folder.names.contains("m.json"))
    }
    let small = try Tool.run(
      [
        "fit", "data.csv", "--target", "class", "--l2", "0.1", "--max-memory", "8k",
        "--std-errors", "information",
      ], in: folder)
    #expect(small.status == 71 && small.errors.contains("--std-errors none"), "\(small.errors)")
    let folds = try Tool.run(
      [
        "cv", "data.csv", "--target", "class", "--folds", "3", "--max-memory", "8k", "-j", "2",
      ], in: folder)
    #expect(folds.status == 71 && folds.errors.contains("with -j 1 it needs"), "\(folds.errors)")
    try folder.write(
      "name,set,class\n" + (0..<60).map { "n\($0),s\($0)|s0,\($0 % 3)\n" }.joined(), to: "wide.csv")
    for (flags, purpose) in [
      (
        ["--target", "class", "--ignore", "set", "--text", "name"], "the design matrix of wide.csv"
      ),
      (["--candidates", "set", "--ignore", "name,class"], "the candidate sets of wide.csv"),
    ] {
      let wide = try Tool.run(["fit", "wide.csv", "--max-memory", "10k"] + flags, in: folder)
      #expect(wide.status == 71 && wide.errors.contains(purpose), "\(wide.errors)")
    }
    let bare = try Tool.run(
      [
        "fit", "wide.csv", "--target", "class", "--ignore", "set", "--text", "name", "--l2", "0.1",
        "--solver",
        "newton-cg", "--max-memory", "200k",
      ], in: folder)
    let omission = "the covariance of 180 parameters needs about 777.6 kB of memory"
    #expect(bare.status == 0 && bare.errors.contains("no standard errors: \(omission)"))
    #expect(bare.text.contains("standard errors: none, \(omission)"), "\(bare.text)")
    let sets = try Tool.run(
      ["fit", "wide.csv", "--candidates", "set", "--ignore", "name", "--max-classes", "59"],
      in: folder)
    #expect(sets.status == 65 && sets.errors.contains("60 different values"), "\(sets.errors)")
    let wrong = try Tool.run(["fit", "data.csv", "--max-memory", "much"], in: folder)
    #expect(wrong.status == 64)
  }

  @Test("the same bytes for any number of threads") func threads() throws {
    let folder = try folder()
    for file in ["data.csv", "data.libsvm"] {
      let outputs = try ["1", "2"].map { threads in
        try Tool.run(
          ["fit", file, "--l2", "0.1", "--json", "--quiet", "-j", threads]
            + (file == "data.csv" ? ["--target", "class"] : []), in: folder
        ).output
      }
      #expect(outputs[0] == outputs[1] && !outputs[0].isEmpty)
    }
  }

  /// Predictions that do not fit in memory are computed block by block, with the same output.
  @Test(
    "many classes under little memory",
    arguments: [
      "evaluate model.json wide.csv --target class --per-class",
      "evaluate model.json wide.csv --target class --classes CLASSES --json",
      "evaluate calibrated.json wide.csv --target class --json",
      "compare model.json other.json wide.csv --target class --bootstrap 0",
      "report model.json wide.csv --target class",
      "report calibrated.json wide.csv --target class",
      "explain model.json wide.csv --target class",
      "cv wide.csv --target class --l2 0.1 --folds 3 --max-iterations 2 -j 1",
    ])
  func manyClasses(_ command: String) throws {
    let folder = try wide.get()
    let classes = (0..<60).reversed().map { "k\($0)" }.joined(separator: ",")
    let words = command.replacing("CLASSES", with: classes).split(separator: " ").map(String.init)
    let free = try Tool.run(words, in: folder)
    #expect(free.status == 0, "\(free.errors)")
    // A matrix of the predictions takes 5.8 MB, two of them exist at one time, and the scores of
    // the rows take 6.7 MB.
    let limit = command.hasPrefix("cv") ? "44M" : "13M"
    let outcome = try Tool.run(words + ["--max-memory", limit], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == free.output)
    let least = try Tool.run(words + ["--max-memory", "100K"], in: folder)
    #expect(least.status == 71, "\(least.status)")
  }
}

/// 12 000 rows of 60 classes, two models and a calibrated one.
private let wide = Result {
  let folder = try Workspace()
  let rows = (0..<12_000).map { row in
    let mark = row * 7919 % 60
    return "\(mark % 8),\(row * 31 % 17),k\(row % 5 == 0 ? row * 13 % 60 : mark)\n"
  }
  try folder.write("x1,x2,class\n" + rows.joined(), to: "wide.csv")
  for line in [
    "fit wide.csv --target class --l2 0.1 --tolerance 1e-2 -o model.json",
    "fit wide.csv --target class --l2 1 --tolerance 1e-2 -o other.json",
    "calibrate model.json wide.csv --target class --method vector -o calibrated.json",
  ] {
    let outcome = try Tool.run(
      (line + " --quiet").split(separator: " ").map(String.init), in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
  }
  return folder
}
