extension ErrorText {
  /// Results of a fit.
  static let fits: [ErrorText] = [
    ErrorText(
      "fit.separation", exit: "0, 3", "there is no finite maximum",
      meaning: """
        Along some direction of the coefficients the likelihood increases without bound: the named
        columns separate the named classes without error (complete separation), or without error
        except for ties (quasi-complete). The direction was checked on every row. Infinite
        coefficients are printed as a dash; the others remain valid.
        """,
      example: "x,class\n1,a\n2,a\n3,b\n4,b",
      suggestion:
        "a prior makes coefficients finite: --l2 1e-3, or --prior jeffreys; or drop the column."
    ),
    ErrorText(
      "fit.aliased", exit: "0, 3", "columns that are linear combinations of others",
      meaning: """
        If columns depend on each other (a constant column depends on the intercept), the later ones
        get no coefficient: any part of one coefficient could be moved to another without changing a
        fitted probability. The combination is printed.
        """,
      example: "celsius,fahrenheit,class",
      suggestion: "no action is needed; leave a column out with --ignore, or use a prior (--l2)."),
    ErrorText(
      "fit.existence", exit: "0, 3", "it is not known whether a maximum exists",
      meaning: """
        The search ended without finding a separating direction and without a proof that there is
        none; the message gives the reason. A small gradient alone does not decide the question.
        """,
      example: "many classes and columns that are nearly dependent",
      suggestion: "do not trust very large coefficients, or use a prior (--l2)."),
    ErrorText(
      "fit.digits", exit: "0", "rounding leaves few digits of a fit",
      meaning: """
        Columns are nearly dependent, or the values of a column differ so much in size, that sums of
        doubles have fewer than three correct digits of the distance from the minimum or of the
        standard errors. Small fits of classes, proportions and votes are repeated with twice the
        digits first; this one is too large for that, or has another likelihood. Or a standard
        error is so small beside its coefficient that a double cannot hold the estimate to a small
        part of it.
        """,
      example: "a column with one value of 1e15 among ordinary ones, under --labels candidates",
      suggestion:
        "check the largest values; rescale, leave out or combine columns, or use a prior (--l2)."),
    ErrorText(
      "fit.boundary", exit: "0", "a parameter of the likelihood is at its boundary",
      meaning: """
        At the optimum a parameter of the likelihood itself (a dispersion, a precision, a confusion
        probability) is zero, infinite or one. The likelihood then equals a simpler one, and
        intervals for the parameter are not valid.
        """,
      example: "a Dirichlet-multinomial fit of votes that vary no more than multinomial ones",
      suggestion: "fit the simpler likelihood that the message names."),
    ErrorText(
      "fit.optima", exit: "0", "the starts led to different optima",
      meaning: """
        The likelihood is not concave, and the fit was started from several points. The best optimum
        is reported, and the objectives of the others are listed.
        """,
      example: "a noisy-label fit with an unknown confusion matrix",
      suggestion:
        "no action is needed; more starts make it more likely that the best optimum is found."),
    ErrorText(
      "fit.caution", exit: "0", "a property of the likelihood to keep in mind",
      meaning: "Results under this likelihood differ from what one may expect.",
      example: "continuous-categorical predicts a mean that is not the softmax of the logits",
      suggestion: "no action is needed."),
    ErrorText(
      "fit.layers", exit: "0", "the hidden layers were chosen on held-out rows",
      meaning: """
        With --hidden auto the linear model and a few networks are trained on the same rows, and the
        one with the smallest divergence on held-out rows is used. The best network is compared with
        the linear model, with an interval; because it is the best of several, its score is slightly
        optimistic.
        """,
      example: "fit digits.csv --target class --model mlp --hidden auto",
      suggestion:
        "give the layers with --hidden; cv and compare use separate rows for their scores."),
    ErrorText(
      "fit.prior", exit: "0", "the prior of a network was chosen on held-out rows",
      meaning: """
        Without --l2, --prior and options of training, networks are trained under Gaussian priors of
        l2 1e-4, 1e-3 and 1e-2 until the divergence on held-out rows rises by more than a
        hundredth, and the strongest one before that is used. If that is 1e-4, then 1e-5 is tried,
        and used if the divergence is more than a tenth smaller. Weak priors suit labels that the
        features determine, strong ones labels that stay uncertain.
        """,
      example: "fit votes.csv --counts 'n_*' --model mlp",
      suggestion: "give the strength with --l2; 0 means no prior."),
    ErrorText(
      "fit.notconverged", exit: "0, 3", "the solver stopped before it converged",
      meaning: """
        The gradient is above --tolerance: the iteration limit was reached, or no step improved the
        objective any further. The result is the best point found; the gradient and the optimality
        gap are printed.
        """,
      example: "--max-iterations 3", suggestion: "--max-iterations N, another --solver, or a prior."
    ),
    ErrorText(
      "fit.nocovariance", exit: "3", "there is no covariance for --vcov",
      meaning: """
        The coefficients have no covariance, for the reason in the message: the fit did not
        converge, the maximum is infinite, or there are too many coefficients. The model is still
        written.
        """,
      example: "surprisal fit separated.csv --target class --vcov v.csv -o model.json",
      suggestion: "fix the cause, or leave out --vcov."),
    ErrorText(
      "specification.json", "JSON that is not a valid specification",
      meaning: """
        The file of --config must contain one JSON object. Missing members have their defaults. An
        unknown member, or a value of the wrong type, is an error: otherwise a misspelled name would
        silently leave the default in force.
        """,
      example: #"{"prior": {"lambda": 0.01}}"#,
      suggestion:
        "write l2 for the strength; surprisal fit --json prints a complete specification."),
    ErrorText(
      "specification.value", "a value that is not allowed in a specification",
      meaning: """
        A member of the specification is outside its allowed values, by itself or in combination
        with other members. The message gives its path in the JSON.
        """,
      example: #"{"tolerance": 0}"#,
      suggestion: "use a value of the type that the message names."),
  ]
}

extension ErrorText {
  /// Cross-validation.
  static let validation: [ErrorText] = [
    ErrorText(
      "cv.folds", "folds that cannot be made",
      meaning: """
        Every fold needs a row of positive weight, or with --group a group of rows, but there are
        more folds than that.
        """,
      example: "surprisal cv data.csv --target class --group city --folds 10, with 6 cities",
      suggestion: "use fewer folds; as many as rows is leave-one-out."),
    ErrorText(
      "cv.class", "all rows of a class are in one fold",
      meaning: """
        The rows outside a fold do not contain a class, so a fit to them cannot give it a
        probability, and the held-out rows would have an infinite loss.
        """,
      example: "a class with one row, or with rows of a single group under --group",
      suggestion: "merge the class with another, leave it out, or add rows of it."),
    ErrorText(
      "cv.edge", exit: "0", "the best strength is at an end of the path",
      meaning: """
        The smallest held-out loss is at an end of the path, so there may be a smaller one beyond
        it. At the weak end, no prior may be best; at the strong end, the features may carry no
        information, or the path does not match the scale of the features.
        """,
      example: "surprisal cv data.csv --target class --l2 1e-6:1e-3:7",
      suggestion:
        "widen the path with --l2 FROM:TO:COUNT; --standardize adapts its scale to the data."),
    ErrorText(
      "cv.unconverged", exit: "0, 3", "fits that did not reach their optimum",
      meaning: """
        Some fits stopped before the gradient was small. Their predictions are used as they are.
        Without a prior the cause may be separation: there is no optimum.
        """,
      example: "surprisal cv iris.csv --target class --l2 0",
      suggestion:
        "allow more iterations with --max-iterations, or leave out the weakest strengths."),
    ErrorText(
      "cv.selected", exit: "0", "the strength was chosen on the rows of the fit",
      meaning: """
        The model was fitted with the strength that cross-validation on the same rows chose. Its
        standard errors and p-values treat the strength as fixed in advance.
        """,
      example: "surprisal cv data.csv --probs 'p_*' --refit min -o model.json",
      suggestion: "evaluate the model by nested scores (--nested) or on rows that were not used."),
    ErrorText(
      "cv.path", exit: "65", "the file contains no path of a prior's strength",
      meaning: """
        report --path reads the JSON object that surprisal cv --json prints, with an array path that
        has l2 and loss for each strength. The file is JSON with other content.
        """,
      example: "surprisal report model.json test.csv --target class --path model.json",
      suggestion: "surprisal cv train.csv --target class --json > cv.json, then --path cv.json."),
  ]
}

extension ErrorText {
  /// Results of a calibration.
  static let calibrations: [ErrorText] = [
    ErrorText(
      "calibrate.zero", "a predicted probability of zero has no logit",
      meaning: """
        Scalings use the logarithms of predicted probabilities. A zero in a file of predictions is
        usually a small number that was rounded, and the original number is lost. It is not replaced
        by another number.
        """,
      example: "p_a,p_b\n1.0,0.0",
      suggestion: "write the predictions with all their digits, or use --method isotonic."),
    ErrorText(
      "calibrate.rows", "too few rows for this method",
      meaning: """
        Without a prior, if there are as many coefficients per class as rows, the fit reproduces the
        labels exactly and has no information about new rows. Matrix scaling has as many
        coefficients per class as there are classes, and Dirichlet scaling one more.
        """,
      example: "surprisal calibrate model.json five-rows.csv --target class --method matrix",
      suggestion: "--method temperature, a prior (--l2 LAMBDA), or more rows."),
    ErrorText(
      "calibrate.separated", "there is no finite optimum",
      meaning: """
        On these rows the likelihood increases without bound along some direction of the parameters.
        For example, the temperature tends to zero if the most probable class is always the class of
        the label. The limit predicts with certainty, which is the opposite of a calibration.
        """,
      example: "held-out rows that the model predicts without an error",
      suggestion: "use more rows, a prior (--l2 LAMBDA), or a method with fewer parameters."),
    ErrorText(
      "calibrate.reversed", "the best temperature is not positive",
      meaning: """
        If a class has a higher predicted probability, it is less frequent in the labels: no
        positive temperature is better than an infinite one. In most cases the classes or the rows
        of labels and predictions do not match.
        """,
      example: "predictions whose columns p_a and p_b were exchanged",
      suggestion: "check the names of the classes and the order of the rows."),
    ErrorText(
      "calibrate.uniform", "the predictions do not differ between classes",
      meaning: "If all probabilities are equal, scaling does not change them for any parameters.",
      example: "p_a,p_b\n0.5,0.5\n0.5,0.5", suggestion: "check the predictions."),
    ErrorText(
      "calibrate.range", "the parameters exceed the range of doubles",
      meaning:
        "The fitted parameters are not finite numbers, so there is no usable calibration map.",
      example: "predictions that are extremely close together",
      suggestion: "use a prior (--l2 LAMBDA), or --method temperature."),
    ErrorText(
      "calibrate.training", exit: "0, 3", "these seem to be the training rows",
      meaning: """
        The model has exactly the loss on these rows that its file records for the training rows. On
        training rows it looks better calibrated than it is (a softmax regression without prior even
        perfectly calibrated), and the temperature is near 1. Only these numbers are compared: a
        subset of the training rows is not detected.
        """,
      example: "surprisal calibrate model.json train.csv --target class",
      suggestion: "calibrate on rows that were not used for the fit."),
    ErrorText(
      "calibrate.impossible", exit: "0, 3", "isotonic regression makes some probabilities zero",
      meaning: """
        Below some predicted probability no row had the class, so the estimate there is zero. A new
        row of that class is then impossible under the calibrated model, and its cross entropy is
        infinite.
        """,
      example: "surprisal calibrate model.json heldout.csv --target class --method isotonic",
      suggestion: "use a scaling if cross entropy matters, or more rows."),
  ]
}
