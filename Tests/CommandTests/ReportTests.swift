import Foundation
import Surprisal
import Testing

/// The content and the files of `report`.
@Suite struct ReportTests {
  private static let rows = (0..<48).map { row -> String in
    let share = Double(row * 29 % 31) / 40 + 0.1
    return "\(row % 7),\(row % 2 == 0 ? "u" : "v"),\(share),\((1 - share) / 2),\((1 - share) / 2)"
  }

  private func folder() throws -> Workspace {
    let folder = try Workspace()
    let lines = ["x,s,p_red,p_a<b,p_c&d"] + Self.rows
    try folder.write(lines.joined(separator: "\n") + "\n", to: "data.csv")
    try folder.write("old", to: "old.html")
    let outcome = try Tool.run(
      ["fit", "data.csv", "--probs", "p_*", "-o", "m.json", "--quiet"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return folder
  }

  private static let report = ["report", "m.json", "data.csv", "--probs", "p_*"]

  @Test func page() throws {
    let folder = try folder()
    let saved = try Tool.run(Self.report + ["-o", "r.html"], in: folder)
    #expect(saved.status == 0, "\(saved.errors)")
    #expect(saved.output.isEmpty && saved.errors.isEmpty)
    let printed = try Tool.run(Self.report + ["--threads", "1"], in: folder)
    #expect(try folder.read("r.html") == printed.output, "the same bytes, wherever they go")
    #expect(printed.text.hasPrefix("<!DOCTYPE html>\n<html"))
    #expect(printed.text.contains("a&lt;b") && !printed.text.contains("a<b"))
    #expect(printed.text.contains("<h1><bdi>Report on data.csv</bdi>"))
    #expect(!printed.text.contains(folder.url.path), "no path of the machine")
    for name in ["cross-entropy", "coefficients", "reliability", "confusion", "ternary", "fit"] {
      #expect(printed.text.contains("<section id=\"\(name)\">"), "\(name)")
    }
  }

  @Test func figuresAsFiles() throws {
    let folder = try folder()
    let outcome = try Tool.run(
      Self.report + ["-o", "r.html", "--svg", "out/figures"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.url("out/figures").path)
    let figures = [
      "coefficients", "confusion", "cross-entropy", "entropy-divergence", "reliability",
      "reliability-by-class", "ternary",
    ]
    #expect(names.sorted() == figures.flatMap { ["\($0).csv", "\($0).svg"] }.sorted())
    let evaluated = try Tool.run(
      ["evaluate", "m.json", "data.csv", "--probs", "p_*", "--json"], in: folder)
    let json = try JSONParser().parse(evaluated.text)
    let table = String(
      decoding: try folder.read("out/figures/cross-entropy.csv"), as: UTF8.self)
    let cells = table.split(separator: "\n")[1].split(separator: ",")
    #expect(Double(cells[3]) == json["cross_entropy"]?.doubleValue)
    #expect(Double(cells[2]) == json["kl_divergence"]?.doubleValue)
  }

  @Test("a model and its predictions give the same numbers") func predictions() throws {
    let folder = try folder()
    let predicted = try Tool.run(["predict", "m.json", "data.csv", "-o", "p.csv"], in: folder)
    #expect(predicted.status == 0)
    let own = try Tool.run(Self.report + ["--json"], in: folder)
    let foreign = try Tool.run(
      ["report", "data.csv", "--probs", "p_*", "--predictions", "p.csv", "--json"], in: folder)
    #expect(foreign.status == 0, "\(foreign.errors)")
    let (first, second) = (
      try JSONParser().parse(own.text), try JSONParser().parse(foreign.text)
    )
    #expect(first["source"]?.stringValue == "m.json")
    #expect(second["source"]?.stringValue == "p.csv")
    let names = second["figures"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
    #expect(names.contains("reliability") && !names.contains("coefficients"))
    let (left, right) = (first["kl_divergence"]?.doubleValue, second["kl_divergence"]?.doubleValue)
    #expect(((left ?? 0) - (right ?? 1)).magnitude < 1e-12)
  }

  @Test("a cross-validation path as printed by cv") func strengthPath() throws {
    let folder = try folder()
    let line =
      "\"$TOOL\" cv data.csv --probs 'p_*' --folds 3 --l2 0,1e-3,1e-1 --json --quiet > cv.json"
    #expect(try Tool.shell(line, in: folder).status == 0)
    let outcome = try Tool.run(Self.report + ["--path", "cv.json", "--json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let figures = try JSONParser().parse(outcome.text)["figures"]?.arrayValue ?? []
    let figure = try #require(figures.first { $0["name"]?.stringValue == "strength-path" })
    let rows = figure["table"]?["rows"]?.arrayValue ?? []
    #expect(rows.map { $0.arrayValue?.first?.doubleValue } == [0.1, 1e-3, 0])
    let path = try JSONParser().parse(String(decoding: try folder.read("cv.json"), as: UTF8.self))
    for (row, entry) in zip(rows, path["path"]?.arrayValue ?? []) {
      #expect(row.arrayValue?[1].doubleValue == entry["loss"]?.doubleValue)
      #expect(row.arrayValue?[2].doubleValue == entry["loss_std_error"]?.doubleValue)
    }
    #expect(rows.contains { $0.arrayValue?[3].stringValue?.contains("minimum") == true })
  }

  @Test("a network has a learning curve") func learningCurve() throws {
    let folder = try folder()
    let fit = try Tool.run(
      [
        "fit", "data.csv", "--probs", "p_*", "--model", "mlp", "--hidden", "4", "--epochs", "5",
        "--validation", "0.25", "--quiet", "-o", "n.bin",
      ], in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    let outcome = try Tool.run(
      ["report", "n.bin", "data.csv", "--probs", "p_*", "--json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let figures = try JSONParser().parse(outcome.text)["figures"]?.arrayValue ?? []
    let names = figures.compactMap { $0["name"]?.stringValue }
    #expect(!names.contains("coefficients"))
    let curve = try #require(figures.first { $0["name"]?.stringValue == "learning-curve" })
    #expect(curve["table"]?["columns"]?.stringArray == ["epoch", "training", "validation"])
    let rows = curve["table"]?["rows"]?.arrayValue ?? []
    #expect(rows.compactMap { $0.arrayValue?.first?.integerValue } == [1, 2, 3, 4, 5])
    // The model keeps the best pass, or its start if no pass is better.
    let summary = try Tool.run(["summary", "n.bin", "--json"], in: folder)
    let json = try JSONParser().parse(summary.text)
    let held = json["validation"]?["cross_entropy"]?.doubleValue
    let kept = rows.compactMap { $0.arrayValue?[2].doubleValue }
    let least = try #require(kept.min())
    #expect(try #require(held) <= least + 1e-12, "\(kept), \(summary.text)")
  }

  @Test(
    "faults",
    arguments: [
      (["report", "m.json", "--probs", "p_*"], 64, "usage"),
      (report + ["--path", "m.json"], 65, "cv.path"),
      (report + ["--path", "data.csv"], 65, "json.syntax"),
      (report + ["--path", "none.json"], 66, "io.open"),
      (report + ["-o", "nowhere/r.html"], 73, "io.create"),
      (report + ["-o", "data.csv"], 64, "usage"),
      (report + ["--svg", "data.csv"], 73, "io.create"),
      (report + ["-o", "old.html", "--no-clobber"], 73, "io.create"),
      (["report", "m.json", "data.csv", "--target", "x"], 65, "label.unknown"),
    ])
  func faults(arguments: [String], status: Int32, code: String) throws {
    let folder = try folder()
    let before = folder.names
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.errors.contains("error[\(code)]"), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(folder.names == before)
  }
}
