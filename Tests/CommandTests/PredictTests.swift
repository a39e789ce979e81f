import Foundation
import Testing

/// The prediction of a row is the same alone, in any batch and from any file.
@Suite struct PredictTests {
  private struct Row {
    let x: Double
    let s: String
    let p: Double
  }

  private static let colors = ["red", "green", "blue"]

  private static let rows = (0..<40).map { (row: Int) -> Row in
    Row(x: Double(row * 37 % 41) / 3, s: colors[row % 3], p: Double(row % 5) / 5)
  }

  private func fitted() throws -> Workspace {
    let folder = try Workspace()
    let lines = Self.rows.map { (row: Row) -> String in
      "\(row.x),\(row.s),\(row.p),\(1 - row.p)"
    }
    try folder.write((["x,s,p_a,p_b"] + lines).joined(separator: "\n") + "\n", to: "data.csv")
    let outcome = try Tool.run(["fit", "data.csv", "--probs", "p_*", "-o", "m.json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return folder
  }

  @Test func oneRowAtATimeAndColumnsInAnyOrder() throws {
    let folder = try fitted()
    let batch = try Tool.run(["predict", "m.json", "data.csv"], in: folder)
    #expect(batch.status == 0, "\(batch.errors)")
    let lines = batch.text.split(separator: "\n").map(String.init)
    #expect(lines.first == "predicted,p_a,p_b")
    for row in [0, 1, 2, 17, 39] {
      let input = "other,s,x\n?,\(Self.rows[row].s),\(Self.rows[row].x)\n"
      let single = try Tool.run(["predict", "m.json", "-"], in: folder, input: Array(input.utf8))
      #expect(single.status == 0, "\(single.errors)")
      let found = single.text.split(separator: "\n").dropFirst().map { String($0) }
      #expect(found == [lines[row + 1]])
    }
  }

  @Test func fileAndStandardOutputAgree() throws {
    let folder = try fitted()
    let printed = try Tool.run(["predict", "m.json", "data.csv"], in: folder)
    let saved = try Tool.run(["predict", "m.json", "data.csv", "-o", "p.csv"], in: folder)
    #expect(saved.output.isEmpty)
    #expect(try folder.read("p.csv") == printed.output)
  }

  @Test("doubles read back to the same bits and sum to one") func roundTrip() throws {
    let folder = try fitted()
    let printed = try Tool.run(["predict", "m.json", "data.csv"], in: folder)
    for line in printed.text.split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",").dropFirst()
      let values = cells.compactMap { Double($0) }
      #expect(values.count == 2)
      #expect(zip(cells, values).allSatisfy { Double("\($0)") == $1 && "\($1)" == $0 })
      #expect((values.reduce(0, +) - 1).magnitude <= 2 * 1.0.ulp)
    }
  }

  @Test("87: huge logits give finite predictions") func hugeLogits() throws {
    let folder = try fitted()
    let input = "x,s\n1e300,red\n-1e300,blue\n1.7e308,green\n"
    let outcome = try Tool.run(["predict", "m.json", "-"], in: folder, input: Array(input.utf8))
    if outcome.status == 0 {
      for line in outcome.text.split(separator: "\n").dropFirst() {
        let values = line.split(separator: ",").dropFirst().compactMap { Double($0) }
        #expect(values.count == 2 && values.allSatisfy { $0 >= 0 && $0 <= 1 }, "\(line)")
        #expect((values.reduce(0, +) - 1).magnitude <= 2 * 1.0.ulp, "\(line)")
      }
    } else {
      #expect(outcome.status == 65 && outcome.errors.hasPrefix("error[number.range]"))
    }
  }

  @Test("38: formulas are unchanged unless requested") func formulas() throws {
    let folder = try Workspace()
    try folder.write("x,class\n1,=cmd()\n2,b\n3,=cmd()\n4,b\n2,=cmd()\n", to: "data.csv")
    let fit = ["fit", "data.csv", "--target", "class", "--l2", "0.1", "-o", "m.json"]
    #expect(try Tool.run(fit, in: folder).status == 0)
    let plain = try Tool.run(["predict", "m.json", "data.csv"], in: folder)
    #expect(plain.text.contains("\n=cmd(),"))
    let safe = try Tool.run(["predict", "m.json", "data.csv", "--csv-safe"], in: folder)
    #expect(safe.text.contains("\n'=cmd(),"))
    #expect(!safe.text.contains("\n="))
  }
}
