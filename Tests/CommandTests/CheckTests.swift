import Foundation
import Surprisal
import Testing

/// The output of `check` and `inspect`.
@Suite struct CheckTests {
  private func check(_ data: String, _ flags: String = "") throws -> (JSONValue, Tool.Outcome) {
    let folder = try Workspace()
    try folder.write(data, to: "data.csv")
    let arguments = ["check", "data.csv", "--json"] + flags.split(separator: " ").map(String.init)
    let outcome = try Tool.run(arguments, in: folder)
    return (try JSONParser().parse(outcome.text), outcome)
  }

  @Test func columns() throws {
    let (json, outcome) = try check("x,s,k,class\n1e-310,u,7,a\n,v,7,b\n-2.5,u,7,a\n")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(json["rows"]?.integerValue == 3)
    #expect(json["missing_cells"]?.integerValue == 1)
    let columns = json["columns"]?.arrayValue ?? []
    #expect(columns.count == 4)
    let x = try #require(columns.first)
    #expect(x["minimum"]?.doubleValue == -2.5)
    #expect(x["maximum"]?.doubleValue == Double("1e-310"))
    #expect(x["mean"]?.doubleValue == -1.25)
    #expect(x["subnormals"]?.integerValue == 1)
    #expect(x["missing"]?.integerValue == 1)
    #expect(columns.map { $0["constant"]?.boolValue } == [false, false, true, false])
    #expect(columns[1]["levels"]?.integerValue == 2)
    #expect(columns[1]["commonest"]?.stringValue == "u")
    #expect(json["next"]?.stringValue == "surprisal check data.csv --target class")
  }

  @Test(
    "labels nobody named are guessed",
    arguments: [
      ("x,p_a,p_b\n1,0.5,0.5\n2,1,0\n", "--probs 'p_*'"),
      ("x,n_a,n_b\n1,3,5\n2,1,0\n", "--counts 'n_*'"), ("s,x\nu,1\nv,2\n", "--target s"),
      ("x,y\n1,2\n3,4\n", "--target COLUMN"),
    ])
  func suggestions(data: String, flags: String) throws {
    let (json, _) = try check(data)
    #expect(json["next"]?.stringValue == "surprisal check data.csv " + flags)
  }

  @Test func labels() throws {
    let (json, outcome) = try check("x,n_a,n_b\n1,3,1\n2,0,4\n3,2,2\n", "--counts n_*")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let labels = try #require(json["labels"])
    #expect(labels["kind"]?.stringValue == "counts")
    #expect(labels["total_weight"]?.doubleValue == 12)
    #expect(labels["soft_rows"]?.integerValue == 2)
    // (4 H(3/4) + 4 H(0) + 4 H(1/2)) / 12 and H(5/12), by hand.
    let entropy = (0.5623351446188083 + 0.6931471805599453) / 3
    #expect(((labels["label_entropy"]?.doubleValue ?? 0) - entropy).magnitude < 1e-15)
    let null = -(5.0 / 12 * log(5.0 / 12) + 7.0 / 12 * log(7.0 / 12))
    #expect(((labels["null_cross_entropy"]?.doubleValue ?? 0) - null).magnitude < 1e-15)
    #expect(json["next"]?.stringValue?.hasSuffix("-o model.json") == true)
  }

  @Test("aliased columns are named in the user's units") func aliased() throws {
    let rows = [(0, 10), (10, 4), (20, 7), (37, 1), (100, 8)]
    let lines = rows.map {
      "\($0.0),\(Double($0.0) * 1.8 + 32),\($0.1),\($0.1 % 2 == 0 ? "a" : "b")"
    }
    let (json, _) = try check(
      "celsius,fahrenheit,y,class\n" + lines.joined(separator: "\n") + "\n", "--target class")
    let aliased = try #require(json["design"]?["aliased"]?.arrayValue?.first)
    #expect(aliased["column"]?.stringValue == "fahrenheit")
    #expect(((aliased["constant"]?.doubleValue ?? 0) - 32).magnitude < 1e-9)
    let term = try #require(aliased["terms"]?.arrayValue?.first)
    #expect(term["column"]?.stringValue == "celsius")
    #expect(((term["coefficient"]?.doubleValue ?? 0) - 1.8).magnitude < 1e-9)
    #expect(json["next"]?.stringValue?.contains("--l2") == true)
  }

  @Test func refused() throws {
    let (json, outcome) = try check("x,p_a,p_b\n1,0.5,0.5\n2,0.5,0.4\n", "--probs p_*")
    #expect(outcome.status == 65)
    #expect(json["can_be_fitted"]?.boolValue == false)
    #expect(json["error"]?["code"]?.stringValue == "label.sum")
    #expect(json["next"]?.stringValue == "surprisal explain-error label.sum")
  }

  @Test func inspection() throws {
    let folder = try Workspace()
    try folder.write(GoldenModel.text, to: "m.json")
    let outcome = try Tool.run(["inspect", "m.json", "--json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONParser().parse(outcome.text)
    #expect(json["valid"]?.boolValue == true)
    #expect(json["checksum"]?["matches"]?.boolValue == true)
  }
}
