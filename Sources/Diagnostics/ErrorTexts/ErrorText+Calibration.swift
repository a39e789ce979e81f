extension ErrorText {
  /// What a calibration can end with.
  static let calibrations: [ErrorText] = [
    ErrorText(
      "calibrate.zero", "a predicted probability of zero has no logit",
      meaning: """
        Scalings work on the logarithms of predicted probabilities. A zero in a file of predictions is
        usually a small number that was rounded, and what it was cannot be told. Nothing is put in its
        place.
        """,
      example: "p_a,p_b\n1.0,0.0",
      suggestion: "write the predictions with all their digits, or use --method isotonic."),
    ErrorText(
      "calibrate.rows", "too few rows for this method",
      meaning: """
        Without a prior, as many coefficients a class as rows follow the labels exactly and say nothing
        about new rows. Matrix scaling has as many coefficients a class as there are classes, and
        Dirichlet scaling one more.
        """,
      example: "surprisal calibrate model.json five-rows.csv --target class --method matrix",
      suggestion: "--method temperature, a prior (--l2 LAMBDA), or more rows."),
    ErrorText(
      "calibrate.separated", "there is no finite optimum",
      meaning: """
        On these rows the likelihood rises without end along some direction of the parameters. The
        temperature, for instance, tends to zero where the most probable class is always the class of
        the label. What it tends to are predictions without any doubt, the opposite of a calibration.
        """,
      example: "held-out rows that the model predicts without an error",
      suggestion: "use more rows, a prior (--l2 LAMBDA), or a method of fewer parameters."),
    ErrorText(
      "calibrate.reversed", "the best temperature is not positive",
      meaning: """
        Where the predictions favour a class the labels have it less often: no positive temperature is
        better than an infinite one. Mostly the classes or the rows of labels and predictions do not
        belong together.
        """,
      example: "predictions whose columns p_a and p_b were exchanged",
      suggestion: "check the names of the classes and the order of the rows."),
    ErrorText(
      "calibrate.uniform", "the predictions do not differ between classes",
      meaning: "A scaling of equal probabilities changes nothing, whatever its parameters.",
      example: "p_a,p_b\n0.5,0.5\n0.5,0.5", suggestion: "check the predictions."),
    ErrorText(
      "calibrate.range", "the parameters left the range of doubles",
      meaning:
        "The fit ended at parameters that are not finite numbers, so there is no map to keep.",
      example: "predictions that are extremely close together",
      suggestion: "use a prior (--l2 LAMBDA), or --method temperature."),
    ErrorText(
      "calibrate.training", exit: "0, 3", "these look like the rows of the fit",
      meaning: """
        The model has exactly the loss on these rows that its file records for its own. There it looks
        better calibrated than it is, a softmax regression without prior even perfectly so, and the
        temperature comes out near 1. Only the numbers are compared: training rows of which some are
        missing are not noticed.
        """,
      example: "surprisal calibrate model.json train.csv --target class",
      suggestion: "calibrate on rows that took no part in the fit."),
    ErrorText(
      "calibrate.impossible", exit: "0, 3", "isotonic regression makes some probabilities zero",
      meaning: """
        Below some predicted probability no row had the class at all, so the estimate there is zero. A
        new row that has it is then impossible under the calibrated model, and its cross entropy is
        infinite.
        """,
      example: "surprisal calibrate model.json heldout.csv --target class --method isotonic",
      suggestion: "use a scaling where cross entropy matters, or more rows."),
  ]
}
