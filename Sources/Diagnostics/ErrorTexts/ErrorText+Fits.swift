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
      "fit.notconverged", exit: "0, 3", "the solver stopped before it converged",
      meaning: """
        The gradient is above --tolerance: the iterations ran out, or no step improved the objective
        any more. The result is the best point found; gradient and distance are printed.
        """,
      example: "--max-iterations 3", suggestion: "--max-iterations N, another --solver, or a prior."
    ),
  ]
}
