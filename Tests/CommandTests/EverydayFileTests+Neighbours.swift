import Foundation
import Testing

/// Neighbours of the cases that users reported: the same kind of file in other commands and formats.
extension EverydayFile {
  private static let twoRows: [String: [UInt8]] = [
    "x.npy": npy("<f8", "(2, 1)", doubles([1, 2])),
    "p.npy": npy("<f8", "(2, 2)", doubles([0.9, 0.1, 0.1, 0.9])),
    "l.npy": npy("<f8", "(2, 2)", doubles([1, 0, 0, 1])),
    "y.npy": npy("|u1", "(2,)", [0, 1]),
    "s.npy": npy("<U2", "(2,)", [97, 0, 0, 0, 0, 0, 0, 0, 98, 0, 0, 0, 0, 0, 0, 0]),
    "b.npy": npy("|S3", "(2,)", [97, 0, 0, 98, 0, 0]),
  ]

  static let arrayFiles: [EverydayFile] = [
    ("one column per class", "--labels l.npy --probs * --predictions p.npy --prediction-columns *"),
    (
      "a frame without names", "--labels l.npy --probs * --predictions p.csv --prediction-columns *"
    ),
    ("named", "--labels l.npy --probs * --predictions p.npy --prediction-columns * --classes a,b"),
    ("integers", "--labels y.npy --target 0 --predictions p.npy --prediction-columns *"),
    (
      "integers, named",
      "--labels y.npy --target 0 --predictions p.npy --prediction-columns * --classes a,b"
    ),
    ("texts", "--labels s.npy --target 0 --predictions p.npy --prediction-columns * --classes a,b"),
    ("bytes", "--labels b.npy --target 0 --predictions q.csv"),
  ].map { name, flags in
    EverydayFile(
      name, ["p.csv": "0,1\n.9,.1\n.1,.9\n", "q.csv": "p_a,p_b\n.9,.1\n.1,.9\n"],
      "evaluate x.npy " + flags, out: ["2 rows,", "0.105361"], arrays: twoRows)
  }

  static func doubles(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in (0..<8).map { UInt8(value.bitPattern >> (8 * $0) & 0xFF) } }
  }

  static func npy(_ type: String, _ shape: String, _ data: [UInt8]) -> [UInt8] {
    let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
      + data
  }

  private static let labels = "y\na\nb\na\nb\n"
  private static let shares = "p_a,p_b\n.9,.1\n.1,.9\n.9,.1\n.1,.9\n"
  private static let arrays: [String: [UInt8]] = [
    "x.npy": npy("<f8", "(4, 1)", doubles([1, 2, 3, 1])),
    "nan.npy": npy("<f8", "(4, 1)", doubles([1, .nan, 3, 1])),
    "inf.npy": npy("<f8", "(4, 1)", doubles([1, -.infinity, 3, 1])),
    "y.npy": npy("|u1", "(4,)", [0, 1, 0, 1]),
    "yf.npy": npy("<f8", "(4,)", doubles([0, 1, 0, 1])),
    "yb.npy": npy("|b1", "(4,)", [0, 1, 0, 1]),
    "p.npy": npy("<f8", "(4, 2)", doubles([0.9, 0.1, 0.1, 0.9, 0.9, 0.1, 0.1, 0.9])),
    "pnan.npy": npy("<f8", "(4, 2)", doubles([0.9, 0.1, .nan, 0.9, 0.9, 0.1, 0.1, 0.9])),
    "pr.npy": npy("<f8", "(4, 2)", doubles([0.898, 0.1, 0.1, 0.9, 0.9, 0.1, 0.1, 0.9])),
    "v.npy": npy("|u1", "(3, 3)", [1, 1, 2, 2, 2, 1, 1, 2, 1]),
  ]
  private static let texts = [
    "d.csv": "f1,y\n1,a\n2,b\n3,a\n1,b\n", "t.csv": "f1,y\n1,0\n2,1\n3,0\n1,1\n",
    "l.csv": labels, "p.csv": shares, "q.csv": shares.replacing("a,p_b", with: "0,p_1"),
    "d.libsvm": "0 1:1\n1 1:2\n0 1:3\n1 1:1\n", "bad.libsvm": "0 1:1\n1 1:x\n0 1:3\n7 2:1 1:1\n",
    "v.csv": "item,annotator,label\n1,u,a\n1,v,NA\n2,u,b\n2,v,b\n", "j.ndjson": "{\"f1\":1}\n",
    "pct.csv": "p_a,p_b\n90%,10%\n10%,90%\n90%,10%\n10%,90%\n",
    "r.csv": shares.replacing("\n.9,.1\n", with: "\n.898,.1\n"),
    "i.csv": "sep=;\n\"\";p_a;p_b;\n1;.9;.1;\n2;.1;.9;\n3;.9;.1;\n4;.1;.9;\n",
  ]

  /// A line is the name of the kind, the call after those in `before`, and the expected output.
  static func near(
    _ call: String, before: [String] = [], exit status: Int32 = 0, _ output: String...,
    err errors: [String] = [], files: [String: String] = [:]
  ) -> EverydayFile {
    EverydayFile(
      call, texts.merging(files) { $1 }, calls: before + [call], exit: status, out: output,
      err: errors, arrays: arrays)
  }

  static let score = "0.105361"  // -log .9
  static let fit = ["fit d.csv --target y --l2 1 -o m.json --quiet"]
  static let sparse = ["fit d.libsvm --l2 1 -o m.json --quiet"]
  private static let star = "--prediction-columns *"
  static let skip = "--on-bad-row skip"
  private static let xy = "x.npy --labels y.npy --target 0"

  static let stepNeighbours: [EverydayFile] = [
    near(
      "evaluate x.npy --labels l.csv --target y --predictions pnan.npy \(star) --classes a,b "
        + skip, "3 rows,", score, err: ["1 row that cannot be used in another file"]),
    near(
      "evaluate nan.npy --labels l.csv --target y --predictions p.csv \(skip)", "4 rows,", score),
    near(
      "evaluate bad.libsvm --predictions q.csv \(skip)", "2 rows,", score,
      err: ["2 rows that could not be read"]),
    near("compare bad.libsvm --predictions q.csv \(skip)", "2 rows,", score),
    near("calibrate bad.libsvm --predictions q.csv \(skip) --l2 1", "2 rows, 2 classes", score),
    near("report bad.libsvm --predictions q.csv \(skip) --json -o r.html", "\"rows\": 2"),
    near(
      "evaluate bad.libsvm --predictions p.csv --key row",
      before: sparse + [
        "predict m.json bad.libsvm \(skip) -o p.csv"
      ], exit: 65, err: ["libsvm.syntax", "line 2"]),
    near(
      "evaluate bad.libsvm --predictions w.csv --key row \(skip)",
      before: sparse + [
        "predict m.json bad.libsvm \(skip) -o w.csv"
      ], "2 rows,"),
    near("evaluate d.csv --target y --predictions j.ndjson", exit: 64, err: ["JSON lines"]),
    near("fit d.csv --labels j.ndjson --target y", exit: 64, err: ["JSON lines"]),
    near(
      "cv nan.npy --labels l.csv --target y --folds 2 --l2 1 \(skip)", exit: 65,
      err: ["1 row with empty cells"]),
    near(
      "fit d.csv --features f1 --target y --weight w --l2 1 \(skip)", "3 rows,",
      err: ["weight.value", "1 row with negative weights"],
      files: ["d.csv": "f1,y,w\n1,a,1\n2,b,-1\n3,a,1\n1,b,2\n"]),
  ]

  static let toleranceNeighbours: [EverydayFile] = [
    near(
      "compare d.csv --target y --predictions r.csv", exit: 65,
      err: [
        "label.sum", "row 1 (r.csv, line 2)", "--sum-tolerance 0.01; if relative weights",
      ]),
    near("compare d.csv --target y --predictions r.csv --sum-tolerance 0.01", "4 rows,"),
    near(
      "report d.csv --target y --predictions r.csv --sum-tolerance 0.01 --json -o r.html",
      "\"rows\": 4"),
    near("calibrate d.csv --target y --predictions r.csv --l2 1 --normalize-labels", "4 rows"),
    near(
      "evaluate \(xy) --predictions pr.npy \(star)", exit: 65,
      err: [
        "label.sum", "row 1 (pr.npy) sum to 0.998",
      ]),
    near("evaluate \(xy) --predictions pr.npy \(star) --sum-tolerance 0.01", "4 rows,"),
    near(
      "evaluate d.libsvm --predictions q.csv --normalize-labels", score,
      files: ["q.csv": "p_0,p_1\n9,1\n1,9\n9,1\n1,9\n"]),
    near(
      "evaluate d.csv --target y --predictions pct.csv", exit: 65,
      err: [
        "label.value", "\"90%\"", "0.9 for 90%",
      ]),
    near(
      "check d.csv --probs p_*", exit: 65, err: ["label.sum", "--sum-tolerance 0.02; "],
      files: ["d.csv": "x,p_a,p_b\n1,.5,.49\n2,.3,.7\n"]),
    near(
      "fit d.csv --probs p_* --l2 1 \(skip)", "2 rows,", err: ["1 row with labels"],
      files: ["d.csv": "x,p_a,p_b\n1,.5,.48\n2,.3,.7\n3,.7,.3\n"]),
  ]

  static let orderNeighbours: [EverydayFile] = [
    near(
      "predict m.json s.libsvm", before: ["fit s.libsvm --l2 1 -o m.json"],
      "predicted,p_1,p_2,p_10\n", files: ["s.libsvm": "2 1:1\n10 1:2\n1 1:3\n"]),
    near(
      "predict m.json s.libsvm", before: ["fit s.libsvm --l2 1 --classes 10,2,1 -o m.json"],
      "predicted,p_10,p_2,p_1\n", files: ["s.libsvm": "2 1:1\n10 1:2\n1 1:3\n"]),
    near(
      "evaluate m.json s.libsvm --ordered", before: ["fit s.libsvm --l2 1 -o m.json"],
      "ranked probability score", files: ["s.libsvm": "2 1:1\n10 1:2\n1 1:3\n"]),
    near(
      "predict m.json x.npy",
      before: [
        "fit x.npy --labels p.npy --probs * --classes hi,lo --l2 1 -o m.json"
      ],
      "predicted,p_hi,p_lo\n"),
    near(
      "predict m.json x.npy",
      before: [
        "fit x.npy --labels y.npy --target 0 --classes hi,lo --l2 1 -o m.json"
      ],
      "predicted,p_hi,p_lo\n"),
    near("fit x.npy --labels p.npy --probs * --classes a,b,c --l2 1", exit: 65, err: ["--classes"]),
    near("check d.csv --target y --classes b,a", "  b         2"),
    near("cv d.csv --target y --classes b,a --folds 2 --l2 1", "4 rows, 1 features, 2 classes"),
    near("calibrate m.json d.csv --target y --classes b,a --l2 1", before: fit, "4 rows"),
    near(
      "evaluate d.csv --target y --predictions p.csv --classes b,a --confusion", score,
      "     b  a  all\n  b"),
  ]

  static let arrayNeighbours: [EverydayFile] = [
    near("compare \(xy) --predictions p.npy \(star)", score),
    near("report \(xy) --predictions p.npy \(star) --json -o r.html", "\"cross_entropy\": 0.10536"),
    near("calibrate \(xy) --predictions p.npy \(star) --l2 1", score),
    near("evaluate x.npy --labels yf.npy --target 0 --predictions p.npy \(star)", score),
    near("evaluate x.npy --labels yb.npy --target 0 --predictions p.npy \(star)", score),
    near("evaluate d.libsvm --predictions p.npy \(star)", score),
    near("evaluate d.libsvm --labels l.csv --target y --predictions p.csv", score),
    near(
      "evaluate d.csv --target y --predictions p.npy \(star)", exit: 65,
      err: [
        "label.unknown", "predictions do not have: \"a\", \"b\"", "--classes a,b,c",
      ]),
    near("evaluate d.csv --target y --predictions p.npy \(star) --classes a,b", score),
    near(
      "evaluate \(xy) --predictions h.csv \(star)", score,
      err: ["csv.rownames"], files: ["h.csv": ",0,1\n0,.9,.1\n1,.1,.9\n2,.9,.1\n3,.1,.9\n"]),
    near("fit x.npy --labels yf.npy --target 0 --l2 1", "reference class 0\n"),
  ]

  static let rowNeighbours: [EverydayFile] = [
    near(
      "predict m.json inf.npy \(skip)", before: fit, "\n1,", "\n3,", "\n4,",
      err: ["1 row with cells that are not numbers"]),
    near("predict m.json inf.npy --on-bad-row blank", before: fit, "\n,,\n"),
    near(
      "predict m.json inf.npy", before: fit, exit: 65,
      err: [
        "number.infinite", "row 2 (inf.npy): \"f1\" is -inf",
      ]),
    near("predict m.json nan.npy --missing drop", before: fit, "\n1,", "\n3,", "\n4,"),
    near("evaluate m.json inf.npy --labels l.csv --target y \(skip)", before: fit, "3 rows,"),
    near("fit inf.npy --labels l.csv --target y --l2 1 \(skip)", "3 rows,"),
    near("predict m.json bad.libsvm \(skip)", before: sparse, "row,predicted", "\n1,", "\n3,"),
    near("predict m.json bad.libsvm --on-bad-row blank", before: sparse, "\n,,\n", "\n,,\n"),
    near("fit bad.libsvm --l2 1 \(skip)", exit: 65, err: ["label.oneclass"]),
    near("check bad.libsvm --target label", exit: 65, err: ["libsvm.syntax", "line 2"]),
    near(
      "predict m.json d.ndjson \(skip)", before: fit, "{\"row\":2,\"error\"", "{\"row\":3,\"pre",
      files: ["d.ndjson": "{\"f1\":1}\n{\"f1\":\"q\"}\n{\"f1\":2}\n"]),
    near(
      "check d.csv --target y \(skip)", "1 to 4, mean 2.33333; not numbers: 1 cell",
      files: ["d.csv": "x,y\n1,a\n2,b\nabc,a\n4,b\n"]),
    near(
      "check d.csv --text x", "x       feature  text",
      files: ["d.csv": "x,y\n1,a\n2,b\nabc,a\n4,b\n"]),
    near(
      "compare m.json e.csv --target y \(skip)", before: fit, "3 rows,",
      err: ["1 row that could not be read"], files: ["e.csv": "f1,y\n1,a\nq,b\n3,a\n1,b\n"]),
  ]
}
