import Foundation
import Testing

/// Errors name rows by their numbers in the file, although rows were left out: rows of weight zero,
/// with empty cells, or unreadable.
@Suite struct RowPlaceTests {
  /// Row 87 has the label `fault`; rows 1 to 10 have weight zero, rows 20 and 21 an empty feature
  /// and row 30 too many cells.
  private func folder(
    _ header: String, label: (Int) -> String, fault: String
  ) throws -> Workspace {
    let lines = (1...100).map { row -> String in
      let x = row == 20 || row == 21 ? "" : "\(Double(row * 37 % 61) / 10)"
      let cells = "\(x),\(row <= 10 ? 0 : 1),\(row == 87 ? fault : label(row))"
      return row == 30 ? cells + ",1,2,3" : cells
    }
    let folder = try Workspace()
    try folder.write((["x,w," + header] + lines).joined(separator: "\n") + "\n", to: "data.csv")
    return folder
  }

  private static let reading = [
    "--features", "x", "--weight", "w", "--missing", "drop", "--on-bad-row", "skip",
  ]

  private func expectPlace(_ outcome: Tool.Outcome, file: String = "data.csv", line: Int = 88) {
    #expect(outcome.status == 65, "\(outcome.errors)")
    #expect(outcome.errors.contains("row 87 (\(file), line \(line))"), "\(outcome.errors)")
  }

  /// A row whose label is invalid for its kind is left out if bad rows are skipped.
  private func expectLeftOut(_ outcome: Tool.Outcome, _ reason: String) {
    #expect(outcome.status == 0, "\(outcome.errors)")
    for text in ["1 row that could not be read", "2 rows with empty cells", "1 row"] {
      #expect(outcome.errors.contains(text), "\(outcome.errors)")
    }
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
  }

  private static func shares(_ row: Int) -> String {
    ["0.25,0.25,0.5", "0.5,0.25,0.25", "0.125,0.75,0.125"][row % 3]
  }

  @Test(arguments: [
    ["fit"], ["fit", "--model", "mlp", "--hidden", "3", "--epochs", "1"],
    ["fit", "--model", "mlp", "--hidden", "3", "--epochs", "1", "--validation", "0.4"],
    ["cv", "--folds", "3"], ["check"],
  ])
  func dirichlet(command: [String]) throws {
    let folder = try folder("p_a,p_b,p_c", label: Self.shares, fault: "0.5,0,0.5")
    let outcome = try Tool.run(
      [command[0], "data.csv", "--probs", "p_*", "--likelihood", "dirichlet"] + Self.reading
        + command.dropFirst(), in: folder)
    expectPlace(outcome)
  }

  @Test func counts() throws {
    let folder = try folder(
      "n_a,n_b,n_c", label: { "\($0 % 3),1,\(1 + $0 % 2)" }, fault: "1,1.5,2")
    expectLeftOut(
      try Tool.run(["fit", "data.csv", "--counts", "n_*"] + Self.reading, in: folder),
      "labels that cannot be used")
  }

  @Test func candidates() throws {
    let folder = try folder(
      "c_a,c_b,c_c", label: { ["1,1,0", "0,1,1", "1,0,1"][$0 % 3] }, fault: "0,0,0")
    expectLeftOut(
      try Tool.run(["fit", "data.csv", "--candidates", "c_*"] + Self.reading, in: folder),
      "whose label entries are all zero")
  }

  /// The rows of a validation file are those of that file.
  @Test func validationFile() throws {
    let folder = try folder("p_a,p_b,p_c", label: Self.shares, fault: "0.5,0,0.5")
    let text = String(decoding: try folder.read("data.csv"), as: UTF8.self)
    try folder.write(text, to: "held.csv")
    try folder.write(
      text.replacingOccurrences(of: "0.5,0,0.5", with: "0.5,0.25,0.25"), to: "data.csv")
    let outcome = try Tool.run(
      [
        "fit", "data.csv", "--probs", "p_*", "--likelihood", "dirichlet", "--model", "mlp",
        "--hidden", "3", "--epochs", "1", "--validation", "held.csv",
      ] + Self.reading, in: folder)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("row 87 (held.csv, line 88)"), "\(outcome.errors)")
  }

  /// A predicted probability of zero has no logit; the place is that in the file of predictions.
  @Test func calibrate() throws {
    let folder = try folder("class", label: { ["a", "b"][$0 % 2] }, fault: "a")
    let lines = (1...100).map {
      $0 == 87 ? "0,1" : $0 == 3 ? "1,0" : $0.isMultiple(of: 2) ? "0.25,0.75" : "0.6,0.4"
    }
    try folder.write((["p_a,p_b"] + lines).joined(separator: "\n") + "\n", to: "predicted.csv")
    let outcome = try Tool.run(
      [
        "calibrate", "data.csv", "--predictions", "predicted.csv", "--target", "class", "--weight",
        "w", "--on-bad-row", "skip",
      ], in: folder)
    expectPlace(outcome, file: "predicted.csv")
  }

  /// A strength is stored exactly as given.
  @Test func strengthIsThatOfTheCommandLine() throws {
    let folder = try folder("p_a,p_b,p_c", label: Self.shares, fault: "0.5,0.25,0.25")
    let outcome = try Tool.run(
      ["fit", "data.csv", "--probs", "p_*", "--l2", "0.01", "--json", "-o", "m.json"]
        + Self.reading,
      in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.text.contains("\"l2\": 0.01,"))
    let model = String(decoding: try folder.read("m.json"), as: UTF8.self)
    #expect(model.contains("\"lambda\":0.01,"))
  }
}
