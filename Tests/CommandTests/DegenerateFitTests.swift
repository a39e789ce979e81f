import Foundation
import Surprisal
import Testing

/// Degenerate fits: warnings, and the exit status with and without --strict.
@Suite struct DegenerateFitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let data: String
    let flags: [String]
    /// The expected warning; nil for none.
    let warning: String?
    let strict: Int32

    init(
      _ name: String, _ data: String, _ flags: String = "--target class", warns: String? = nil,
      strict: Int32 = 0
    ) {
      testDescription = name
      self.data = data
      self.flags = flags.split(separator: " ").map(String.init)
      warning = warns
      self.strict = strict
    }
  }

  static let cases = [
    Case("65 two classes", "x,class\n1,a\n2,b\n3,a\n4,b\n"),
    Case(
      "77 complete separation", "x,class\n1,a\n2,a\n3,b\n4,b\n", warns: "fit.separation", strict: 3),
    Case(
      "78 quasi-separation", "x,class\n1,a\n2,a\n2,b\n3,b\n", warns: "fit.separation", strict: 3),
    Case("79 positive soft labels", "x,p_a,p_b\n1,0.9,0.1\n2,0.6,0.4\n3,0.2,0.8\n", "--probs p_*"),
    Case(
      "80 constant column", "x,k,class\n1,7,a\n2,7,b\n3,7,a\n4,7,b\n", warns: "fit.aliased",
      strict: 3),
    Case(
      "81 column twice the other", "x,y,class\n1,2,a\n2,4,b\n3,6,a\n4,8,b\n", warns: "fit.aliased",
      strict: 3),
    Case(
      "82 fewer rows than columns", "x,y,z,class\n1,2,5,a\n2,4,1,b\n", warns: "fit.aliased",
      strict: 3),
    Case(
      "82 the same with a prior", "x,y,z,class\n1,2,5,a\n2,4,1,b\n", "--target class --l2 0.1",
      warns: "label.rare"),
    Case(
      "83 one soft row", "x,p_a,p_b\n1,0.5,0.5\n", "--probs p_*", warns: "fit.aliased", strict: 3),
    Case("84 no features", "class\na\nb\na\nb\na\n"),
    Case("67 a class of one row", "x,class\n1,a\n2,b\n3,a\n2.5,a\n1.5,a\n", warns: "label.rare"),
    Case(
      "69 names alike", "x,class\n1,cat\n2, cat\n3,cat\n4, cat\n2,cat\n3, cat\n",
      "--target class --l2 1", warns: "label.similar"),
    Case("28 subnormal numbers", "x,class\n1e-310,a\n2,b\n1e-400,a\n4,b\n-3,b\n"),
    Case("85 features of 1e300", "x,class\n1e300,a\n2e300,b\n3e300,a\n4e300,b\n"),
    Case("86 a large offset", "x,class\n1e9,a\n1000000001,b\n1000000002,a\n1000000003,b\n"),
    Case("93 a strong prior", "x,class\n1,a\n2,b\n3,a\n4,b\n", "--target class --l2 1e300"),
    Case("93 a weak prior", "x,class\n1,a\n2,b\n3,a\n4,b\n", "--target class --l2 1e-300"),
    Case("56 nearly one", "x,p_a,p_b\n1,0.500004,0.5\n2,0.2,0.8\n3,0.4,0.6\n", "--probs p_*"),
    Case(
      "61 fractional counts as weights", "x,n_a,n_b\n1,2.5,1\n2,1,2\n3,2,2.5\n",
      "--counts n_* --likelihood categorical", warns: "label.fractional"),
    Case(
      "57 empty labels left out", "x,n_a,n_b\n1,2,1\n2,1,2\n3,2,2\n4,0,0\n",
      "--counts n_* --drop-empty-labels", warns: "label.empty", strict: 3),
    Case(
      "88 too few iterations", "x,class\n1,a\n2,b\n3,a\n7,b\n5,a\n",
      "--target class --solver lbfgs --max-iterations 1", warns: "fit.notconverged", strict: 3),
    Case(
      "a mixed column declared as text", "x,class\n1,a\n2,b\n3+,a\n1,b\n2,a\n3+,b\n",
      "--target class --text x"),
  ]

  @Test(arguments: cases)
  func fit(_ row: Case) throws {
    let folder = try Workspace()
    try folder.write(row.data, to: "data.csv")
    let arguments = ["fit", "data.csv"] + row.flags
    let outcome = try Tool.run(arguments + ["--json"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONParser().parse(outcome.text)
    let warnings = json["warnings"]?.arrayValue?.compactMap { $0["code"]?.stringValue } ?? []
    if let warning = row.warning { #expect(warnings.contains(warning), "\(warnings)") }
    if row.warning == nil { #expect(warnings.isEmpty, "\(warnings)") }
    let strict = try Tool.run(arguments + ["--strict", "-o", "m.json"], in: folder)
    #expect(strict.status == row.strict, "\(strict.errors)")
    let words = strict.text.split { !$0.isLetter }.map { $0.lowercased() }
    #expect(!words.contains("nan") && !words.contains("inf"), "\(strict.text)")
    #expect(folder.names == ["data.csv", "m.json"], "status 3 keeps the result")
    // The saved model can be used.
    let predicted = try Tool.run(["predict", "m.json", "data.csv"], in: folder)
    #expect(predicted.status == 0, "\(predicted.errors)")
    let hasNaN = predicted.text.lowercased().contains("nan")
    #expect(!hasNaN, "\(predicted.text)")
    // check gives the same warning before the fit.
    let check = try Tool.run(
      ["check", "data.csv", "--json"] + row.flags.filter { !Self.estimatorFlags.contains($0) },
      in: folder)
    if !row.flags.contains(where: Self.estimatorFlags.contains) {
      #expect(check.status == 0, "\(check.errors)")
      let verdict = try JSONParser().parse(check.text)["existence"]?["verdict"]?.stringValue
      #expect((verdict == "separated") == warnings.contains("fit.separation"))
    }
  }

  private static let estimatorFlags: Set<String> = ["--l2", "--solver", "--max-iterations"]

  @Test("84: without features the prediction is the class shares") func shares() throws {
    let folder = try Workspace()
    try folder.write("class\na\nb\na\na\n", to: "data.csv")
    _ = try Tool.run(["fit", "data.csv", "--target", "class", "-o", "m.json"], in: folder)
    let predicted = try Tool.run(["predict", "m.json", "data.csv"], in: folder)
    let line = predicted.text.split(separator: "\n").dropFirst().first.map(String.init) ?? ""
    let values = line.split(separator: ",").dropFirst().compactMap { Double($0) }
    #expect(values.count == 2 && (values[0] - 0.75).magnitude < 1e-9, "\(line)")
  }

  @Test("94: a frequency of k is equivalent to k rows") func frequencies() throws {
    let folder = try Workspace()
    try folder.write("x,w,class\n1,3,a\n2,1,b\n3,2,a\n4,2,b\n", to: "weighted.csv")
    try folder.write("x,class\n1,a\n1,a\n1,a\n2,b\n3,a\n3,a\n4,b\n4,b\n", to: "rows.csv")
    let weighted = try Tool.run(
      ["fit", "weighted.csv", "--target", "class", "--frequency", "w", "--json"], in: folder)
    let rows = try Tool.run(["fit", "rows.csv", "--target", "class", "--json"], in: folder)
    let (first, second) = (try JSONParser().parse(weighted.text), try JSONParser().parse(rows.text))
    for key in ["log_likelihood", "aic", "bic", "rows", "cross_entropy"] {
      let (a, b) = (first[key]?.doubleValue, second[key]?.doubleValue)
      #expect(a != nil && b != nil, "\(key)")
      if let a, let b { #expect((a - b).magnitude <= 1e-12 * b.magnitude, "\(key): \(a), \(b)") }
    }
  }

  @Test("95: rows and columns permuted") func permuted() throws {
    let folder = try Workspace()
    try folder.write("x,y,class\n1,5,a\n2,3,b\n3,8,a\n4,1,b\n5,2,a\n", to: "one.csv")
    try folder.write("class,y,x\na,2,5\nb,1,4\nb,3,2\na,5,1\na,8,3\n", to: "two.csv")
    let values = try ["one.csv", "two.csv"].map { name -> Double in
      let outcome = try Tool.run(["fit", name, "--target", "class", "--json"], in: folder)
      return try JSONParser().parse(outcome.text)["log_likelihood"]?.doubleValue ?? .nan
    }
    #expect((values[0] - values[1]).magnitude <= 1e-10 * values[0].magnitude)
  }
}
