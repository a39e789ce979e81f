import Testing

/// Columns named by a range such as `x..z`.
extension EverydayFile {
  private static let columns = [
    "d.csv": "id,x,z,y,w,a..b,c\nu1,1,2,a,q,1,1\nu2,2,1,b,r,3,2\nu3,3,3,a,s,2,5\nu4,2,0,b,t,2,3\n"
  ]

  private static func range(
    _ name: String, _ flags: String, _ count: Int?, err errors: [String] = []
  ) -> EverydayFile {
    EverydayFile(
      name, columns, "fit d.csv --target y --l2 0.1 \(flags)", exit: count == nil ? 65 : 0,
      out: count.map { ["4 rows, \($0) features"] } ?? [],
      err: (count == nil ? ["column.missing"] : []) + errors)
  }

  static let ranges: [EverydayFile] = [
    range("features", "--features x..z", 2),
    range("the other way round", "--features z..x", 2),
    range("over the target, and a name", "--features x..y,c", 3),
    range("a name with points", "--features a..b", 1),
    range("an end with points", "--features a..b..c", 2),
    range("left out", "--ignore w..c,id", 2),
    range("as text", "--ignore id,w..c --text x..z", 5),
    range("no such end", "--features x..q", nil, err: ["\"q\" for --features"]),
    range("no such beginning", "--ignore q..c", nil, err: ["\"q\" for --ignore"]),
    range("no end", "--features x..", nil, err: ["\"x..\""]),
    EverydayFile(
      "probabilities", ["d.csv": "x,p_a,p_b,z\n1,.9,.1,2\n2,.2,.8,1\n3,.5,.5,0\n"],
      "fit d.csv --probs p_a..p_b --l2 0.1", out: ["3 rows, 2 features, 2 classes"]),
    EverydayFile(
      "indices of sparse features", ["d.libsvm": "0 1:1 2:3 3:1\n1 1:2 3:4\n0 2:3\n1 1:1 2:1\n"],
      "fit d.libsvm --features f2..f3 --l2 0.1", out: ["4 rows, 2 features"]),
    EverydayFile(
      "columns of a file without a header", ["d.csv": "1,2,a\n2,1,b\n3,5,a\n1,1,b\n"],
      "fit d.csv --no-header --target f3 --features f1..f2 --l2 0.1",
      out: ["4 rows, 2 features"]),
    EverydayFile(
      "columns that predictions repeat", kept, "fit d.csv --target y --features x --l2 1 -o m.json",
      "predict m.json d.csv --keep a..c", out: ["a,b,c,predicted,", "\n7,r,1,"]),
    EverydayFile(
      "members that predictions repeat",
      kept.merging(["d.ndjson": "{\"a\":7,\"b\":\"r\",\"c\":1,\"x\":2}\n"]) { $1 },
      "fit d.csv --target y --features x --l2 1 -o m.json",
      "predict m.json d.ndjson --keep a..b", out: ["\"a\"", "\"b\"", "\"r\""]),
    EverydayFile(
      "a range that a file does not have", kept,
      "fit d.csv --target y --features x --l2 1 -o m.json", "predict m.json d.csv --keep a..q",
      exit: 65, err: ["column.missing", "\"q\" for --keep"]),
    EverydayFile(
      "offsets", offsets, "fit d.csv --target y --features x --offset o_a..o_b --l2 1 -o m.json",
      "predict m.json d.csv --offset o_a..o_b", out: ["predicted,p_a,p_b\n"]),
    EverydayFile(
      "offsets of an evaluation", offsets,
      "fit d.csv --target y --features x --offset o_a..o_b --l2 1 -o m.json",
      "evaluate m.json d.csv --target y --offset o_a..o_b", out: ["4 rows,"]),
    EverydayFile(
      "offsets beside labels",
      ["d.csv": "x\n1\n2\n3\n1\n", "l.csv": "y,o_a,o_b\na,0,1\nb,1,0\na,0,1\nb,0,0\n"],
      "fit d.csv --labels l.csv --target y --offset o_a..o_b --l2 1", out: ["4 rows, 1 features"]),
    EverydayFile(
      "annotators", ["d.csv": annotatorColumns],
      "aggregate d.csv --annotators ann_1..ann_3 --method majority",
      out: ["7 votes of 3 annotators on 3 items"]),
    EverydayFile(
      "annotators, two of three", ["d.csv": annotatorColumns],
      "aggregate d.csv --annotators ann_2..ann_3 --method majority", out: ["of 2 annotators"]),
  ]

  private static let kept = ["d.csv": "a,b,c,x,y\n7,r,1,2,u\n8,s,2,1,v\n9,t,3,4,u\n1,w,4,3,v\n"]
  private static let offsets = ["d.csv": "x,o_a,o_b,y\n1,0,1,a\n2,1,0,b\n3,0,1,a\n1,0,0,b\n"]
}

extension EverydayFileTests {
  @Test(arguments: EverydayFile.ranges) func ranges(_ file: EverydayFile) throws {
    try check(file)
  }
}
