extension ErrorText {
  /// What a fit can end with.
  static let fits: [ErrorText] = [
    ErrorText(
      "fit.separation", exit: "0, 3", "there is no finite maximum",
      meaning: """
        Along some direction of the coefficients the likelihood rises without end: the classes named
        can be told apart without error by the columns named (complete separation), or but for ties
        (quasi-complete). The direction was checked on every row. Coefficients that run off print as
        a dash, the others stay valid.
        """,
      example: "x,class\n1,a\n2,a\n3,b\n4,b",
      suggestion:
        "a prior makes coefficients finite: --l2 1e-3, or --prior jeffreys; or drop the column."
    ),
    ErrorText(
      "fit.aliased", exit: "0, 3", "columns that are combinations of others",
      meaning: """
        Of columns that depend on each other (a constant column depends on the intercept) the later
        ones get no coefficient: any share could be moved from one to the other without changing a
        fitted probability. The combination is printed.
        """,
      example: "celsius,fahrenheit,class",
      suggestion: "nothing need be done; leave a column out with --ignore, or use a prior (--l2)."),
    ErrorText(
      "fit.existence", exit: "0, 3", "whether a maximum exists is not known",
      meaning: """
        The search for a separating direction, and for the proof that there is none, ended without
        either; the message says why. A small gradient alone does not tell.
        """,
      example: "many classes and columns, nearly dependent",
      suggestion: "look at very large coefficients with suspicion, or use a prior (--l2)."),
    ErrorText(
      "fit.boundary", exit: "0", "a parameter of the likelihood ran to its boundary",
      meaning: """
        The optimum lies where a parameter of the likelihood itself (a dispersion, a precision, a
        confusion) is zero, infinite or one: the likelihood has turned into a simpler one there, and
        intervals for the parameter do not hold.
        """,
      example: "a Dirichlet-multinomial fit of votes that vary no more than multinomial ones",
      suggestion: "fit the simpler likelihood that the message names."),
    ErrorText(
      "fit.optima", exit: "0", "the starts led to different optima",
      meaning: """
        The likelihood is not concave, and the fit was started from several points. The best optimum
        is reported, the objectives of the others are listed.
        """,
      example: "a noisy-label fit with an unknown confusion matrix",
      suggestion: "nothing need be done; more starts make it surer that the best one was found."),
    ErrorText(
      "fit.caution", exit: "0", "something to keep in mind about the likelihood",
      meaning: "Results under this likelihood read differently from what one may expect.",
      example: "continuous-categorical predicts a mean that is not the softmax of the logits",
      suggestion: "nothing need be done."),
    ErrorText(
      "fit.layers", exit: "0", "hidden layers were chosen on rows held out",
      meaning: """
        With --hidden auto the linear model and a few networks are trained on the same rows. The one
        with the smallest divergence on the rows held out is taken. The best network is compared with
        the linear model, with an interval; as the best of several it looks a little too good.
        """,
      example: "fit digits.csv --target class --model mlp --hidden auto",
      suggestion: "give the layers with --hidden; cv and compare judge on rows of their own."),
    ErrorText(
      "fit.notconverged", exit: "0, 3", "the solver stopped before it converged",
      meaning: """
        The gradient is above --tolerance: the iterations ran out, or no step improved the objective
        any more. The result is the best point found; gradient and distance are printed.
        """,
      example: "--max-iterations 3", suggestion: "--max-iterations N, another --solver, or a prior."
    ),
    ErrorText(
      "fit.nocovariance", exit: "3", "there is no covariance for --vcov",
      meaning: """
        The coefficients have no covariance, for the reason given: the fit did not converge, its
        maximum is infinite, or there are too many coefficients. The model is written all the same.
        """,
      example: "surprisal fit separated.csv --target class --vcov v.csv -o model.json",
      suggestion: "mend the reason, or leave --vcov out."),
    ErrorText(
      "specification.json", "JSON that is no specification",
      meaning: """
        The file of --config holds one JSON object. Members that are missing have their defaults; a
        member that a specification does not have, or a value of another kind, is refused: a slip in
        a name would otherwise leave the default in force without a word.
        """,
      example: #"{"prior": {"lambda": 0.01}}"#,
      suggestion: "write l2 for the strength; surprisal fit --json prints a whole specification."),
    ErrorText(
      "specification.value", "a value that a specification cannot have",
      meaning: """
        A member of the specification is outside of what it may be, alone or beside the others. The
        message names it by its place in the JSON.
        """,
      example: #"{"tolerance": 0}"#,
      suggestion: "give a value of the kind that the message names."),
  ]
}

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

extension ErrorText {
  /// What a calibration can end with.
  static let calibrations: [ErrorText] = [
    ErrorText(
      "calibrate.zero", "a predicted probability of zero has no logit",
      meaning: """
        Scalings work on the logarithms of predicted probabilities. A zero in a file of \
        predictions is
        usually a small number that was rounded, and what it was cannot be told. Nothing is put \
        in its
        place.
        """,
      example: "p_a,p_b\n1.0,0.0",
      suggestion: "write the predictions with all their digits, or use --method isotonic."),
    ErrorText(
      "calibrate.rows", "too few rows for this method",
      meaning: """
        Without a prior, as many coefficients a class as rows follow the labels exactly and say \
        nothing
        about new rows. Matrix scaling has as many coefficients a class as there are classes, and
        Dirichlet scaling one more.
        """,
      example: "surprisal calibrate model.json five-rows.csv --target class --method matrix",
      suggestion: "--method temperature, a prior (--l2 LAMBDA), or more rows."),
    ErrorText(
      "calibrate.separated", "there is no finite optimum",
      meaning: """
        On these rows the likelihood rises without end along some direction of the parameters. The
        temperature, for instance, tends to zero where the most probable class is always the \
        class of
        the label. What it tends to are predictions without any doubt, the opposite of a \
        calibration.
        """,
      example: "held-out rows that the model predicts without an error",
      suggestion: "use more rows, a prior (--l2 LAMBDA), or a method of fewer parameters."),
    ErrorText(
      "calibrate.reversed", "the best temperature is not positive",
      meaning: """
        Where the predictions favour a class the labels have it less often: no positive \
        temperature is
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
        The model has exactly the loss on these rows that its file records for its own. There it \
        looks
        better calibrated than it is, a softmax regression without prior even perfectly so, and the
        temperature comes out near 1. Only the numbers are compared: training rows of which some are
        missing are not noticed.
        """,
      example: "surprisal calibrate model.json train.csv --target class",
      suggestion: "calibrate on rows that took no part in the fit."),
    ErrorText(
      "calibrate.impossible", exit: "0, 3", "isotonic regression makes some probabilities zero",
      meaning: """
        Below some predicted probability no row had the class at all, so the estimate there is \
        zero. A
        new row that has it is then impossible under the calibrated model, and its cross entropy is
        infinite.
        """,
      example: "surprisal calibrate model.json heldout.csv --target class --method isotonic",
      suggestion: "use a scaling where cross entropy matters, or more rows."),
  ]
}
