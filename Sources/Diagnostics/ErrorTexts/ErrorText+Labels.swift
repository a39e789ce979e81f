extension ErrorText {
  /// Labels.
  static let labels: [ErrorText] = [
    ErrorText(
      "label.negative", "a negative probability or count",
      meaning: "Shares and votes are zero or more.",
      example: "p_a,p_b\n1.2,-0.2", suggestion: "correct the row."),
    ErrorText(
      "label.sum", "the probabilities of a row do not sum to 1",
      meaning: """
        Rows of --probs must sum to 1 within 1e-5, which sums of 32-bit floats need; they are then
        divided by their sum. Rows further off are not rescaled silently: the numbers may be \
        votes, or
        a column may be missing.
        """,
      example: "p_a,p_b\n0.5,0.4",
      suggestion: """
        if they are relative weights, --normalize-labels; if they are votes, --counts; a wider bound
        is --sum-tolerance T.
        """),
    ErrorText(
      "label.empty", exit: "65; 0, 3 as a warning", "a row without any label",
      meaning: """
        Every label entry of the row is zero: it says nothing about the class, and dividing by \
        the sum
        is impossible. As a warning: how many such rows --drop-empty-labels left out.
        """,
      example: "n_a,n_b\n0,0", suggestion: "--drop-empty-labels leaves such rows out."),
    ErrorText(
      "label.value", "a label cell that is no value",
      meaning: "The cell is empty, text, infinite or no number where a share or vote is needed.",
      example: "p_a,p_b\n1,\n0.5,x", suggestion: "correct the cell, or drop the row."),
    ErrorText(
      "label.kind", "the labels are not of the kind that the flag says",
      meaning: """
        A --target column holds a dozen or more different fractions, which are no names of \
        classes; or
        the likelihood asked for cannot read this kind of label.
        """,
      example: "surprisal fit faces.csv --target p_happy",
      suggestion: "--probs for one column of probabilities a class, --counts for votes."),
    ErrorText(
      "label.fractional", exit: "65; 0 as a warning", "votes that are not whole numbers",
      meaning: """
        The multinomial likelihood is that of whole votes: with fractions its coefficient and the
        information criteria would be wrong. Under --likelihood categorical fractions are \
        allowed, as
        weights of the classes, and noted once.
        """,
      example: "n_a,n_b\n2.5,1",
      suggestion: "--likelihood categorical if they are weights; correct them if they are votes."),
    ErrorText(
      "label.overflow", "the labels of a row sum to too much",
      meaning: """
        Votes are exact up to 2^53 = 9 007 199 254 740 992 a row; relative weights may not sum to
        more than 1.8e308.
        """,
      example: "n_a,n_b\n1e308,1e308", suggestion: "divide the columns by a large number."),
    ErrorText(
      "label.many", "too many classes",
      meaning: """
        The --target column has more than 1000 different values, or more than half as many as there
        are rows: usually an identifier was named by mistake, and the fit would take hours.
        """,
      example: "surprisal fit users.csv --target user_id",
      suggestion: "name the column with the classes; --max-classes N if all of these are classes."),
    ErrorText(
      "label.oneclass", "fewer than two classes",
      meaning: """
        Every label names the same class, or a single column was named where one a class is needed.
        There is nothing to tell apart.
        """,
      example: "class\na\na\na", suggestion: "add rows of another class, or name all label columns."
    ),
    ErrorText(
      "label.neverseen", "a class that never occurs",
      meaning: """
        A label column is zero in every row of positive weight. The intercept of that class is free
        and would go to minus infinity, with or without a prior on the weights.
        """,
      example: "n_a,n_b,n_c\n1,2,0\n3,1,0",
      suggestion: "leave the column out, or use --no-intercept with --l2."),
    ErrorText(
      "label.unidentified", "the labels say nothing about a parameter",
      meaning: """
        The likelihood has a parameter of its own, and no row tells anything about it: whatever its
        value, the likelihood is the same.
        """,
      example: "the dispersion of votes where every row has a single vote",
      suggestion: "use a likelihood without the parameter, such as multinomial."),
    ErrorText(
      "label.rare", exit: "0", "a class with the mass of one row or less",
      meaning: "It is fitted, but what is said of it rests on a single observation.",
      example: "class\na\na\nb", suggestion: "collect more of it, or join it with another class."),
    ErrorText(
      "label.unknown", "labels and model have different classes",
      meaning: """
        The labels name classes that the model does not have, or lack a column of one. A class \
        without
        a prediction would make the cross entropy infinite.
        """,
      example: "evaluating labels cat, dog, bird with a model of cat and dog",
      suggestion: "leave such rows out, or fit again with all classes."),
    ErrorText(
      "label.similar", exit: "0", "classes whose names are alike",
      meaning: """
        Names that differ by spaces, or by how a number is written, are kept apart, since nobody \
        said
        they are one.
        """,
      example: "class\ncat\n\" cat\"\n1\n1.0",
      suggestion: "correct the spelling if they are one class."),
    ErrorText(
      "label.weighted", exit: "0", "classes are weighed",
      meaning: """
        --class-weight changes the question: what is predicted are the probabilities in a population
        in which classes are that much more or less frequent than in these rows.
        """,
      example: "surprisal fit data.csv --target class --class-weight balanced",
      suggestion: "leave --class-weight out where probabilities are to be those of the data."),
    ErrorText(
      "label.domain", "a label that the likelihood is not defined at",
      meaning: """
        Some likelihoods are densities inside the simplex: a share of exactly 0 or 1 has none.
        """,
      example: "a share of 0 under a density of shares",
      suggestion: "use --likelihood categorical, which is defined for every label."),
  ]
}

extension ErrorText {
  /// Features, weights and missing cells.
  package static let features: [ErrorText] = [
    ErrorText(
      "missing.cells", exit: "65; 0, 3 as a warning", "empty cells in feature columns",
      meaning: """
        Missing are cells that are empty or say NA, N/A, NaN, null or ?. Nothing is dropped or \
        filled
        in unless asked for, since that changes what is estimated. As a warning: what --missing did.
        """,
      example: "x,class\n1,a\n,b",
      suggestion: """
        --missing drop leaves the rows out; --missing mean puts the mean (the commonest level) \
        there;
        --missing indicator does so and adds a column that says where. Or --ignore the column.
        """),
    ErrorText(
      "feature.cluster", exit: "0", "the column of the clusters is no feature",
      meaning: """
        --std-errors cluster:COLUMN takes a column for what rows have in common. Without --features it
        is then left out of the features, which changes what is estimated.
        """,
      example: "surprisal fit votes.csv --target class --std-errors cluster:city",
      suggestion: """
        --features x,city has it both ways: a coefficient for each city and errors by cities;
        --ignore city, or a list of features without it, says that it is none.
        """),
    ErrorText(
      "feature.dependence", exit: "0", "rows that break a dependence of the training columns",
      meaning: """
        In the rows of the fit some columns were combinations of others, so they have no \
        coefficient
        of their own. A row in which the combination does not hold could have any prediction: the
        data of the fit do not tell what happens when these columns part. What is printed rests on
        the columns that were kept.
        """,
      example: "a fit with celsius and fahrenheit, and a row in which they disagree",
      suggestion: "correct the row; or leave one of the columns out of the fit, or use --l2."),
    ErrorText(
      "feature.level", "a level that the model was not fitted on",
      meaning: """
        A text column holds a level that has no coefficient. To treat it as the base level would \
        be a
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
