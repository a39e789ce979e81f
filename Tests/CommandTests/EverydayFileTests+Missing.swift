import Foundation
import Surprisal
import Testing

/// Numbers that denote missing cells, numbers beyond the range of doubles, and skipped rows, in
/// each format.
extension EverydayFile {
  private static let arrays: [String: [UInt8]] = [
    "x.npy": npy("<f8", "(6, 1)", doubles([1, 2, 3, -999, 1, 2])),
    "xi.npy": npy("<i2", "(6, 1)", [1, 0, 2, 0, 3, 0, 0x19, 0xFC, 1, 0, 2, 0]),
    "xf.npy": npy("<f4", "(6, 1)", floats([1, 2, 3, -99.9, 1, 2])),
    "inf.npy": npy("<f8", "(6, 1)", doubles([1, 2, 3, .infinity, 1, 2])),
    "y.npy": npy("<f8", "(6,)", doubles([0, 1, 0, 1, 1, -999])),
    "s.npy": npy("|S4", "(6,)", "a   b   a   b   b   none".utf8.map { $0 == 32 ? 0 : $0 }),
    "p.npy": npy(
      "<f8", "(6, 2)",
      doubles([0.9, 0.1, 0.1, 0.9, 0.9, 0.1, 0.1, 0.9, -999, -999, 0.9, 0.1])),
  ]
  private static let texts = [
    "y.csv": "y\na\nb\na\nb\nb\na\n", "d.libsvm": "0 1:1\n1 1:-999\n0 1:3\n1 1:1\n",
  ]

  private static func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 0xFF) } }
  }

  private static func file(
    _ calls: String..., exit status: Int32 = 0, out output: String = "", err errors: [String] = []
  ) -> EverydayFile {
    EverydayFile(
      calls.last ?? "", texts, calls: calls, exit: status,
      out: output.isEmpty ? [] : [output], err: errors, arrays: arrays)
  }

  private static let fitX = "fit x.npy --labels y.csv --target y --l2 1 --na=-999"
  private static let fitModel = "fit d.libsvm --l2 1 -o m.json --quiet"

  static let missingNumbers: [EverydayFile] =
    [
      file(fitX, exit: 65, err: ["missing.cells", "row 4 (x.npy)"]),
      file(fitX + " --missing drop", out: "5 rows, 1 features", err: ["1 row with empty cells"]),
      file(fitX + " --missing indicator", out: "6 rows, 2 features"),
      file(fitX + " --float32 --missing drop", out: "5 rows, 1 features"),
      file(fitX.replacing("=-999", with: "=-998") + " --missing drop", out: "6 rows, 1 features"),
      file(
        fitX.replacing("x.npy", with: "xi.npy") + " --missing drop", out: "5 rows, 1 features"),
      file(
        fitX.replacing("x.npy", with: "xf.npy").replacing("-999", with: "-99.9")
          + " --missing drop", out: "5 rows, 1 features"),
      file(
        fitX.replacing("x.npy", with: "inf.npy").replacing("-999", with: "inf")
          + " --missing drop", out: "5 rows, 1 features"),
      file(
        fitX.replacing("x.npy", with: "inf.npy").replacing("-999", with: "-inf"), exit: 65,
        err: ["number.infinite"]),
      file(
        "fit x.npy --labels y.npy --target 0 --l2 1 --na=-999 --on-bad-row skip",
        out: "4 rows, 1 features, 2 classes", err: ["1 row with empty labels"]),
      file(
        "fit x.npy --labels s.npy --target 0 --l2 1 --na none,-999 --on-bad-row skip",
        out: "4 rows, 1 features, 2 classes"),
      file(
        "evaluate x.npy --labels y.csv --target y --predictions p.npy --prediction-columns * "
          + "--classes a,b --na=-999 --on-bad-row skip", out: "5 rows,"),
      file(
        fitX + " --missing drop -o m.json --quiet", "predict m.json x.npy --na=-999", exit: 65,
        err: ["missing.cells"]),
      file(
        fitX + " --missing drop -o m.json --quiet",
        "predict m.json x.npy --na=-999 --missing drop", out: "row,predicted,p_a,p_b\n1,",
        err: ["1 row with empty cells"]),
    ]
    + [
      "fit d.libsvm", "check d.libsvm", "cv d.libsvm --folds 2", "predict m.json d.libsvm",
      "evaluate m.json d.libsvm", "fit d.libsvm --labels y.csv --target y",
      "calibrate m.json d.libsvm", "report m.json d.libsvm -o r.html",
    ].map {
      file(
        fitModel, $0 + " --na NA,-999", exit: 64,
        err: ["usage", "--na -999 does not apply to d.libsvm"])
    }
    + [file(fitModel, "predict m.json d.libsvm --na NA", out: "predicted,p_0,p_1\n")]

  private static func beyond(
    _ cells: [String], _ flags: String, _ output: String?, exit status: Int32 = 0,
    err errors: [String]
  ) -> EverydayFile {
    let rows = cells.enumerated().map { "\($1),\($0),\($0 % 2 == 0 ? "a" : "b")\n" }
    return EverydayFile(
      flags + " " + cells.joined(separator: " "), ["d.csv": "x,z,y\n" + rows.joined()],
      calls: ["fit d.csv --target y --l2 1 " + flags], exit: status,
      out: output.map { [$0] } ?? [], err: errors, arrays: [:])
  }

  /// A number beyond the largest double is a wrong cell of a column of numbers, even if there are
  /// as many of them as numbers.
  static let beyondRange: [EverydayFile] = [
    beyond(
      ["1", "1e999", "3", "4"], skip, "3 rows, 2 features", err: ["1 row with cells that are not"]),
    beyond(
      ["1", "1e999", "-1e999", "4"], skip, "2 rows, 2 features",
      err: ["2 rows with cells that are not"]),
    beyond(
      ["1", "inf", "-inf", "1e999", "0", "2"], skip, "3 rows, 2 features",
      err: ["3 rows with cells that are not"]),
    beyond(["1", "1e999", "-1e999", "4"], "", nil, exit: 65, err: ["number.overflow", "line 3"]),
    // Words make a column of categories.
    beyond(["u", "1e999", "u", "4"], skip, "4 rows, 3 features", err: []),
  ]
}

extension EverydayFileTests {
  @Test(arguments: EverydayFile.missingNumbers) func missingNumbers(_ file: EverydayFile) throws {
    try check(file)
  }

  @Test(arguments: EverydayFile.beyondRange) func beyondRange(_ file: EverydayFile) throws {
    try check(file)
  }

  /// Rows of a LIBSVM file that are left out for any reason, byte for byte.
  @Test(arguments: [
    ("fit d.libsvm --labels l.csv --target y --l2 1", "1 1:2 # two\n0 1:x\n1 1:4\n"),
    ("check d.libsvm --labels l.csv --target y", "1 1:2 # two\n0 1:x\n1 1:4\n"),
    ("evaluate d.libsvm --predictions p.csv", "0 1:x\n1 1:4\n"),
    ("predict m.json d.libsvm", "0 1:x\n"),
  ])
  func rejectsOfLIBSVM(_ line: String, _ rejected: String) throws {
    let folder = try Workspace()
    let text =
      "\u{FEFF}# made by hand\n0 1:1\n1 1:2 # two\n\n0 1:x\n  # nothing\n1 1:4\n0 1:5\n1 1:1"
    try folder.write(text, to: "d.libsvm")
    try folder.write("y\na\n\"\"\na\n\"\"\nb\nb\n", to: "l.csv")
    try folder.write(
      "p_0,p_1\n.9,.1\n.9,.1\n.9,.1\n.9,\n.9,.1\n.1,.9\n", to: "p.csv")
    try folder.write("0 1:1\n1 1:2\n0 1:3\n1 1:1\n", to: "t.libsvm")
    let fit = ["fit", "t.libsvm", "--l2", "1", "-o", "m.json", "--quiet"]
    #expect(try Tool.run(fit, in: folder).status == 0)
    let arguments = line.split(separator: " ").map(String.init)
    let outcome = try Tool.run(
      arguments + ["--on-bad-row", "skip", "--rejects", "r.txt"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try String(decoding: folder.read("r.txt"), as: UTF8.self) == rejected)
  }

  /// An array has no lines to be written: this is reported.
  @Test func rejectsOfArrays() throws {
    let folder = try Workspace()
    try folder.write(
      EverydayFile.npy("<f8", "(4, 1)", EverydayFile.doubles([1, .nan, 3, 1])), to: "x.npy")
    try folder.write("y\na\nb\na\nb\n", to: "y.csv")
    let outcome = try Tool.run(
      "fit x.npy --labels y.csv --target y --l2 1 --on-bad-row skip --rejects r.csv"
        .split(separator: " ").map(String.init), in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("1 skipped row is not in the file of --rejects: an array"))
    #expect(try folder.read("r.csv").isEmpty)
  }

  /// Each warning once, with the file if rows are left out, and the predictions that it concerns.
  @Test func warningsOfComparisons() throws {
    let folder = try Workspace()
    try folder.write("x,y\n1,a\n,b\n3,a\n4,b\n1,b\n", to: "t.csv")
    try folder.write("p_a,p_b\n.9,.1\n.1,.9\n.9,.1\n.1,\n.3,.7\n", to: "p.csv")
    func run(_ line: String) throws -> Tool.Outcome {
      try Tool.run(line.split(separator: " ").map(String.init), in: folder)
    }
    for (name, lambda) in [("m", 1), ("n", 2)] {
      let fit = "fit t.csv --target y --l2 \(lambda) --missing drop -o \(name).json --quiet"
      #expect(try run(fit).status == 0)
    }
    let same = try run("compare m.json n.json t.csv --target y --missing drop")
    #expect(
      same.errors == "warning[missing.cells]: t.csv: 1 row with empty cells was skipped\n")
    let line = "compare m.json n.json t.csv --target y --on-bad-row skip --predictions p.csv"
    let mixed = try run(line)
    #expect(
      mixed.errors == """
        warning[missing.cells]: t.csv: 1 row with empty cells was skipped, for "m", "n"
        warning[rows.rejected]: t.csv: 1 row that cannot be used in another file was skipped, \
        for "p"
        note: compared on the 3 rows that all of them have in common

        """)
    #expect(try run(line + " --quiet").errors.isEmpty)
    // Warnings before an error are not lost.
    let failed = try run("compare m.json missing.json t.csv --target y --missing drop")
    #expect(failed.status == 66)
    #expect(failed.errors.contains("t.csv: 1 row with empty cells"), "\(failed.errors)")
  }

  /// Coefficients that are zero but for rounding, since all rows have the same shares of the
  /// classes: their digits are in JSON alone.
  @Test(arguments: [
    (["2.9,u", "0.7,w", "0.1,u"], [5, 3, 6]),
    (["0.1,u", "1.3,u", "2.9,w", "1.3,u", "0.1,v", "2.9,u"], [6, 2, 7]),
  ])
  func zeroCoefficients(_ rows: [String], _ counts: [Int]) throws {
    let folder = try Workspace()
    let lines = rows.flatMap { row in
      zip(["a", "b", "c"], counts).flatMap { Array(repeating: "\(row),\($0)", count: $1) }
    }
    try folder.write("x,z,y\n" + lines.joined(separator: "\n") + "\n", to: "d.csv")
    func run(_ line: String) throws -> String {
      let outcome = try Tool.run(line.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.text
    }
    let summary = try run("fit d.csv --target y -o m.json")
    let effects = try run("summary m.json --effects d.csv")
    for printed in [summary, effects] {
      #expect(!printed.contains("-0.000"), "\(printed)")
      let rows = printed.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      let table = rows.filter { row in
        row.count == 8 && ["a", "b", "c"].contains(row[0]) && row[1] != "(Intercept)"
      }
      #expect(table.count >= 4)
      for row in table { #expect(row[2] == "0" && row[4] == "0.000", "\(row)") }
    }
    let json = try JSONParser().parse(run("summary m.json --json"))
    let estimates = (json["coefficients"]?.arrayValue ?? []).compactMap {
      $0["estimate"]?.doubleValue
    }
    #expect(estimates.contains { $0 != 0 && $0.magnitude < 1e-12 }, "\(estimates)")
  }
}
