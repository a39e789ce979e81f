extension ErrorText {
  /// Features, weights and missing cells.
  package static let features: [ErrorText] = [
    ErrorText(
      "missing.cells", exit: "65; 0, 3 as a warning", "empty cells in feature columns",
      meaning: """
        Missing are cells that are empty or say NA, N/A, NaN, null or ?. Nothing is dropped or filled
        in unless asked for, since that changes what is estimated. As a warning: what --missing did.
        """,
      example: "x,class\n1,a\n,b",
      suggestion: """
        --missing drop leaves the rows out; --missing mean puts the mean (the commonest level) there;
        --missing indicator does so and adds a column that says where. Or --ignore the column.
        """),
    ErrorText(
      "feature.level", "a level that the model was not fitted on",
      meaning: """
        A text column holds a level that has no coefficient. To treat it as the base level would be a
        guess.
        """,
      example: "predicting color = green with a model fitted on red and blue",
      suggestion: "correct the cell, or fit again with rows of that level."),
    ErrorText(
      "feature.base", "the base level asked for does not occur",
      meaning: "--base COLUMN=LEVEL names a level that the column does not have.",
      example: "--base size=smal", suggestion: "name one of the levels listed."),
    ErrorText(
      "weight.value", "a weight that cannot be one",
      meaning: """
        Importance weights are finite and not negative; frequencies are whole numbers besides. An
        empty cell is no weight either.
        """,
      example: "w\n1\n-2", suggestion: "correct the cell; weight 0 leaves a row out."),
    ErrorText(
      "weight.zero", "every weight is zero",
      meaning: "No row counts, so there is nothing to fit.",
      example: "w\n0\n0", suggestion: "check the column named with --weight or --frequency."),
  ]
}
