/// Votes of annotators.
extension BadInput {
  private static let long = "aggregate data.csv -o labels.csv"
  private static let wide = "aggregate data.csv --annotators ann_* -o labels.csv"
  private static let head = "item,annotator,label\n"
  private static let rows = "item,x,y\n1,0,a\n2,1,b\n3,2,a\n4,1,b\n"
  private static let cast = ["votes.csv": head + "1,u,a\n2,u,b\n3,v,a\n4,v,b\n"]
  private static let joint = "fit data.csv --features x --votes votes.csv"

  static let votes: [BadInput] = [
    BadInput(
      "votes and labels", rows, files: cast, type: joint + " --target y", exit: 64, "usage",
      "--votes", "--target"),
    BadInput(
      "votes on items without rows", "item,x\n1,0\n2,1\n3,2\n", files: cast, type: joint,
      "rows.mismatch", "\"4\"", "--on-bad-row skip"),
    BadInput(
      "two rows of an item", rows + "1,3,a\n", files: cast, type: joint, "rows.mismatch", "\"1\""),
    BadInput(
      "no column that joins votes", rows, files: cast, type: joint + " --key id",
      "column.missing", "--key", "\"id\""),
    BadInput(
      "no such column of votes", rows, files: cast, type: joint + " --label vote",
      "column.missing", "--label", "\"vote\""),
    BadInput(
      "a class that nobody voted for", rows, files: cast, type: joint + " --classes a,b,c",
      "label.neverseen", "\"c\""),
    BadInput(
      "votes and a checkpoint", rows, files: cast,
      type: joint + " --model mlp --checkpoint c.bin", exit: 64, "usage", "--checkpoint", "--votes"),
    BadInput(
      "votes and a file of validation rows", rows, files: cast,
      type: joint + " --model mlp --validation rows.csv", exit: 64, "usage", "--validation",
      "a share"),
    BadInput(
      "votes and Jeffreys' prior", rows, files: cast, type: joint + " --prior jeffreys",
      exit: 64, "usage", "--prior jeffreys", "votes"),
    BadInput(
      "votes and a test of columns", rows, files: cast, type: joint + " --test x", exit: 64,
      "usage", "--test", "--votes"),
    BadInput(
      "pseudo-counts without votes", rows, type: "fit data.csv --target y --pseudo-counts 1",
      exit: 64, "usage", "--pseudo-counts", "--votes"),
    BadInput(
      "no column of annotators", "item,who,label\n1,x,a\n", type: long, "column.missing",
      "annotators", "--annotator", "\"worker\"", "\"who\"", "--annotators 'ann_*'"),
    BadInput(
      "no column of labels", "item,worker,x\n1,x,a\n", type: long, "column.missing", "--label"),
    BadInput(
      "a column that is not there", head + "1,x,a\n", type: long + " --item tusk",
      "column.missing", "--item", "\"tusk\""),
    BadInput(
      "no column an annotator", head + "1,x,a\n", type: wide, "column.missing", "--annotators",
      "\"ann_*\""),
    BadInput(
      "an empty label", head + "1,x,a\n2,x,\n", type: long, "label.value", "line 3", "\"label\""),
    BadInput(
      "an empty item", head + "1,x,a\n,x,b\n", type: long, "label.value", "line 3", "an item"),
    BadInput(
      "an empty annotator", head + "1,,a\n2,x,b\n", type: long, "label.value", "line 2",
      "an annotator"),
    BadInput(
      "one class", head + "1,x,a\n2,x,a\n", type: long, "label.oneclass", "\"a\"", "--classes"),
    BadInput(
      "a class that is not listed", head + "1,x,aa\n2,x,b\n", type: long + " --classes ab,b",
      "label.unknown", "\"aa\"", "did you mean \"ab\"?"),
    BadInput(
      "too many classes", head + (0...1000).map { "1,x,c\($0)\n" }.joined(), type: long,
      "label.many", "1001", "--max-classes"),
    BadInput(
      "a table without votes", "id,ann_1,ann_2\n1,,\n", type: wide, "data.norows", "no vote"),
    BadInput(
      "votes of weight zero", "item,annotator,label,w\n1,x,a,0\n2,x,b,0\n",
      type: long + " --weight w", "data.norows", "weight zero"),
    BadInput(
      "a negative weight", "item,annotator,label,w\n1,x,a,1\n2,x,b,-1\n",
      type: long + " --weight w", "weight.value", "line 3", "-1"),
    BadInput(
      "matrices that do not fit",
      head + (0..<300).map { "1,w\($0),c\($0)\n" }.joined(),
      type: long + " --max-memory 10M", exit: 71, "limit.memory", "300 annotators"),
    BadInput(
      "restarts without a model", head + "1,x,a\n2,x,b\n",
      type: long + " --method shares --restarts 3", exit: 64, "usage", "--restarts"),
    BadInput(
      "pseudo-counts in place of a concentration", head + "1,x,a\n2,x,b\n",
      type: long + " --method hierarchical --pseudo-counts 1", exit: 64, "usage",
      "--pseudo-counts", "hierarchical"),
    BadInput(
      "a test of given matrices", head + "1,x,a\n2,x,b\n",
      type: long + " --method hierarchical --fit-test 9", exit: 64, "usage", "--fit-test",
      "dawid-skene"),
    BadInput(
      "pseudo-counts in place of the prior of abilities", head + "1,x,a\n2,x,b\n",
      type: long + " --method glad --pseudo-counts 1", exit: 64, "usage", "--pseudo-counts",
      "glad, whose abilities have a prior"),
    BadInput(
      "a test of matrices that differ by item", head + "1,x,a\n2,x,b\n",
      type: long + " --method glad --fit-test 9", exit: 64, "usage", "--fit-test", "dawid-skene"),
    BadInput(
      "tables of difficulties that do not fit in memory",
      head + (0..<3000).map { "\($0 % 50),w\($0),c\($0 % 3)\n" }.joined(),
      type: long + " --method glad --max-memory 2M", exit: 71, "limit.memory"),
    BadInput(
      "too heavy votes", "item,annotator,label,w\n1,x,a,1e6\n2,x,b,5\n",
      type: long + " --method hierarchical --weight w", "weight.value", "\"x\"", "1000000"),
    BadInput(
      "negative pseudo-counts", head + "1,x,a\n2,x,b\n", type: long + " --pseudo-counts -1",
      exit: 64, "usage", "--pseudo-counts"),
    BadInput(
      "pseudo-counts beyond what is counted", head + "1,x,a\n2,x,b\n",
      type: long + " --pseudo-counts 1e308", exit: 64, "usage", "--pseudo-counts"),
    BadInput(
      "two forms at a time", head + "1,x,a\n2,x,b\n", type: wide + " --label label", exit: 64,
      "usage", "--annotators"),
    BadInput(
      "one class listed", head + "1,x,a\n2,x,b\n", type: long + " --classes a", exit: 64, "usage",
      "--classes"),
    BadInput(
      "contradicting gold", head + "1,x,a\n2,x,b\n",
      files: ["g.csv": "item,gold\n1,a\n1,b\n"], type: long + " --gold g.csv",
      "votes.contradiction", "line 3", "\"1\""),
    BadInput(
      "gold of a class nobody voted for", head + "1,x,a\n2,x,b\n",
      files: ["g.csv": "item,gold\n1,c\n"], type: long + " --gold g.csv", "label.unknown",
      "\"c\"", "--classes"),
    BadInput(
      "gold of other items", head + "1,x,a\n2,x,b\n",
      files: ["g.csv": "item,gold\n01,a\n"], type: long + " --gold g.csv", "votes.items"),
    BadInput(
      "gold without a column of classes", head + "1,x,a\n2,x,b\n",
      files: ["g.csv": "item,u,v\n1,a,b\n"], type: long + " --gold g.csv", "column.missing",
      "gold", "\"u\""),
  ]
}
