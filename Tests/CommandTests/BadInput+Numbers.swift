/// Cells that should be numbers, and features.
extension BadInput {
  static let numbers: [BadInput] = [
    BadInput(
      "23 decimal comma", "x;class\n1,5;a\n2,5;b\n0,5;a\n",
      type: "fit data.csv --target class -o m.json --delimiter ;", "number.syntax", "line 2",
      "\"x\"",
      "\"1,5\"", "--decimal ,"),
    BadInput(
      "23 decimal comma in one cell", "x,class\n1.5,a\n\"2,5\",b\n3,a\n", "number.syntax", "line 3",
      "--decimal ,"),
    BadInput(
      "26 infinity", "x,class\n1,a\ninf,b\n2,a\n", "number.infinite", "line 3", "\"x\""),
    BadInput("26 -Infinity", "x,class\n1,a\n-Infinity,b\n2,a\n", "number.infinite", "line 3"),
    BadInput("27 1e400", "x,class\n1,a\n1e400,b\n2,a\n", "number.overflow", "line 3", "\"1e400\""),
    BadInput(
      "29 hexadecimal", "x,class\n1,a\n0x1p-3,b\n2,a\n", "number.syntax", "line 3", "0x1p-3"),
    BadInput("29 nan(0x7)", "x,class\n1,a\nnan(0x7),b\n2,a\n", "number.syntax", "line 3"),
    BadInput("29 other digits", "x,class\n1,a\n١,b\n2,a\n", "number.syntax", "line 3"),
    BadInput("29 underscore", "x,class\n1,a\n1_000,b\n2,a\n", "number.syntax", "line 3", "1_000"),
    BadInput(
      "31 text far down",
      "x,class\n"
        + (1...20_502).map { "\($0),\($0 % 2)\n" }.joined() + "lots,1\n7,0\nmore,1\n",
      "number.syntax", "line 20504", "\"lots\"", "1 more cell"),
    BadInput(
      "31 number wanted by the model", "x,class\nred,a\nblue,b\n", files: ["m.json": model],
      type: "predict m.json data.csv -o p.csv", "number.syntax", "line 2", "\"red\""),
    BadInput(
      "70 text as weight", "x,w,class\n1,1,a\n2,u,b\n",
      type: "fit data.csv --target class --weight w -o m.json", "number.syntax", "line 3", "\"w\""),
  ]

  static let features: [BadInput] = [
    BadInput(
      "25 missing cells", "x,y,class\n1,,a\nNA,2,b\n3,null,a\nNaN,4,b\n", "missing.cells",
      "\"x\": 2 empty, the first in row 2 (data.csv, line 3)",
      "\"y\": 2 empty, the first in row 1 (data.csv, line 2)", "--missing drop"),
    BadInput(
      "25 missing at prediction", "x\n1\n\n", files: ["m.json": model],
      type: "predict m.json data.csv -o p.csv", "missing.cells", "row 2", "line 3"),
    BadInput(
      "32 identifier as feature",
      "id,class\n"
        + (0..<2002).map { "u\($0 / 2),\($0 % 3)\n" }.joined(), "limit.levels", "\"id\"", "1001",
      "is this an identifier?", "--ignore"),
    BadInput(
      "an interaction of identifiers",
      "s,t,class\n" + (1...30).map { "s\($0),t\($0 % 20),\($0 % 2)\n" }.joined(),
      type: "fit data.csv --target class --interaction s:t --text s --max-columns 500 -o m.json",
      "limit.columns", "\"s:t\"", "551", "more than 500", "--max-columns"),
    BadInput(
      "70 negative weight", "x,w,class\n1,1,a\n2,-1,b\n",
      type: "fit data.csv --target class --weight w -o m.json", "weight.value", "row 2", "line 3",
      "-1"),
    BadInput(
      "70 empty weight", "x,w,class\n1,1,a\n2,,b\n",
      type: "fit data.csv --target class --weight w -o m.json", "weight.value", "row 2", "line 3"),
    BadInput(
      "70 infinite weight", "x,w,class\n1,1,a\n2,inf,b\n",
      type: "fit data.csv --target class --weight w -o m.json", "weight.value", "line 3"),
    BadInput(
      "70 half a frequency", "x,w,class\n1,1,a\n2,1.5,b\n",
      type: "fit data.csv --target class --frequency w -o m.json", "weight.value", "row 2",
      "whole number"),
    BadInput(
      "71 all weights zero", "x,w,class\n1,0,a\n2,0,b\n",
      type: "fit data.csv --target class --weight w -o m.json", "weight.zero", "data.csv"),
    BadInput(
      "52 label file of other length", "x\n1\n2\n3\n", files: ["l.csv": "p_a,p_b\n1,0\n0,1\n"],
      type: "fit data.csv --labels l.csv --probs p_* -o m.json", "rows.mismatch", "2 rows", "3"),
    BadInput(
      "14 rows skipped in one of two files", "x,y\n1,1\n2\n3,3\n",
      files: ["l.csv": "p_a,p_b\n1,0\n0,1\n0.5\n0,1\n"],
      type: "fit data.csv --labels l.csv --probs p_* --on-bad-row skip -o m.json", "rows.mismatch"),
    BadInput(
      "weights whose sum overflows", "x,w,class\n1,1e308,a\n2,1e308,b\n",
      type: "fit data.csv --target class --weight w --l2 1e-2 -o m.json", "weight.value", "1.8e308"),
    BadInput(
      "weights without digits", "x,w,class\n1,1e-310,a\n2,1e-310,b\n",
      type: "fit data.csv --target class --weight w --l2 1e-2 -o m.json", "weight.value",
      "2e-310", "1e-300 to 1e305", "divide the weights"),
    BadInput(
      "a label named as a feature", "x,n_a,n_b\n1,1,2\n2,2,1\n",
      type: "fit data.csv --counts n_* --features x,n_a -o m.json", "column.conflict", "\"n_a\"",
      "--counts"),
    BadInput(
      "shares for a likelihood of votes", "x,n_a,n_b\n1,1,2\n2,2,1\n",
      type: "fit data.csv --counts n_* --count-weight row --likelihood multinomial -o m.json",
      "label.kind", "--count-weight"),
    BadInput(
      "a base level of a column of numbers", "x,class\n1,a\n2,b\n",
      type: "fit data.csv --target class --base x=1 -o m.json", "feature.base", "\"x\"", "--text x"),
    BadInput(
      "a column that is not there", "age,class\n1,a\n2,b\n",
      type: "fit data.csv --target class --features agee -o m.json", "column.missing", "agee",
      "did you mean \"age\"?"),
    BadInput(
      "a column the model needs", "xx\n1\n", files: ["m.json": model],
      type: "predict m.json data.csv -o p.csv", "column.missing", "\"x\"", "did you mean \"xx\"?"),
    BadInput(
      "a base level that does not occur", "s,class\nred,a\nblue,b\n",
      type: "fit data.csv --target class --base s=rad -o m.json", "feature.base", "\"rad\"",
      "\"red\""),
    BadInput(
      "an interaction of no feature", "s,t,class\n1,2,a\n2,1,b\n",
      type: "fit data.csv --target class --interaction s:u -o m.json", "column.missing", "\"u\""),
    BadInput(
      "85 a column of subnormals", "x,class\n1e-310,a\n2e-310,b\n3e-310,a\n4e-310,b\n",
      "number.range", "\"x\"", "rescale"),
    BadInput(
      "85 a column beyond the range", "x,class\n-1.7e308,a\n1.7e308,b\n1e308,a\n0,b\n",
      "number.range", "\"x\"", "rescale"),
  ]
}
