import Foundation
import Testing

/// Neighbours of the cases about tokens, headers, kinds of columns, late errors, votes and names.
extension EverydayFile {
  private static let tokens = "f1,y\n1,NA\n2,None\n3,NA\n1,None\n"

  static let tokenNeighbours: [EverydayFile] = [
    near(
      "predict m.json d.csv --na ''", before: ["fit d.csv --target y --l2 1 --na '' -o m.json"],
      "predicted,p_NA,p_None\n", files: ["d.csv": tokens]),
    near(
      "evaluate m.json d.csv --target y",
      before: [
        "fit d.csv --target y --l2 1 --na '' -o m.json"
      ], exit: 65,
      err: ["label.value", "--na ''"], files: ["d.csv": tokens]),
    near(
      "check d.csv --target y", exit: 65, err: ["\"NA\" is read as an empty cell"],
      files: ["d.csv": tokens]),
    near("cv d.csv --target y --folds 2 --l2 1 --na ''", "2 classes", files: ["d.csv": tokens]),
    near("aggregate v.csv", exit: 65, err: ["line 3", "otherwise drop the row"]),
    near("aggregate v.csv --na ''", "2 annotators on 2 items, 3 classes"),
    near(
      "fit d.csv --features f1 --labels l.tsv --target y --l2 1", exit: 65,
      err: ["l.tsv, line 2"], files: ["l.tsv": "y\nNA\nZA\nNA\nZA\n"]),
    near(
      "fit d.csv --features f1 --labels l.tsv --target y --l2 1 --na ''", "2 classes",
      files: ["l.tsv": "y\nNA\nZA\nNA\nZA\n"]),
    near(
      "evaluate d.csv --target y --predictions e.csv --na - \(skip)", "3 rows,", score,
      files: ["e.csv": "p_a,p_b\n.9,.1\n-,-\n.9,.1\n.1,.9\n"]),
    near(
      "fit d.csv --evidence e_* --l2 1", exit: 65, err: ["line 3", "e_b", "the label is empty"],
      files: ["d.csv": "x,e_a,e_b\n1,.5,.2\n2,.1,NA\n3,.4,.1\n"]),
  ]

  static let headerNeighbours: [EverydayFile] = [
    near(
      "evaluate d.csv --target y --predictions i.csv", score,
      err: [
        "csv.rownames", "csv.trailing",
      ]),
    near(
      "evaluate d.csv --target y --predictions i.csv --key row", exit: 65, err: ["rows.mismatch"],
      files: ["i.csv": ",p_a,p_b\n1,.9,.1\n2,.1,.9\n3,.9,.1\n5,.1,.9\n"]),
    near(
      "aggregate e.csv --method majority", "4 votes of 2 annotators on 2 items",
      files: [
        "e.csv": "sep=;\n\"\";item;annotator;label;\n1;a;u;x;\n2;a;v;y;\n3;b;u;y;\n4;b;v;y;\n"
      ]),
    near(
      "fit e.libsvm --l2 1", "4 rows, 1 features", err: ["libsvm.qid", "2 rows"],
      files: [
        "e.libsvm": "# made by hand\n0 qid:1 1:1 # tail\n1 1:2\n\n0 qid:2 1:3\n1 1:1\n"
      ]),
    near(
      "evaluate d.csv --target y --predictions e.csv", exit: 65,
      err: ["e.csv, line 1", "--comment '#'"], files: ["e.csv": "# by hand\np_a,p_b\n.9,.1\n"]),
    near(
      "summary m.json --effects e.csv", before: fit, "average marginal effects",
      files: ["e.csv": "sep=;\nf1;y\n1;a\n2;b\n"]),
    near(
      "compare m.json e.csv --target y", before: fit, "2 rows,", err: ["csv.rownames"],
      files: ["e.csv": ",f1,y\nu,1,a\nv,2,b\n"]),
    near(
      "fit e.csv --target y --features f1,row", exit: 65,
      err: [
        "column.missing", "read as names of rows",
      ], files: ["e.csv": ",f1,y\nu,1,a\nv,2,b\n"]),
    near(
      "predict m.json e.csv --keep row", before: fit, "row,predicted,p_a,p_b\nu,",
      files: ["e.csv": ",f1,y\nu,1,a\nv,2,b\n"]),
    near(
      "report m.json e.csv --target y --json -o r.html", before: fit, "\"rows\": 2",
      files: ["e.csv": "sep=;\nf1;y\n1;a\n2;b\n"]),
  ]

  private static func kind(_ cells: [String], exit status: Int32 = 0, _ texts: String...)
    -> EverydayFile
  {
    let rows = cells.enumerated().map { "\($0),\($1),\($0 % 2 == 0 ? "u" : "v")\n" }
    return EverydayFile(
      cells[0], ["d.csv": "a,c,y\n" + rows.joined()], "fit d.csv --target y --l2 1", exit: status,
      err: texts)
  }

  private static let users =
    "id,x,y\n" + (0..<40).map { "u\($0),\($0 % 7),\($0 % 3 == 0 ? "a" : "b")\n" }.joined()

  static let kindNeighbours: [EverydayFile] = [
    kind(["10 kg", "12 kg", "9.5 kg", "11kg"], "column.kind", "numbers with a unit"),
    kind(["10:00", "9:30", "17:05:30", "23:59"], "column.kind", "times"),
    kind(["−5", "6", "−7", "8"], "column.kind", "minus signs"),
    kind(["1\u{A0}234", "12\u{A0}345", "3\u{202F}000", "999"], "column.kind", "typesetting"),
    kind(["\"1,5\"", "\"2,25\"", "3", "\"0,75\""], exit: 65, "number.syntax", "--decimal ,"),
    kind(["<0.1", "0.5", "0.7", "0.9"], exit: 65, "number.syntax", "\"<0.1\"", "3 other cells"),
    kind(["1", "inf", "3", "4"], exit: 65, "number.infinite", "line 3"),
    near(
      "predict m.json e.csv", before: fit, exit: 65, err: ["\"1,234\"", "--thousands ,"],
      files: ["e.csv": "f1\n\"1,234\"\n"]),
    near(
      "evaluate m.json e.csv --target y --thousands ,", before: fit, "2 rows,",
      files: ["e.csv": "f1,y\n\"1,234\",a\n\"2,000\",b\n"]),
    near(
      "fit e.csv --counts n_* --l2 1", exit: 65, err: ["\"1,200\"", "--thousands ,"],
      files: ["e.csv": "x,n_a,n_b\n1,\"1,200\",900\n2,800,\"1,100\"\n"]),
    near(
      "fit d.csv --target y --model mlp --hidden 2 --epochs 1", exit: 65,
      err: ["column.identifier"], files: ["d.csv": users]),
    near("fit d.csv --target y --l2 1 --key id", "1 features", files: ["d.csv": users]),
    near(
      "fit d.csv --target y --l2 1 --std-errors cluster:id", "1 features",
      err: ["feature.cluster"], files: ["d.csv": users]),
    near(
      "fit d.csv --target id --l2 1", exit: 65, err: ["label.many", "an identifier"],
      files: ["d.csv": users]),
  ]

  private static let rare = (0..<12).map { $0 == 7 ? "2" : "\($0 % 2)" }
  private static let rareRows = rare.enumerated().map { "\($0 * 5 % 7),\($0 % 3),\($1)\n" }
  private static let rareFile = ["r.csv": "x,g,y\n" + rareRows.joined()]

  static let earlyNeighbours: [EverydayFile] =
    [
      "--folds 3 --l2 1", "--folds 3 --model mlp", "--folds 3 --l2 1 --repeats 2 --nested",
      "--folds 3 --group g --l2 1", "--folds 3 --l2 1 --text g",
    ].map {
      near("cv r.csv --target y \($0)", exit: 65, err: ["cv.class", "\"2\""], files: rareFile)
    } + [
      near(
        "cv r.libsvm --folds 3 --l2 1", exit: 65, err: ["cv.class", "\"2\""],
        files: [
          "r.libsvm": rare.enumerated().map { "\($1) 1:\($0 + 1)\n" }.joined()
        ]),
      near(
        "cv r.csv --target y --folds 13 --l2 1", exit: 65, err: ["cv.folds", "12 rows"],
        files: rareFile),
      near(
        "cv r.csv --target y --folds 3 --classes 0,1", exit: 65, err: ["label.unknown", "\"2\""],
        files: rareFile),
      near(
        "cv d.csv --candidates c_* --folds 2", exit: 65,
        err: [
          "label.unidentified", "\"c_a\" is in every candidate set",
        ],
        files: [
          "d.csv": "x,c_a,c_b,c_c\n"
            + (0..<24).map { "\($0 * 7 % 11),1,\($0 % 2),\($0 / 2 % 2)\n" }
            .joined()
        ]),
      near("cv d.csv --target y --folds 2 --refit min -o d.csv", exit: 64, err: ["same file"]),
    ]

  private static let wide = "x,ann_1,ann_2,ann_3\n.1,cat,cat,dog\n.9,dog,dog,\n.4,cat,,cat\n"
  private static let long =
    "task,worker,label\nt1,w1,cat\nt1,w2,cat\nt1,w3,dog\nt2,w1,dog\nt2,w2,dog\nt2,w3,cat\n"

  static let voteNeighbours: [EverydayFile] =
    [
      "fit w.csv --probs ann_*", "fit w.csv --candidates ann_*", "fit w.csv --evidence ann_*",
      "cv w.csv --counts ann_*", "check w.csv --counts ann_*",
      "fit x.csv --labels w.csv --counts ann_*",
    ].map {
      near(
        $0, exit: 65, err: ["line 2", "\"cat\"", "aggregate w.csv --annotators 'ann_*'"],
        files: ["w.csv": wide, "x.csv": "x\n1\n2\n3\n"])
    } + [
      near(
        "fit w.tsv --counts ann_*", exit: 65, err: ["aggregate w.tsv --annotators"],
        files: ["w.tsv": wide.replacing(",", with: "\t")]),
      near("aggregate v.npy --annotators *", "9 votes of 3 annotators on 3 items, 2 classes"),
      near(
        "aggregate w.csv", exit: 65, err: ["column.missing", "--annotators 'ann_*'"],
        files: ["w.csv": wide]),
      near(
        "cv l.csv --target label --folds 2 --l2 1", err: ["votes.rows", "--item task"],
        files: ["l.csv": long]),
      near(
        "evaluate w.csv --counts ann_* --predictions w.csv", exit: 65, err: ["column.missing"],
        files: ["w.csv": wide]),
    ]

  private static let odd = "f1,y\n1,\"a\nb\"\n2,日本\n1,日本\n2,\"a\nb\"\n"
  private static let oddFit = ["fit o.csv --target y --l2 1 -o m.json --quiet"]
  private static let escape = "f1,y\n1,\u{1B}[31mred\n2,b\n1,b\n2,\u{202E}abc\n"

  static let nameNeighbours: [EverydayFile] = [
    near(
      "fit o.csv --target y --l2 1", "\\u{1b}[31mred", "\\u{202e}abc",
      files: ["o.csv": escape]),
    near("check o.csv --target y", "\\u{1b}[31mred", files: ["o.csv": escape]),
    near(
      "evaluate m.json o.csv --target y --confusion --class-report", before: oddFit, exit: 64,
      err: ["--class-report"], files: ["o.csv": odd]),
    near(
      "predict m.json o.csv", before: oddFit, "predicted,\"p_a\nb\",p_日本\n",
      files: ["o.csv": odd]),
    near(
      "summary m.json --format markdown", before: oddFit, "against class a\\u{a}b", "日本",
      files: ["o.csv": odd]),
    near("inspect m.json", before: oddFit, "\"a\\u{a}b\", \"日本\"", files: ["o.csv": odd]),
    near(
      "explain m.json o.csv --target y --row 2", before: oddFit, "label p",
      files: ["o.csv": odd]),
    near("fit o.csv --target y --l2 1", "x\\u{a}y", files: ["o.csv": "\"x\ny\",y\n1,a\n2,b\n"]),
    near(
      "aggregate o.csv --method majority", "a\\u{a}b", "日本\\u{7}",
      files: [
        "o.csv": "item,annotator,label\n1,日本\u{7},\"a\nb\"\n1,v,c\n2,日本\u{7},c\n2,v,c\n"
      ]),
    near(
      "fit o.csv --target y --features \u{1B}x", exit: 65, err: ["\\u{1b}x"],
      files: ["o.csv": odd]),
  ]

  private static let tiny = [
    "t.csv": "f1,y\n1e-300,0\n2e-300,1\n3e-300,0\n4e-300,1\n0,0\n",
    "e.csv": "f1,y\n1e-300,0\n1e200,1\n", "e.libsvm": "0 1:1e-300\n1 1:1e200\n",
    "e.ndjson": "{\"f1\":1e-300}\n{\"f1\":1e200}\n",
  ]
  private static let tinyFit = ["fit t.csv --target y -o m.json --quiet"]

  /// Logits that leave the range of doubles.
  static let rangeNeighbours: [EverydayFile] =
    [
      "predict m.json e.csv", "predict m.json e.csv --type logits", "predict m.json e.libsvm",
      "predict m.json e.libsvm --type logits \(skip)", "predict m.json e.ndjson -o p.ndjson",
      "evaluate m.json e.csv --target y", "evaluate m.json e.libsvm", "compare m.json e.libsvm",
      "report m.json e.csv --target y -o r.html", "calibrate m.json e.csv --target y -o c.json",
      "explain m.json e.csv --target y",
    ].map {
      near($0, before: tinyFit, exit: 65, err: ["number.range", "row 2 (e."], files: tiny)
    }

  static let allNeighbours =
    stepNeighbours + toleranceNeighbours + orderNeighbours + arrayNeighbours + rowNeighbours
    + tokenNeighbours + headerNeighbours + kindNeighbours + earlyNeighbours + voteNeighbours
    + nameNeighbours + rangeNeighbours
}

extension EverydayFileTests {
  @Test(arguments: EverydayFile.allNeighbours) func neighbours(_ file: EverydayFile) throws {
    try check(file)
  }

  /// Long names of classes are shortened in the middle if the confusion table is too wide.
  @Test func longNames() throws {
    let folder = try Workspace()
    let name = String(repeating: "q", count: 90)
    try folder.write("f1,y\n1,\(name)\n2,b\n3,\(name)\n0,b\n", to: "d.csv")
    let fit = ["fit", "d.csv", "--target", "y", "--l2", "1", "-o", "m.json", "--quiet"]
    #expect(try Tool.run(fit, in: folder).status == 0)
    let outcome = try Tool.run(
      ["evaluate", "m.json", "d.csv", "--target", "y", "--confusion"], in: folder,
      environment: ["COLUMNS": "80"])
    #expect(outcome.text.contains("b  qqqqq..qqqqq  all\n"), "\(outcome.text)")
    #expect(outcome.text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  /// A constant column takes no part: the other lines of the table are those of a fit without it.
  @Test(arguments: ["1", "0", "-2.5"], ["--l2 1 --std-errors sandwich", "--prior flat"])
  func constantColumns(_ constant: String, _ flags: String) throws {
    let folder = try Workspace()
    let rows = (0..<24).map { ($0 * 7 % 11, ["a", "b", "a", "c", "b"][$0 * 5 % 7 % 5]) }
    let value = try #require(Double(constant))
    let values = rows.flatMap { row -> [Double] in [Double(row.0), value] }
    let labels = rows.map(\.1)
    func lines(_ header: String, _ row: (Int, String) -> String) -> String {
      header + rows.map { row($0.0, $0.1) + "\n" }.joined()
    }
    try folder.write(lines("y\n") { $1 }, to: "l.csv")
    try folder.write(lines("f1,y\n") { "\($0),\($1)" }, to: "without.csv")
    try folder.write(lines("f1,f2,y\n") { "\($0),\(constant),\($1)" }, to: "with.csv")
    try folder.write(lines("f1,f2,y\n") { "\($0),word,\($1)" }, to: "level.csv")
    try folder.write(lines("") { x, _ in "0 1:\(x) 2:\(constant)" }, to: "x.libsvm")
    try folder.write(EverydayFile.npy("<f8", "(24, 2)", EverydayFile.doubles(values)), to: "x.npy")
    #expect(Set(labels).count == 3)
    let expected = try coefficients("without.csv", flags, in: folder)
    #expect(expected.count == 4, "two classes against the first, an intercept and a slope each")
    for name in ["with.csv", "level.csv", "x.npy", "x.libsvm"] {
      let found = try coefficients(name, flags, in: folder)
      #expect(found.count == expected.count, "\(name)")
      for (first, second) in zip(found.joined(), expected.joined()) {
        #expect(abs(first - second) <= 1e-9 * max(1, abs(second)), "\(name)")
      }
    }
  }

  /// The numbers of the coefficients, but for those of the constant column, a line each.
  private func coefficients(
    _ file: String, _ flags: String, in folder: Workspace
  ) throws -> [[Double]] {
    let labels = file.hasSuffix(".csv") ? "--target y" : "--labels l.csv --target y"
    for call in ["fit \(file) \(labels) \(flags) -o m.json --quiet", "summary m.json --tidy"] {
      let outcome = try Tool.run(call.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let lines = outcome.text.split(separator: "\n").dropFirst().map(String.init)
      if call.hasPrefix("summary") {
        return lines.filter { !$0.contains(",f2") }
          .map { $0.split(separator: ",").dropFirst(2).compactMap { Double($0) } }
      }
    }
    return []
  }
}
