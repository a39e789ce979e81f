import Foundation
import Testing

/// Typical files of users: the files, the calls, and the expected output of the last call.
struct EverydayFile: Sendable, CustomTestStringConvertible {
  let name: String
  var files: [String: [UInt8]]
  let calls: [[String]]
  let status: Int32
  let output: [String]
  let errors: [String]

  /// Calls are split at spaces, '' is an empty argument; `out` and `err` are expected in the last
  /// outputs.
  init(
    _ name: String, _ files: [String: String], _ calls: String..., exit status: Int32 = 0,
    out output: [String] = [], err errors: [String] = [], arrays: [String: [UInt8]] = [:]
  ) {
    self.init(
      name, files, calls: calls, exit: status, out: output, err: errors, arrays: arrays)
  }

  init(
    _ name: String, _ files: [String: String], calls: [String], exit status: Int32,
    out output: [String], err errors: [String], arrays: [String: [UInt8]]
  ) {
    self.name = name
    self.files = files.mapValues { Array($0.utf8) }.merging(arrays) { $1 }
    self.calls = calls.map { $0.split(separator: " ").map { $0 == "''" ? "" : String($0) } }
    self.status = status
    self.output = output
    self.errors = errors
  }

  var testDescription: String { name }
}

extension EverydayFile {
  private static let data = "x,y\n1,a\n2,b,EXTRA\n3,a\n4,b\n5,a\n3,b\n"
  private static let predictions =
    "p_a,p_b\n.9,.1\n.1,.9\n.9,.1\n.1,.9,EXTRA\n.9,.1\n.1,.9\n"
  private static let step = ["d.csv": data, "p.csv": predictions]

  /// Rows are paired by their number in the files or by key, never by their position among the rows
  /// that are left.
  static let rowsInStep: [EverydayFile] = [
    EverydayFile(
      "evaluate", step, "evaluate d.csv --target y --predictions p.csv --on-bad-row skip",
      out: ["4 rows,", "0.105361"],
      err: ["1 row that could not be read", "1 row that cannot be used in another file"]),
    EverydayFile(
      "compare", step, "compare d.csv --target y --predictions p.csv --on-bad-row skip",
      out: ["4 rows,", "0.105361"]),
    EverydayFile(
      "compare two files",
      step.merging(
        ["q.csv": "p_a,p_b\n.9,.1\n.1,.9\n,\n.1,.9\n.9,.1\n.1,.9\n"]) { $1 },
      "compare d.csv --target y --predictions p.csv --predictions q.csv --on-bad-row skip",
      out: ["3 rows,", "0.105361"], err: ["3 rows that all of them have"]),
    EverydayFile(
      "calibrate", step,
      "calibrate d.csv --target y --predictions p.csv --on-bad-row skip --l2 1 -o c.csv",
      out: ["4 rows"]),
    EverydayFile(
      "report", step,
      "report d.csv --target y --predictions p.csv --on-bad-row skip -o r.html --json",
      out: ["\"rows\": 4"]),
    EverydayFile(
      "labels elsewhere", ["d.csv": "x\n1\n2\nbad\n4\n5\n6\n", "l.csv": "y\na\nb\na\nb\na\nb\n"],
      "fit d.csv --labels l.csv --target y --l2 0.1 --on-bad-row skip",
      out: ["5 rows,"], err: ["1 row with cells that are not numbers"]),
    EverydayFile(
      "labels elsewhere, a row too long",
      ["d.csv": "x,z\n1,2\n2,1\n3,3\n4,5\n", "l.csv": "y,w\na,1\nb,1,1\na,1\nb,1\n"],
      "fit d.csv --labels l.csv --target y --l2 0.1 --on-bad-row skip", out: ["3 rows,"],
      err: ["1 row that cannot be used in another file"]),
    EverydayFile(
      "sparse features",
      ["d.libsvm": "0 1:1\n1 1:2\n0 1:3\n1 1:1\n", "l.csv": "y,w\na,1\nb,1,1\na,1\nb,1\n"],
      "fit d.libsvm --labels l.csv --target y --l2 0.1 --on-bad-row skip", out: ["3 rows,"]),
    EverydayFile(
      "clusters and offsets",
      ["d.csv": "x,y,g,o_a,o_b\n1,a,u,0,0\n2,b,u,0\n3,a,v,0,0\n4,b,v,,0\n5,a,w,0,0\n6,b,w,0,0\n"],
      "fit d.csv --target y --offset o_* --std-errors cluster:g --l2 0.1 --on-bad-row skip",
      out: ["4 rows,"], err: ["1 row that could not be read", "1 row with empty cells"]),
    EverydayFile(
      "another number of rows", ["d.csv": data, "p.csv": predictions + ".5,.5\n"],
      "evaluate d.csv --target y --predictions p.csv --on-bad-row skip", exit: 65,
      err: ["rows.mismatch", "7 rows", "6", "--key"]),
    EverydayFile(
      "rows dropped from the data alone",
      ["d.csv": "x,p_a,p_b\n1,1,0\n2,0,0\n3,0,1\n", "p.csv": "p_a,p_b\n.9,.1\n.5,.5\n.1,.9\n"],
      "evaluate d.csv --probs p_* --predictions p.csv --drop-empty-labels",
      out: ["2 rows,", "0.105361"]),
  ]

  private static let keyed = [
    "d.csv": "id,x,y\nu,1,a\nv,2,b\nw,3,a\n", "p.csv": "id,p_a,p_b\nw,.9,.1\nu,.9,.1\nv,.1,.9\n",
  ]

  static let keys: [EverydayFile] = [
    EverydayFile(
      "predictions", keyed, "evaluate d.csv --target y --predictions p.csv --key id",
      out: ["3 rows,", "0.105361"]),
    EverydayFile(
      "labels", ["d.csv": "id,x\nu,1\nv,2\nw,3\n", "l.csv": "y,id\na,w\nb,v\na,u\n"],
      "fit d.csv --labels l.csv --target y --key id --l2 0.1", out: ["3 rows, 1 features"]),
    EverydayFile(
      "missing and extra",
      ["d.csv": "id,y\nu,a\nv,b\n", "p.csv": "id,p_a,p_b\nu,.9,.1\nz,.1,.9\n"],
      "evaluate d.csv --target y --predictions p.csv --key id", exit: 65,
      err: ["rows.mismatch", "missing: \"v\"", "not in the data: \"z\""]),
    EverydayFile(
      "missing and extra, skipped",
      ["d.csv": "id,y\nu,a\nv,b\n", "p.csv": "id,p_a,p_b\nu,.9,.1\nz,.1,.9\n"],
      "evaluate d.csv --target y --predictions p.csv --key id --on-bad-row skip",
      out: ["1 rows,", "0.105361"], err: ["1 row without a partner"]),
    EverydayFile(
      "twice", ["d.csv": "id,y\nu,a\nv,b\n", "p.csv": "id,p_a,p_b\nu,.9,.1\nu,.1,.9\n"],
      "evaluate d.csv --target y --predictions p.csv --key id", exit: 65,
      err: ["rows.mismatch", "more than once: \"u\""]),
    EverydayFile(
      "no such column", keyed, "evaluate d.csv --target y --predictions p.csv --key ident",
      exit: 65,
      err: ["column.missing", "--key", "\"id\""]),
    EverydayFile(
      "row numbers that predict writes",
      [
        "d.csv": "x,g,y\n1,u,a\n2,v,b\n3,q,a\n4,u,b\n",
        "t.csv": "x,g,y\n1,u,a\n2,v,b\n3,u,a\n4,v,b\n",
      ],
      "fit t.csv --target y --l2 0.1 -o m.json", "predict m.json d.csv --on-bad-row skip -o p.csv",
      "evaluate d.csv --target y --predictions p.csv --key row --on-bad-row skip",
      out: ["3 rows,"], err: ["1 row without a partner"]),
  ]

  private static let ordinal = [
    "d.csv": "x,y\n1,low\n2,medium\n3,high\n1.5,medium\n2.5,low\n3.5,high\n2.2,high\n0.5,low\n"
  ]
  private static let fitted = "fit d.csv --target y --l2 0.1 -o m.json"

  static let classes: [EverydayFile] = [
    EverydayFile(
      "order of words", ordinal, fitted, "evaluate m.json d.csv --target y --ordered", exit: 64,
      err: ["high, low, medium", "--classes"]),
    EverydayFile(
      "declared in the evaluation", ordinal, fitted,
      "evaluate m.json d.csv --target y --ordered --classes low,medium,high",
      out: ["0.283012", "low, medium, high"]),
    EverydayFile(
      "declared in the fit", ordinal, fitted + " --classes low,medium,high",
      "evaluate m.json d.csv --target y --ordered", out: ["0.283012"]),
    EverydayFile(
      "predictions in the declared order", ordinal, fitted + " --classes low,medium,high",
      "predict m.json d.csv", out: ["predicted,p_low,p_medium,p_high"]),
    EverydayFile(
      "a class that is not declared", ordinal, "fit d.csv --target y --classes low,medium --l2 1",
      exit: 65, err: ["label.unknown", "\"high\"", "--classes"]),
    EverydayFile(
      "a class that no row has", ordinal,
      "fit d.csv --target y --classes low,medium,high,huge --l2 1", exit: 65,
      err: ["label.neverseen", "huge"]),
    EverydayFile(
      "not those of the model", ordinal, fitted,
      "evaluate m.json d.csv --target y --classes low,high,huge", exit: 64, err: ["huge"]),
    EverydayFile(
      "an absent column of predictions",
      ["d.csv": "y\na\nb\n", "p.csv": "p_a,p_b\n.9,.1\n.1,.9\n"],
      "evaluate d.csv --target y --predictions p.csv --classes b,a,c", out: ["0.105361"]),
    EverydayFile(
      "names twice", ordinal, "fit d.csv --target y --classes low,low", exit: 64, err: ["--classes"]
    ),
  ]

  static let tolerance: [EverydayFile] = [
    EverydayFile(
      "--normalize-labels", ["d.csv": "y\na\nb\n", "p.csv": "p_a,p_b\n9,1\n1,9\n"],
      "evaluate d.csv --target y --predictions p.csv --normalize-labels", out: ["0.105361"]),
    EverydayFile(
      "--sum-tolerance", ["d.csv": "y\na\nb\n", "p.csv": "p_a,p_b\n.898,.1\n.1,.9\n"],
      "evaluate d.csv --target y --predictions p.csv --sum-tolerance 0.01", out: ["0.105472"]),
    EverydayFile(
      "without", ["d.csv": "y\na\nb\n", "p.csv": "p_a,p_b\n.898,.1\n.1,.9\n"],
      "evaluate d.csv --target y --predictions p.csv", exit: 65, err: ["label.sum", "row 1"]),
    EverydayFile(
      "calibrate", ["d.csv": "y\na\nb\nb\na\n", "p.csv": "p_a,p_b\n9,1\n1,9\n6,4\n6,4\n"],
      "calibrate d.csv --target y --predictions p.csv --normalize-labels", out: ["4 rows"]),
    EverydayFile(
      "rounding below zero in predictions",
      ["d.csv": "y\na\nb\n", "p.csv": "p_a,p_b\n1.0000000000000002,-2.2e-16\n.1,.9\n"],
      "evaluate d.csv --target y --predictions p.csv", out: ["0.052680"]),
    EverydayFile(
      "rounding below zero in labels",
      ["d.csv": "x,p_a,p_b\n1,1.0000000000000002,-2.2e-16\n2,.5,.5\n3,.1,.9\n"],
      "fit d.csv --probs p_* --l2 0.1", out: ["3 rows"]),
    EverydayFile(
      "more than rounding",
      ["d.csv": "x,p_a,p_b\n1,1.001,-.001\n2,.5,.5\n3,.1,.9\n"],
      "fit d.csv --probs p_* --l2 0.1", exit: 65, err: ["label.negative"]),
  ]

  private static let training = ["t.csv": "x,g,y\n.2,u,a\n1,v,b\n2,u,a\n.5,w,a\n1.4,v,b\n2,w,b\n"]
  private static let model = "fit t.csv --target y --l2 0.1 -o m.json"
  private static let unseen = training.merging(["d.csv": "x,g,y\n.3,u,a\n1,zz,b\n,v,b\n2,v,b\n"]) {
    $1
  }

  static let unusableRows: [EverydayFile] = [
    EverydayFile(
      "predict skip", unseen, model, "predict m.json d.csv --on-bad-row skip",
      out: ["row,predicted,p_a,p_b\n1,a,", "\n4,b,"],
      err: ["1 row with levels that the model does not have", "1 row with empty cells"]),
    EverydayFile(
      "predict blank", unseen, model, "predict m.json d.csv --on-bad-row blank",
      out: ["predicted,p_a,p_b\na,", "\n,,\n,,\nb,"]),
    EverydayFile(
      "predict blank, the last row", training.merging(["d.csv": "x,g\n1,u\n2,u,3\n"]) { $1 }, model,
      "predict m.json d.csv --on-bad-row blank", out: ["\n,,\n"]),
    EverydayFile(
      "predict blank JSON", unseen, model, "predict m.json d.csv --on-bad-row blank --json",
      out: ["null,\nnull,\n"]),
    EverydayFile(
      "predict drop", training.merging(["d.csv": "x,g\n1,u\n,v\n2,v\n"]) { $1 }, model,
      "predict m.json d.csv --missing drop", out: ["row,predicted", "\n1,", "\n3,"]),
    EverydayFile(
      "blank is scored as left out", unseen, model,
      "predict m.json d.csv --on-bad-row blank -o p.csv",
      "evaluate d.csv --target y --predictions p.csv --on-bad-row skip", out: ["2 rows,"]),
    EverydayFile(
      "unseen as base", training.merging(["d.csv": "x,g\n1,zz\n"]) { $1 }, model,
      "predict m.json d.csv --unseen zero", out: ["predicted,p_a,p_b\n"],
      err: ["1 cell of \"g\"", "base level"]),
    EverydayFile(
      "unseen", training.merging(["d.csv": "x,g\n1,zz\n"]) { $1 }, model, "predict m.json d.csv",
      exit: 65, err: ["feature.level", "--unseen zero", "--on-bad-row skip"]),
    EverydayFile(
      "explain a row by its number", unseen, model,
      "explain m.json d.csv --target y --row 2 --on-bad-row skip", exit: 64, err: ["was skipped"]),
    EverydayFile(
      "evaluate", unseen, model, "evaluate m.json d.csv --target y --on-bad-row skip",
      out: ["2 rows,"]),
    EverydayFile(
      "wrong cell", ["d.csv": "x,y\n1,a\nabc,b\n3,a\n4,b\n5,a\n"],
      "fit d.csv --target y --l2 0.1 --on-bad-row skip", out: ["4 rows,"],
      err: ["1 row with cells that are not numbers"]),
    EverydayFile(
      "no label, skipped", ["d.csv": "x,y\n1,a\n2,\n3,b\n4,a\n"],
      "fit d.csv --target y --l2 0.1 --on-bad-row skip", out: ["3 rows,"],
      err: ["1 row with empty labels"]),
    EverydayFile(
      "no label, dropped", ["d.csv": "x,y\n1,a\n2,\n3,b\n4,a\n"],
      "cv d.csv --target y --l2 0.1 --folds 2 --missing drop --seed "
        + "2", exit: 65, err: ["cv.class"]),
    EverydayFile(
      "no probabilities", ["d.csv": "x,p_a,p_b\n1,.5,.5\n2,NA,NA\n3,.8,.2\n"],
      "fit d.csv --probs p_* --l2 0.1 --missing drop", out: ["2 rows,"]),
    EverydayFile(
      "probabilities that do not sum to one", ["d.csv": "x,p_a,p_b\n1,.5,.5\n2,.9,.9\n3,.8,.2\n"],
      "fit d.csv --probs p_* --l2 0.1 --on-bad-row skip", out: ["2 rows,"],
      err: ["1 row with labels that cannot be used"]),
    EverydayFile(
      "no votes", ["d.csv": "x,n_a,n_b\n1,2,1\n2,,\n3,-1,3\n4,4,1\n5,0,0\n"],
      "fit d.csv --counts n_* --l2 0.1 --on-bad-row skip", out: ["2 rows,"],
      err: [
        "with empty labels", "whose label entries are all zero",
        "with labels that cannot be "
          + "used",
      ]),
    EverydayFile(
      "weights", ["d.csv": "x,y,w\n1,a,1\n2,b,\n3,b,-1\n4,a,2\n5,b,1\n"],
      "fit d.csv --target y --weight w --l2 0.1 --on-bad-row skip", out: ["3 rows,"]),
    EverydayFile(
      "nothing left", ["d.csv": "x,y\n,a\n,b\n"], "fit d.csv --target y --on-bad-row skip",
      exit: 65,
      err: ["data.norows", "2 rows with empty cells"]),
  ]
}

@Suite struct EverydayFileTests {
  @Test(arguments: EverydayFile.rowsInStep) func rowsInStep(_ file: EverydayFile) throws {
    try check(file)
  }

  @Test(arguments: EverydayFile.keys) func keys(_ file: EverydayFile) throws { try check(file) }

  @Test(arguments: EverydayFile.classes) func classes(_ file: EverydayFile) throws {
    try check(file)
  }

  @Test(arguments: EverydayFile.tolerance) func tolerance(_ file: EverydayFile) throws {
    try check(file)
  }

  @Test(arguments: EverydayFile.arrayFiles) func arrays(_ file: EverydayFile) throws {
    try check(file)
  }

  @Test(arguments: EverydayFile.unusableRows) func unusableRows(_ file: EverydayFile) throws {
    try check(file)
  }

  /// The rows left out for any reason, byte for byte and in their order.
  @Test func rejects() throws {
    let folder = try Workspace()
    try folder.write("x,y\n1,a\nabc,b\n3,\n4,b,9\n5,b\n\"6\",a\n", to: "d.csv")
    let outcome = try Tool.run(
      "fit d.csv --target y --l2 1 --on-bad-row skip --rejects r.csv"
        .split(separator: " ").map(String.init), in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.read("r.csv") == Array("abc,b\n3,\n4,b,9\n".utf8))
  }

  func check(_ file: EverydayFile) throws {
    let folder = try Workspace()
    for (name, bytes) in file.files { try folder.write(bytes, to: name) }
    var last: Tool.Outcome?
    for (place, call) in file.calls.enumerated() {
      let outcome = try Tool.run(call, in: folder)
      let isLast = place == file.calls.count - 1
      #expect(outcome.status == (isLast ? file.status : 0), "\(call): \(outcome.errors)")
      last = outcome
    }
    let outcome = try #require(last)
    for text in file.output { #expect(outcome.text.contains(text), "\(outcome.text)") }
    for text in file.errors { #expect(outcome.errors.contains(text), "\(outcome.errors)") }
  }
}
