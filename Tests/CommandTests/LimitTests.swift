import Foundation
import Testing

/// Numbers beyond the range of doubles, and data beyond the available memory.
@Suite struct LimitTests {
  /// Each command that predicts, with the model m.json and the data data.csv.
  static let predicting = [
    "predict m.json data.csv -o out", "predict m.json data.csv --type logits -o out",
    "predict m.json data.csv --json -o out", "evaluate m.json data.csv --target class",
    "explain m.json data.csv --target class", "explain m.json data.csv --target class --row 2",
    "report m.json data.csv --target class -o out",
    "compare m.json m.json data.csv --target class --names a,b",
    "calibrate m.json data.csv --target class -o out",
  ]

  @Test("a prediction beyond the range of doubles names its row", arguments: predicting)
  func range(_ command: String) throws {
    let folder = try Workspace()
    try folder.write("x,class\n0.001,a\n0.002,b\n0.003,a\n0.004,b\n", to: "train.csv")
    let fit = try Tool.shell(
      "\"$TOOL\" fit train.csv --target class --l2 1e-9 -o m.json", in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    try folder.write("x,class\n0.001,a\n1e308,b\n0.002,a\n-1e308,a\n", to: "data.csv")
    let outcome = try Tool.shell("\"$TOOL\" \(command)", in: folder)
    #expect(outcome.status == 65, "\(outcome.errors)")
    #expect(outcome.errors.contains("error[number.range]: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("line 3"), "\(outcome.errors)")
    #expect(!folder.names.contains("out"))
  }

  @Test("the memory of predictions is checked before they are made") func predictions() throws {
    let folder = try Workspace()
    let rows = (0..<3000).map { "\($0 % 7),k\($0 % 60)\n" }.joined()
    try folder.write("x,class\n" + rows, to: "data.csv")
    let fit = try Tool.shell(
      "\"$TOOL\" fit data.csv --target class --l2 1 --std-errors none -o m.json", in: folder)
    #expect(fit.status == 0, "\(fit.errors)")
    // explain computes its predictions block by block.
    for command in Self.predicting where !command.hasPrefix("explain") {
      let line = "\"$TOOL\" \(command)"
      let outcome = try Tool.shell(line + " --max-memory 600k", in: folder)
      #expect(outcome.status == 71, "\(command): \(outcome.errors)")
      #expect(outcome.errors.contains("rows of 60 classes needs about"), "\(outcome.errors)")
      #expect(!folder.names.contains("out"))
    }
  }

  @Test("predict counts the memory it uses, not the bytes it has read") func streamed() throws {
    let folder = try Workspace()
    try folder.write(GoldenModel.text, to: "m.json")
    let rows = (0..<60_000).map { "\($0 % 9),some words of a column\n" }.joined()
    try folder.write("x,text\n" + rows, to: "data.csv")
    let outcome = try Tool.shell(
      "\"$TOOL\" predict m.json data.csv --max-memory 1M -o out", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.read("out").count { $0 == UInt8(ascii: "\n") } == 60_001)
  }

  @Test("a name that no model file can hold is refused before the fit") func name() throws {
    let folder = try Workspace()
    let long = String(repeating: "u", count: 5000)
    try folder.write("x,class\n1,a\n2,\(long)\n3,a\n4,\(long)\n", to: "data.csv")
    for command in ["fit", "cv --folds 2 --l2 1 --refit min"] {
      let outcome = try Tool.shell(
        "\"$TOOL\" \(command) data.csv --target class -o out", in: folder)
      #expect(outcome.status == 65, "\(command): \(outcome.errors)")
      #expect(outcome.errors.hasPrefix("error[model.limit]: "), "\(outcome.errors)")
    }
    let table = try Tool.shell(
      "\"$TOOL\" fit data.csv --target class --l2 1 --max-memory 1k", in: folder)
    #expect(table.status == 71 && !table.errors.contains("rows fit"), "\(table.errors)")
    try folder.write([], to: "x.npy")
    let empty = try Tool.shell("\"$TOOL\" check x.npy", in: folder)
    #expect(empty.errors.hasPrefix("error[data.empty]: "), "\(empty.errors)")
  }
}
