/// Labels.
extension BadInput {
  private static let probs = "fit data.csv --probs p_* -o m.json"
  private static let counts = "fit data.csv --counts n_* -o m.json"

  static let labels: [BadInput] = [
    BadInput(
      "54 negative probability", "x,p_a,p_b\n1,0.5,0.5\n2,1.2,-0.2\n", type: probs,
      "label.negative",
      "row 2", "line 3", "\"p_b\"", "-0.2"),
    BadInput(
      "54 negative count", "x,n_a,n_b\n1,1,2\n2,-1,2\n", type: counts, "label.negative", "row 2",
      "line 3", "\"n_a\""),
    BadInput(
      "55 sums", "x,p_a,p_b\n1,0.5,0.5\n2,0.5,0.43\n3,0.1,0.1\n4,1,0\n", type: probs, "label.sum",
      "row 2 (data.csv, line 3)", "0.93", "2 of 4 rows",
      "more than 1e-05; the worst is row 3 (0.2)",
      "--normalize-labels"),
    BadInput(
      "57 no mass", "x,p_a,p_b\n1,0.5,0.5\n2,0,0\n3,0,0\n", type: probs, "label.empty",
      "row 2", "line 3", "2 rows", "--drop-empty-labels"),
    BadInput(
      "57 no votes", "x,n_a,n_b\n1,3,4\n2,0,0\n", type: counts, "label.empty", "row 2",
      "line 3", "--drop-empty-labels"),
    BadInput(
      "58 empty label cell", "x,p_a,p_b\n1,0.5,0.5\n2,NaN,1\n", type: probs, "label.value",
      "line 3", "\"p_a\""),
    BadInput(
      "58 infinite label", "x,n_a,n_b\n1,1,1\n2,inf,1\n", type: counts, "label.value",
      "line 3", "\"n_a\""),
    BadInput(
      "58 text label", "x,p_a,p_b\n1,0.5,0.5\n2,yes,1\n", type: probs, "label.value",
      "line 3", "\"yes\""),
    BadInput("58 no class", "x,class\n1,a\n2,\n", "label.value", "line 3", "\"class\""),
    BadInput(
      "59 fractions as target", "x,class\n" + (1...13).map { "\($0),0.\($0)1\n" }.joined(),
      "label.kind", "\"class\"", "--probs"),
    BadInput(
      "60 votes as probabilities", "x,p_a,p_b\n1,3,4\n2,1,2\n", type: probs, "label.sum",
      "row 1", "line 2", "--counts"),
    BadInput(
      "61 fractional counts", "x,n_a,n_b\n1,3,4\n2,1.5,2\n", type: counts, "label.fractional",
      "row 2", "line 3", "\"n_a\"", "--likelihood categorical"),
    BadInput(
      "62 counts of 1e308", "x,n_a,n_b\n1,3,4\n2,1e308,1e308\n", type: counts,
      "label.overflow", "row 2", "line 3"),
    BadInput(
      "62 relative weights of 1e308", "x,p_a,p_b\n1,3,4\n2,1e308,1e308\n",
      type: probs + " --normalize-labels", "label.overflow", "row 2", "line 3"),
    BadInput(
      "63 identifier as target", "x,class\n" + (1...30).map { "\($0),u\($0)\n" }.joined(),
      "label.many", "\"class\"", "30", "--max-classes"),
    BadInput(
      "63 a thousand and one classes",
      "x,class\n"
        + (0...2500).map { "\($0),u\($0 % 1001)\n" }.joined(), "label.many", "1001"),
    BadInput("64 one class", "x,class\n1,a\n2,a\n", "label.oneclass", "data.csv"),
    BadInput("64 one label column", "x,p_a\n1,1\n2,1\n", type: probs, "label.oneclass", "--probs"),
    BadInput(
      "66 a class never seen", "x,n_a,n_b,n_c\n1,1,2,0\n2,2,1,0\n", type: counts,
      "label.neverseen", "\"n_c\"", "--no-intercept"),
    BadInput(
      "66 a class of weight zero alone", "x,w,class\n1,1,a\n2,1,b\n3,0,c\n",
      type: "fit data.csv --target class --weight w -o m.json", "label.neverseen", "\"c\""),
    BadInput(
      "68 unknown class", "x,class\n1,a\n2,zebra\n", files: ["m.json": model],
      type: "evaluate m.json data.csv --target class", "label.unknown", "\"zebra\""),
    BadInput(
      "no such label column", "x,klass\n1,a\n2,b\n", "column.missing", "\"class\"",
      "did you mean \"klass\"?"),
    BadInput(
      "a pattern that matches nothing", "x,q_a,q_b\n1,1,0\n", type: probs, "column.missing",
      "--probs", "p_*"),
    BadInput(
      "83 no rows are left", "x,class\n,a\n,b\n",
      type: "fit data.csv --target class --missing drop -o m.json", "data.norows", "data.csv"),
    BadInput(
      "check refuses what fit refuses", "x,p_a,p_b\n1,0.5,0.5\n2,0.5,0.43\n",
      type: "check data.csv --probs p_*", "label.sum", "row 2"),
  ]
}
