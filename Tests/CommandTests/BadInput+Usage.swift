/// Invalid command lines, impossible outputs, and model files.
extension BadInput {
  private static let good = "x,class\n1,a\n2,b\n3,a\n4,b\n"
  private static let fit = "fit data.csv --target class"

  /// A model of x alone: the result of `fit` for `good`, with a prior.
  static let model = GoldenModel.text

  static let usage: [BadInput] = [
    BadInput(
      "37 - twice", good, type: "fit - --labels - --probs p_* -o m.json", exit: 64, "usage",
      "twice"),
    BadInput("37 no file", good, type: "fit --target class", exit: 64, "usage", "file"),
    BadInput("no labels", good, type: "fit data.csv", exit: 64, "usage", "--target"),
    BadInput("two kinds of label", good, type: fit + " --probs p_*", exit: 64, "usage", "--probs"),
    BadInput(
      "92 unknown flag", good, type: fit + " --no-such-flag", exit: 64, "usage",
      "--no-such-flag"),
    BadInput(
      "92 unknown flag of check", good, type: "check data.csv --no-such-flag", exit: 64,
      "usage", "--no-such-flag"),
    BadInput(
      "92 unknown command", good, type: "fitt data.csv", exit: 64, "usage", "\"fitt\"",
      "did you mean \"fit\"?"),
    BadInput("92 negative penalty", good, type: fit + " --l2 -1", exit: 64, "usage", "--l2=-1"),
    BadInput("92 penalty nan", good, type: fit + " --l2=nan", exit: 64, "usage", "--l2"),
    BadInput("92 penalty of no number", good, type: fit + " --l2 much", exit: 64, "usage", "--l2"),
    BadInput(
      "92 unknown prior", good, type: fit + " --prior gausian", exit: 64, "usage", "gausian",
      "did you mean \"gaussian\"?"),
    BadInput("92 tolerance", good, type: fit + " --tolerance 0", exit: 64, "usage", "--tolerance"),
    BadInput(
      "92 iterations", good, type: fit + " --max-iterations 0", exit: 64, "usage",
      "--max-iterations"),
    BadInput(
      "92 unknown reference", good, type: fit + " --reference c -o m.json", exit: 64, "usage",
      "--reference"),
    BadInput("125 no threads", good, type: fit + " -j 0 -o m.json", exit: 64, "usage", "--threads"),
    BadInput("unknown code", good, type: "explain-error label.smu", exit: 64, "usage", "label.sum"),
    BadInput(
      "112 folder missing", good, type: fit + " -o none/m.json", exit: 73, "io.create",
      "none/m.json", "folder does not exist"),
    BadInput(
      "112 output is a directory", good, files: ["folder/": ""], type: fit + " -o folder",
      exit: 73, "io.create", "it is a directory"),
    BadInput(
      "112 folder is a file", good, files: ["f": "x"], type: fit + " -o f/m.json", exit: 73,
      "io.create", "f/m.json"),
    BadInput(
      "113 no clobber", good, files: ["m.json": "old"], type: fit + " -o m.json --no-clobber",
      exit: 73, "io.create", "it exists"),
    BadInput(
      "114 output is the input", good, type: fit + " -o data.csv", exit: 64, "usage",
      "same file"),
    BadInput(
      "114 output is the input by another path", good, type: fit + " -o ./data.csv", exit: 64,
      "usage", "same file"),
    BadInput(
      "114 rejects are the input", good,
      type: fit + " --on-bad-row skip --rejects data.csv -o m.json", exit: 64, "usage", "same file"),
    BadInput(
      "112 folder of rejects missing", good,
      type: fit + " --on-bad-row skip --rejects none/r.csv -o m.json", exit: 73, "io.create",
      "none/r.csv"),
    BadInput(
      "112 predictions: folder missing", "x\n1\n", files: ["m.json": model],
      type: "predict m.json data.csv -o none/p.csv", exit: 73, "io.create", "none/p.csv"),
    BadInput(
      "112 predictions: a directory", "x\n1\n", files: ["m.json": model, "folder/": ""],
      type: "predict m.json data.csv -o folder", exit: 73, "io.create", "it is a directory"),
    BadInput(
      "114 predictions over the data", "x\n1\n", files: ["m.json": model],
      type: "predict m.json data.csv -o data.csv", exit: 64, "usage", "same file"),
    BadInput(
      "114 predictions over the model", "x\n1\n", files: ["m.json": model],
      type: "predict m.json data.csv -o m.json", exit: 64, "usage", "same file"),
    BadInput(
      "114 rejects of predictions over the model", "x\n1\n", files: ["m.json": model],
      type: "predict m.json data.csv --on-bad-row skip --rejects m.json", exit: 64, "usage",
      "same file"),
  ]

  static let validation: [BadInput] = [
    BadInput(
      "cv: more folds than rows", good, type: "cv data.csv --target class --folds 5",
      "cv.folds", "4 rows"),
    BadInput(
      "cv: more folds than groups", "x,g,class\n1,u,a\n2,u,b\n3,v,a\n4,v,b\n",
      type: "cv data.csv --target class --group g --folds 3 --quiet", "cv.folds", "2 groups"),
    BadInput(
      "cv: a class in one fold alone", "x,class\n1,a\n2,b\n3,a\n4,b\n5,c\n",
      type: "cv data.csv --target class --folds 2 --quiet", "cv.class", "\"c\""),
    BadInput(
      "cv: no such group", good, type: "cv data.csv --target class --group city",
      "column.missing", "--group"),
    BadInput(
      "cv: a path of no numbers", good, type: "cv data.csv --target class --l2 1:x:3", exit: 64,
      "usage", "--l2"),
    BadInput(
      "cv: a negative strength", good, type: "cv data.csv --target class --l2=-1,2", exit: 64,
      "usage", "--l2"),
    BadInput(
      "cv: one fold", good, type: "cv data.csv --target class --folds 1", exit: 64, "usage",
      "--folds"),
    BadInput(
      "cv: a model without a fit", good, type: "cv data.csv --target class --folds 2 -o m.json",
      exit: 64, "usage", "--refit"),
    BadInput(
      "cv: predictions over the data", good,
      type: "cv data.csv --target class --folds 2 --predictions-out data.csv", exit: 64, "usage",
      "same file"),
    BadInput(
      "compare: nothing to compare", good, type: "compare data.csv --target class", exit: 64,
      "usage", "--predictions"),
    BadInput(
      "compare: other classes", "x,class\n1,a\n2,b\n",
      files: ["m.json": model, "p.csv": "p_a,p_b,p_c\n0.5,0.5,0\n0.5,0.5,0\n"],
      type: "compare m.json data.csv --target class --predictions p.csv", exit: 64, "usage",
      "same classes"),
    BadInput(
      "compare: other rows", "x,class\n1,a\n2,b\n",
      files: ["m.json": model, "p.csv": "p_a,p_b\n0.5,0.5\n"],
      type: "compare m.json data.csv --target class --predictions p.csv", "rows.mismatch",
      "p.csv"),
    BadInput(
      "compare: a name too few", "x,class\n1,a\n2,b\n",
      files: ["m.json": model, "n.json": model],
      type: "compare m.json n.json data.csv --target class --names a", exit: 64, "usage",
      "--names"),
    BadInput(
      "compare: against nobody", "x,class\n1,a\n2,b\n",
      files: ["m.json": model, "n.json": model],
      type: "compare m.json n.json data.csv --target class --against q", exit: 64, "usage",
      "--against"),
    BadInput(
      "evaluate: an order nobody stated", "x,class\n1,a\n2,b\n", files: ["m.json": model],
      type: "evaluate m.json data.csv --target class --fail-if rps>1", exit: 64, "usage",
      "--ordered"),
    BadInput(
      "evaluate: no columns of predictions", "x,class\n1,a\n2,b\n",
      files: ["other.csv": "item,ann\n1,a\n2,b\n"],
      type: "evaluate data.csv --target class --predictions other.csv", "column.missing",
      "--prediction-columns \"p_*\"", "\"ann\""),
    BadInput(
      "evaluate: no such cluster", "x,class\n1,a\n2,b\n", files: ["m.json": model],
      type: "evaluate m.json data.csv --target class --cluster city", "column.missing",
      "--cluster"),
  ]

  static let models: [BadInput] = [
    BadInput(
      "no model", "x\n1\n", type: "predict none.json data.csv -o p.csv", exit: 66, "io.open",
      "none.json"),
    BadInput(
      "96 truncated", "x\n1\n", files: ["m.json": String(model.dropLast(20))],
      type: "predict m.json data.csv -o p.csv", "model.truncated", "m.json"),
    BadInput(
      "97 one letter changed", "x\n1\n",
      files: ["m.json": model.replacing("\"a\"", with: "\"c\"", maxReplacements: 1)],
      type: "summary m.json", "model.checksum", "m.json"),
    BadInput(
      "97 inspect says so too", "x\n1\n",
      files: ["m.json": model.replacing("\"a\"", with: "\"c\"", maxReplacements: 1)],
      type: "inspect m.json", "model.checksum", "m.json"),
    BadInput(
      "108 data as model", good, type: "predict data.csv data.csv -o p.csv", "model.foreign",
      "data.csv"),
    BadInput(
      "108 another tool's model", "x\n1\n",
      files: ["m.json": "{\"learner\":{\"gradient_booster\":{}},\"version\":[2,0,0]}\n"],
      type: "predict m.json data.csv -o p.csv", "model.foreign", "XGBoost"),
    BadInput(
      "96 empty model", "x\n1\n", files: ["m.json": ""],
      type: "predict m.json data.csv -o p.csv", "model.truncated", "m.json"),
    BadInput(
      "a column of the model that is not there", "s\n3\n4\n", files: ["m.json": model],
      type: "predict m.json data.csv -o p.csv", "column.missing", "\"x\""),
  ]
}
