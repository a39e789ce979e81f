extension ErrorText {
  /// Cross-validation.
  static let validation: [ErrorText] = [
    ErrorText(
      "cv.folds", "folds that cannot be made",
      meaning: """
        Every fold needs a row that counts, and with --group a group of rows: there are more folds
        than that.
        """,
      example: "surprisal cv data.csv --target class --group city --folds 10, with 6 cities",
      suggestion: "ask for fewer folds; as many as rows is leave-one-out."),
    ErrorText(
      "cv.class", "a class is in one fold alone",
      meaning: """
        The rows outside a fold have nothing of a class, so a fit to them cannot give it a
        probability, and the held-out rows would have an infinite loss.
        """,
      example: "a class with one row, or with rows of a single group under --group",
      suggestion: "merge the class with another, leave it out, or find more rows of it."),
    ErrorText(
      "cv.edge", exit: "0", "the best strength is the last of the path",
      meaning: """
        The smallest held-out loss stands at an end of the path. Beyond it may be a smaller one: at
        the weak end the data may want no prior at all, at the strong end the features may say
        nothing, or the path is on another scale than the features.
        """,
      example: "surprisal cv data.csv --target class --l2 1e-6:1e-3:7",
      suggestion:
        "widen the path with --l2 FROM:TO:COUNT; --standardize makes its scale that of the data."),
    ErrorText(
      "cv.unconverged", exit: "0, 3", "fits that did not reach their optimum",
      meaning: """
        Some fits of a fold stopped before the gradient was small. Their predictions count as they
        are. Without a prior that may be separation: there is no optimum.
        """,
      example: "surprisal cv iris.csv --target class --l2 0",
      suggestion: "allow more steps with --max-iterations, or leave the weakest strengths out."),
    ErrorText(
      "cv.selected", exit: "0", "the strength was chosen on the rows of the fit",
      meaning: """
        The model was fitted with the strength that cross-validation of the same rows chose. Its
        standard errors and p-values take the strength as given before the data were seen.
        """,
      example: "surprisal cv data.csv --probs 'p_*' --refit min -o model.json",
      suggestion: "judge the model by nested scores (--nested) or on rows that had no part in it."),
    ErrorText(
      "cv.path", exit: "65", "no path of a prior's strength in the file",
      meaning: """
        report --path takes the JSON object that surprisal cv --json prints, which has an array path
        with l2 and loss of each strength. The file is JSON and holds something else.
        """,
      example: "surprisal report model.json test.csv --target class --path model.json",
      suggestion: "surprisal cv train.csv --target class --json > cv.json, then --path cv.json."),
  ]
}
