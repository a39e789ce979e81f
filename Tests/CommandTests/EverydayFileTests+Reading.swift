import Testing

/// Headers, missing cells, numbers and columns as other programs and people write them.
extension EverydayFile {
  /// The same four rows, with other content around them.
  private static func fit(
    _ name: String, _ text: String, _ flags: String = "", file: String = "d.csv",
    err errors: [String] = []
  ) -> EverydayFile {
    EverydayFile(
      name, [file: text], "fit \(file) --target y --l2 0.1 \(flags)",
      out: ["4 rows, 1 features, 2 classes"], err: errors)
  }

  static let headers: [EverydayFile] = [
    fit(
      "row names of a data frame",
      "\"\",\"x\",\"y\"\n\"1\",1.5,\"a\"\n\"2\",2.5,\"b\"\n"
        + "\"3\",1.7,\"b\"\n\"4\",2,\"a\"\n", err: ["csv.rownames", "\"row\""]),
    fit(
      "an index", "\u{FEFF},x,y\n0,1.5,a\n1,2.5,b\n2,1.7,b\n3,2,a\n", err: ["csv.rownames"]),
    fit(
      "one field more than names", "x,y\n1,1.5,a\n2,2.5,b\n3,1.7,b\n4,2,a\n",
      err: ["csv.rownames"]),
    fit(
      "one field more than names, with tabs", "x\ty\nu\t1.5\ta\nv\t2.5\tb\nw\t1.7\tb\nz\t2\ta\n",
      file: "d.tsv", err: ["csv.rownames"]),
    fit(
      "a column called row is there", ",row,y\nu,1.5,a\nv,2.5,b\nw,1.7,b\nz,2,a\n",
      err: ["csv.rownames", "\"row_name\""]),
    fit(
      "a delimiter at the end", "x,y,\n1,a,\n2,b,\n3,a,\n0,b,\n",
      err: ["csv.trailing", "column 3"]),
    fit(
      "several delimiters at the end", "x,y,,,\r\n1,a,,,\r\n2,b,,,\r\n3,a,,,\r\n0,b,,,\r\n",
      err: ["csv.trailing", "columns 3, 4, 5"]),
    fit(
      "a delimiter at the end of the rows alone", "x,y\n1,a,\n2,b,\n3,a,\n0,b,\n",
      err: ["csv.trailing"]),
    fit("a delimiter at the end of the header alone", "x,y,\n1,a\n2,b\n3,a\n0,b\n"),
    fit(
      "row names and a delimiter at the end", ",x,y,\nu,1,a,\nv,2,b,\nw,3,a,\nz,0,b,\n",
      err: ["csv.rownames", "csv.trailing"]),
    fit("a line that names the delimiter", "sep=;\nx;y\n1;a\n2;b\n3;a\n0;b\n"),
    fit(
      "a line that names the delimiter, in quotation marks",
      "\u{FEFF}\"sep=|\"\r\nx|y\r\n1|a\r\n2|b\r\n3|a\r\n0|b\r\n"),
    fit("a line that names a tab", "SEP=\t\nx\ty\n1\ta\n2\tb\n3\ta\n0\tb\n"),
    fit(
      "a flag before the line", "sep=;\nx,y\n1,a\n2,b\n3,a\n0,b\n", "--delimiter ,"),
    fit(
      "comments", "# one, two\n# three\nx,y\n1,a\n# 2,b\n2,b\n3,a\n0,b\n# the end",
      "--comment #"),
    EverydayFile(
      "comments in a file without a header", ["d.csv": "% c\n1,a\n2,b\n%,\n3,a\n0,b\n"],
      "fit d.csv --target f2 --l2 0.1 --comment % --no-header", out: ["4 rows, 1 features"]),
    EverydayFile(
      "a comment nobody named", ["d.csv": "# comment\nx,y\n1,a\n2,b\n"], "check d.csv", exit: 65,
      err: ["csv.comment", "--comment '#'"]),
    EverydayFile(
      "check", ["d.csv": ",x,y,\n1,1.5,a,\n2,2.5,b,\n3,1.7,b,\n"], "check d.csv",
      out: ["csv.rownames", "csv.trailing"]),
    EverydayFile(
      "an unnamed column with cells", ["d.csv": "x,y,\n1,a,5\n2,b,6\n"], "check d.csv", exit: 65,
      err: ["csv.emptyname", "column 3"]),
    EverydayFile(
      "a long first row alone is a fault", ["d.csv": "x,y\n1,a,5\n2,b\n"], "check d.csv", exit: 65,
      err: ["csv.ragged", "row 1"]),
    EverydayFile(
      "row names as a key",
      ["d.csv": ",y\nu,a\nv,b\n", "p.csv": ",p_a,p_b\nv,.1,.9\nu,.9,.1\n"],
      "evaluate d.csv --target y --predictions p.csv --key row", out: ["2 rows,", "0.105361"]),
    EverydayFile(
      "predictions with an index", ["d.csv": "y\na\nb\n", "p.csv": ",0,1\n0,.9,.1\n1,.1,.9\n"],
      "evaluate d.csv --target y --predictions p.csv --prediction-columns * --classes a,b",
      exit: 65, err: ["\"0\""]),
    EverydayFile(
      "predict", ["t.csv": "x,y\n1,a\n2,b\n3,a\n0,b\n", "d.csv": ",x,z,\nu,1,2,\nv,2,1,\n"],
      "fit t.csv --target y --l2 0.1 -o m.json", "predict m.json d.csv",
      out: ["predicted,p_a,p_b\n"], err: ["csv.rownames", "csv.trailing"]),
    EverydayFile(
      "labels beside arrays of rows",
      ["d.csv": "x\n1\n2\n3\n0\n", "l.csv": "sep=;\n;y;\n1;a;\n2;b;\n3;a;\n4;b;\n"],
      "fit d.csv --labels l.csv --target y --l2 0.1", out: ["4 rows, 1 features"],
      err: ["l.csv", "csv.rownames"]),
  ]

  private static let missingNames = "x,y\n.1,NA\n.4,None\n.9,null\n1.5,NaN\n2.2,NA\n2.9,None\n"

  static let missing: [EverydayFile] = [
    EverydayFile(
      "a class called NA", ["d.csv": missingNames], "fit d.csv --target y --l2 0.1", exit: 65,
      err: ["label.value", "\"NA\" is read as an empty cell", "--na ''"]),
    EverydayFile(
      "no tokens", ["d.csv": missingNames], "fit d.csv --target y --l2 0.1 --na ''",
      out: ["6 rows, 1 features, 4 classes"]),
    EverydayFile(
      "other tokens", ["d.csv": missingNames],
      "fit d.csv --target y --l2 0.1 --na None --missing drop",
      out: ["4 rows, 1 features, 3 classes"]),
    EverydayFile(
      "in quotation marks", ["d.csv": "x,y\n1,\"NA\"\n2,b\n3,\"NA\"\n0,b\n"],
      "fit d.csv --target y --l2 0.1", out: ["4 rows, 1 features, 2 classes"]),
    EverydayFile(
      "in quotation marks, with tabs", ["d.tsv": "c\ty\n\"NA\"\ta\nZA\tb\n\"NA\"\tb\nZA\ta\n"],
      "fit d.tsv --target y --l2 0.1", out: ["4 rows, 1 features, 2 classes"]),
    EverydayFile(
      "in quotation marks among numbers", ["d.csv": "x,y\n1,a\n\"NA\",b\n3,a\n0,b\n"],
      "fit d.csv --target y --l2 0.1 --missing drop", out: ["3 rows, 1 features"]),
    EverydayFile(
      "a country", ["d.csv": "c,y\nNA,a\nZA,b\nNA,b\nZA,a\n"],
      "fit d.csv --target y --l2 0.1 --na ''", out: ["4 rows, 1 features"]),
    EverydayFile(
      "a point and a number", ["d.csv": "x,y\n1,a\n-999,b\n3,a\n.,a\n2,b\n-999.0,b\n4,b\n"],
      "fit d.csv --target y --l2 0.1 --na .,-999 --missing drop", out: ["4 rows, 1 features"]),
    EverydayFile(
      "a number in single precision", ["d.csv": "x,y\n1,a\n-99.9,b\n3,a\n2,b\n"],
      "fit d.csv --target y --l2 0.1 --na=-99.9 --missing drop --float32", out: ["3 rows,"]),
    EverydayFile(
      "predict", ["t.csv": "x,y\n1,a\n2,b\n3,a\n0,b\n", "d.csv": "x\n1\n-\n2\n"],
      "fit t.csv --target y --l2 0.1 -o m.json", "predict m.json d.csv --na - --missing drop",
      out: ["row,predicted", "\n3,"], err: ["1 row with empty cells"]),
    EverydayFile(
      "votes", ["d.csv": "item,annotator,label\nt1,u,a\nt1,v,-\nt1,w,a\nt2,u,b\nt2,v,b\n"],
      "aggregate d.csv --na -", exit: 65, err: ["\"-\" is read as an empty cell"]),
  ]

  private static func kind(
    _ name: String, _ column: [String], _ texts: [String], _ flags: String = "",
    out output: [String] = []
  ) -> EverydayFile {
    let rows = column.enumerated().map { "\($0),\($1),\($0 % 2 == 0 ? "u" : "v")\n" }
    return EverydayFile(
      name, ["d.csv": "a,c,y\n" + rows.joined()], "fit d.csv --target y --l2 0.1 \(flags)",
      out: output, err: texts)
  }

  static let kinds: [EverydayFile] = [
    kind(
      "thousands", ["\"1,234\"", "\"12,345\"", "\"3,000\"", "999"],
      ["column.kind", "--thousands ,", "--text c"]),
    kind(
      "thousands, read", ["\"1,234\"", "\"12,345\"", "\"3,000\"", "999"], [], "--thousands ,",
      out: ["2 features"]),
    kind("thousands between apostrophes", ["1'234", "12'345", "3'000", "999"], ["--thousands"]),
    kind("percentages", ["10%", "7 %", "8.5%", "9%"], ["column.kind", "percentages"]),
    kind("dollars", ["$10.5", "$7", "-$8", "$1,009"].map { "\"\($0)\"" }, ["amounts of money"]),
    kind("euros", ["10 €", "7 €", "8 €", "9 €"], ["amounts of money"]),
    kind(
      "dates", ["2024-01-05", "2024-02-07", "2024-03-01", "2024-03-05"], ["dates", "--ignore c"]),
    kind("days first", ["5.1.2024", "17.2.2024", "31.12.2024", "1.3.2024"], ["dates"]),
    kind("times", ["2024-01-05 10:00", "2024-01-05T11:00", "2024-03-01", "2024-03"], ["dates"]),
    kind("codes", ["02116", "10001", "02116", "94103"], ["column.kind", "zero", "--text c"]),
    EverydayFile(
      "codes as text", ["d.csv": "c,y\n02116,a\n10001,b\n02116,b\n10001,a\n"],
      "fit d.csv --target y --l2 0.1 --text c", out: ["02116"]),
    EverydayFile(
      "words alone", ["d.csv": "c,y\n10-4,a\n1.2.3,b\n10-4,b\n1.2.3,a\n"], "check d.csv --json",
      out: ["\"warnings\": []"]),
    EverydayFile(
      "points between thousands",
      ["d.csv": "x;y\n1.234,5;u\n56,25;v\n2.000,0;u\n0,5;v\n"],
      "fit d.csv --target y --delimiter ; --decimal , --l2 0.1", exit: 65,
      err: ["--thousands ."]),
    EverydayFile(
      "points between thousands, read",
      ["d.csv": "x;y\n1.234,5;u\n56,25;v\n2.000,0;u\n0,5;v\n"],
      "check d.csv --delimiter ; --decimal , --thousands . --json", out: ["2000", "0.5"]),
    EverydayFile(
      "a group that is none", ["d.csv": "x,y\n1,u\n\"12,34\",v\n2,u\n3,v\n"],
      "fit d.csv --target y --thousands ,", exit: 65, err: ["\"12,34\" is not a number"]),
    EverydayFile(
      "a mark for two things", ["d.csv": "x,y\n1,u\n"], "fit d.csv --target y --thousands .",
      exit: 64, err: ["--thousands"]),
    EverydayFile(
      "sums of votes", ["d.csv": "x,n_a,n_b\n1,\"1,200\",900\n2,800,\"1,100\"\n3,500,600\n"],
      "fit d.csv --counts n_* --thousands , --l2 0.1", out: ["total weight 5100"]),
  ]

  private static let users =
    "id,x,y\n" + (0..<40).map { "user\($0),\($0 % 7),\($0 % 3 == 0 ? "a" : "b")\n" }.joined()

  static let identifiers: [EverydayFile] = [
    EverydayFile(
      "fit", ["d.csv": users], "fit d.csv --target y --l2 0.1", exit: 65,
      err: ["column.identifier", "\"id\"", "40", "--ignore id", "--text id"]),
    EverydayFile(
      "cv", ["d.csv": users], "cv d.csv --target y", exit: 65, err: ["column.identifier"]),
    EverydayFile(
      "check", ["d.csv": users], "check d.csv", out: ["column.identifier", "--ignore id"]),
    EverydayFile(
      "check with labels", ["d.csv": users], "check d.csv --target y", exit: 65,
      err: ["column.identifier"]),
    EverydayFile(
      "named as text", ["d.csv": users], "fit d.csv --target y --l2 0.1 --text id",
      out: ["40 rows, 40 features"]),
    EverydayFile(
      "left out", ["d.csv": users], "fit d.csv --target y --l2 0.1 --ignore id",
      out: ["40 rows, 1 features"]),
    EverydayFile(
      "dates in every row",
      [
        "d.csv": "d,y\n"
          + (10..<40).map { "2024-\($0 % 9 + 1)-\($0 % 28 + 1) \($0),\($0 % 2)\n" }.joined()
      ],
      "fit d.csv --target y", exit: 65, err: ["column.identifier", "dates"]),
  ]

  static let names: [EverydayFile] = [
    EverydayFile(
      "a line feed and wide letters in a confusion table",
      ["d.csv": "x,y\n1,\"a\nb\"\n2,日本\n1,日本\n2,\"a\nb\"\n"],
      "fit d.csv --target y --l2 0.1 -o m.json", "evaluate m.json d.csv --target y --confusion",
      out: ["a\\u{a}b  日本  all\n", "\n  日本"]),
    EverydayFile(
      "a line feed in a rare class", ["d.csv": "x,y\n1,a\n2,b\n3,\"q\nr\"\n2,a\n1,b\n"],
      "fit d.csv --target y --l2 0.1", out: ["label.rare", "\"q\\u{a}r\""]),
  ]

  private static let rare =
    "x,y\n"
    + (0..<20).map { "\($0 * 7 % 11),\($0 == 13 ? "rare" : $0 % 2 == 0 ? "a" : "b")\n" }
    .joined()
  static let annotatorColumns = "x,ann_1,ann_2,ann_3\n.1,cat,cat,dog\n.9,dog,dog,\n.4,cat,,cat\n"
  private static let long =
    "task,worker,label\nt1,w1,cat\nt1,w2,cat\nt1,w3,dog\nt2,w1,dog\nt2,w2,dog\nt2,w3,cat\n"

  static let early: [EverydayFile] = [
    EverydayFile(
      "a class of one row", ["d.csv": rare],
      "cv d.csv --target y --folds 5 --l2 0.01,0.1,1 --progress", exit: 65,
      err: ["cv.class", "\"rare\""]),
    EverydayFile(
      "votes, a column an annotator", ["d.csv": annotatorColumns], "fit d.csv --counts ann_*",
      exit: 65,
      err: ["label.value", "surprisal aggregate d.csv --annotators"]),
    EverydayFile(
      "votes, a column an annotator, in check", ["d.csv": annotatorColumns],
      "check d.csv --probs ann_*",
      exit: 65, err: ["surprisal aggregate d.csv --annotators"]),
    EverydayFile(
      "votes, a row each", ["d.csv": long], "fit d.csv --target label --l2 0.1",
      err: ["votes.rows", "--item task", "--annotator worker", "--label label"]),
    EverydayFile(
      "votes, a row each, in check", ["d.csv": long], "check d.csv --target label",
      out: ["votes.rows"]),
    EverydayFile(
      "votes, a row each, in check without labels", ["d.csv": long], "check d.csv",
      out: ["these are votes", "next: surprisal aggregate d.csv -o labels.csv\n"]),
    EverydayFile(
      "votes, a column an annotator, in check without labels", ["d.csv": annotatorColumns],
      "check d.csv",
      out: ["these are votes", "surprisal aggregate d.csv --annotators 'ann_*' -o labels.csv\n"]),
    EverydayFile(
      "texts of one prefix that share nothing",
      ["d.csv": "a_size,a_color\nsmall,red\nlarge,blue\nsmall,blue\n"], "check d.csv",
      out: ["next: surprisal check d.csv --target a_color\n"]),
    EverydayFile(
      "one odd cell among probabilities",
      ["d.csv": "x,p_a,p_b\n1,.5,.5\n2,oops,.2\n3,.1,.9\n4,.2,.8\n"], "fit d.csv --probs p_*",
      exit: 65, err: ["\"oops\"", "\n  correct the cell, or drop the row\n"]),
    EverydayFile(
      "roles of columns",
      ["d.csv": "x,p_a,p_b,n,k\n1,.5,.5,4,r1\n2,.25,.75,4,r2\n3,.75,.25,8,r3\n4,.5,.5,2,r4\n"],
      "check d.csv --probs p_* --votes-per-row n --key k",
      out: ["\n  n       votes  ", "\n  k       key  ", "\n  x       feature  "]),
  ]
}

extension EverydayFileTests {
  @Test(arguments: EverydayFile.headers) func headers(_ file: EverydayFile) throws {
    try check(file)
  }

  @Test(arguments: EverydayFile.missing) func missing(_ file: EverydayFile) throws {
    try check(file)
  }

  @Test(arguments: EverydayFile.kinds) func kinds(_ file: EverydayFile) throws { try check(file) }

  @Test(arguments: EverydayFile.identifiers) func identifiers(_ file: EverydayFile) throws {
    try check(file)
  }

  @Test(arguments: EverydayFile.names) func names(_ file: EverydayFile) throws { try check(file) }

  @Test(arguments: EverydayFile.early) func early(_ file: EverydayFile) throws { try check(file) }
}
