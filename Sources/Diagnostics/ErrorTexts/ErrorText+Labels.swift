extension ErrorText {
  /// Labels.
  static let labels: [ErrorText] = [
    ErrorText(
      "label.negative", "a negative probability or count",
      meaning: "Probabilities and counts must not be negative.",
      example: "p_a,p_b\n1.2,-0.2", suggestion: "correct the row."),
    ErrorText(
      "label.sum", "the probabilities of a row do not sum to 1",
      meaning: """
        Rows of --probs must sum to 1 within 1e-5, the rounding of 32-bit floats; they are then
        divided by their sum. Rows with a larger deviation are not rescaled silently: the numbers
        may be counts, or a column may be missing.
        """,
      example: "p_a,p_b\n0.5,0.4",
      suggestion: """
        use --normalize-labels for relative weights, --counts for votes, or --sum-tolerance T for a
        larger tolerance.
        """),
    ErrorText(
      "label.empty", exit: "65; 0, 3 as a warning", "a row without a label",
      meaning: """
        Every label entry of the row is zero: it contains no information about the class, and
        dividing by the sum is impossible. As a warning: the number of such rows that
        --drop-empty-labels skipped.
        """,
      example: "n_a,n_b\n0,0", suggestion: "--drop-empty-labels skips such rows."),
    ErrorText(
      "label.value", "a label cell without a valid value",
      meaning: """
        The cell is empty, text, infinite or not a number, but a probability or a count is required.
        """,
      example: "p_a,p_b\n1,\n0.5,x", suggestion: "correct the cell, or drop the row."),
    ErrorText(
      "label.kind", "the labels do not have the kind that the flag names",
      meaning: """
        A --target column contains a dozen or more different fractions, which cannot be class names;
        or the requested likelihood does not accept this kind of label.
        """,
      example: "surprisal fit faces.csv --target p_happy",
      suggestion: "--probs for one column of probabilities per class, --counts for votes."),
    ErrorText(
      "label.fractional", exit: "65; 0 as a warning", "votes that are not whole numbers",
      meaning: """
        The multinomial likelihood is defined for whole votes: with fractions its coefficient and
        the information criteria would be wrong. Under --likelihood categorical fractions are
        allowed, as class weights, and mentioned once.
        """,
      example: "n_a,n_b\n2.5,1",
      suggestion: "--likelihood categorical if they are weights; correct them if they are votes."),
    ErrorText(
      "label.overflow", "the labels of a row have too large a sum",
      meaning: """
        Votes are exact up to 2^53 = 9 007 199 254 740 992 per row; relative weights must not sum to
        more than 1.8e308.
        """,
      example: "n_a,n_b\n1e308,1e308", suggestion: "divide the columns by a large number."),
    ErrorText(
      "label.many", "too many classes",
      meaning: """
        The --target column has more than 1000 different values, or more than half as many as there
        are rows. Usually the column is an identifier, and the fit would take hours.
        """,
      example: "surprisal fit users.csv --target user_id",
      suggestion:
        "name the column that contains the classes; --max-classes N if all of these are classes."),
    ErrorText(
      "label.oneclass", "fewer than two classes",
      meaning: """
        Every label names the same class, or a single column was named although one column per class
        is needed. There is nothing to distinguish.
        """,
      example: "class\na\na\na", suggestion: "add rows of another class, or name all label columns."
    ),
    ErrorText(
      "label.neverseen", "a class that never occurs",
      meaning: """
        A label column is zero in every row of positive weight. The intercept of that class is
        unpenalised and would tend to minus infinity, with or without a prior on the weights. With
        --votes: no vote is for the class, so that nothing is known of it or of the answers that it
        leads to.
        """,
      example: "n_a,n_b,n_c\n1,2,0\n3,1,0",
      suggestion: "leave the class out, or use --no-intercept with --l2 (not with --votes)."),
    ErrorText(
      "label.unidentified", "the labels contain no information about a parameter",
      meaning: """
        The likelihood has an auxiliary parameter, and no row contains information about it: the
        likelihood is the same for every value of the parameter. Or a class is in every candidate
        set: then always predicting it has likelihood 1, and cross-validation has nothing to choose.
        """,
      example: "the dispersion of votes if every row has a single vote",
      suggestion: "use a likelihood without the parameter, such as multinomial."),
    ErrorText(
      "label.rare", exit: "0", "a class with at most the weight of one row",
      meaning: "The class is fitted, but its estimates depend on a single observation.",
      example: "class\na\na\nb", suggestion: "collect more of it, or merge it with another class."),
    ErrorText(
      "label.unknown", "labels and model have different classes",
      meaning: """
        The labels name classes that the model does not have, or a column of one of its classes is
        missing. A class without a prediction would make the cross entropy infinite.
        """,
      example: "evaluating labels cat, dog, bird with a model of cat and dog",
      suggestion: "leave such rows out, or fit again with all classes."),
    ErrorText(
      "label.similar", exit: "0", "classes with similar names",
      meaning: """
        Names that differ only by spaces, or by the notation of a number, are treated as different
        classes.
        """,
      example: "class\ncat\n\" cat\"\n1\n1.0",
      suggestion: "correct the spelling if they are the same class."),
    ErrorText(
      "label.weighted", exit: "0", "class weights are used",
      meaning: """
        --class-weight changes the estimand: the predicted probabilities refer to a population in
        which the classes are more or less frequent than in these rows, in proportion to their
        weights.
        """,
      example: "surprisal fit data.csv --target class --class-weight balanced",
      suggestion: "leave out --class-weight to predict the probabilities of the data."),
    ErrorText(
      "label.domain", "the likelihood is not defined for a label",
      meaning: """
        Some likelihoods are densities inside the simplex and are not defined if a probability is
        exactly 0 or 1.
        """,
      example: "a probability of 0 under the Dirichlet likelihood",
      suggestion: "use --likelihood categorical, which is defined for every label."),
  ]
}

extension ErrorText {
  /// Features, weights and missing cells.
  package static let features: [ErrorText] = [
    ErrorText(
      "missing.cells", exit: "65; 0, 3 as a warning", "empty cells in feature columns",
      meaning: """
        A cell is missing if it is empty or contains NA, N/A, NaN, null or ?. Unless requested,
        nothing is dropped or filled in, because that changes the estimates. As a warning: what
        --missing did.
        """,
      example: "x,class\n1,a\n,b",
      suggestion: """
        --missing drop skips the rows; --missing mean inserts the mean (for text the most common
        level); --missing indicator also adds a column that marks the missing cells. Or use --ignore
        COLUMN.
        """),
    ErrorText(
      "feature.cluster", exit: "0", "the cluster column is not used as a feature",
      meaning: """
        With --std-errors cluster:COLUMN, rows with the same value of the column form a cluster.
        Without --features the column is then excluded from the features, which changes the
        estimates.
        """,
      example: "surprisal fit votes.csv --target class --std-errors cluster:city",
      suggestion: """
        --features x,city uses the column both as a feature and for clusters; to exclude it without
        this message use --ignore city, or a list of features without it.
        """),
    ErrorText(
      "feature.dependence", exit: "0", "rows that violate a dependence between training columns",
      meaning: """
        In the training rows some columns were linear combinations of others, so they have no
        coefficients of their own. If the combination does not hold in a row, the training data do
        not determine its prediction. The printed prediction uses only the columns that were kept.
        """,
      example: "a fit with celsius and fahrenheit, and a row in which they disagree",
      suggestion: "correct the row; or leave one of the columns out of the fit, or use --l2."),
    ErrorText(
      "feature.level", "a level that is not in the training data",
      meaning: """
        A text column contains a level that has no coefficient. Treating it as the base level would
        be a guess.
        """,
      example: "predicting color = green with a model fitted on red and blue",
      suggestion: "correct the cell, or fit again with rows of that level."),
    ErrorText(
      "feature.base", "the requested base level does not occur",
      meaning: "--base COLUMN=LEVEL names a level that the column does not have.",
      example: "--base size=smal", suggestion: "name one of the levels listed."),
    ErrorText(
      "weight.value", "a weight with an invalid value",
      meaning: """
        Importance weights must be finite and not negative; frequencies must also be whole numbers.
        An empty cell is not a weight.
        """,
      example: "w\n1\n-2", suggestion: "correct the cell; weight 0 leaves a row out."),
    ErrorText(
      "weight.zero", "every weight is zero",
      meaning: "No row has a positive weight, so there is nothing to fit.",
      example: "w\n0\n0", suggestion: "check the column named with --weight or --frequency."),
  ]
}
