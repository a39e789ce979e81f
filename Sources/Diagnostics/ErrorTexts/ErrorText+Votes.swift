extension ErrorText {
  /// Votes of annotators.
  static let votes: [ErrorText] = [
    ErrorText(
      "votes.rows", exit: "0", "the rows look like votes",
      meaning: """
        There are columns with the usual names of items and annotators, and several rows have the
        same item, each with another annotator. A fit would treat the rows as independent examples,
        and items and annotators as features.
        """,
      example: "task,worker,label\nt1,w1,cat\nt1,w2,dog",
      suggestion: "compute one label per item: surprisal aggregate FILE."),
    ErrorText(
      "votes.notconverged", exit: "0", "the maximum of the likelihood of votes was not reached",
      meaning: "The iteration limit --max-iterations was reached, so the labels may still change.",
      example: "surprisal aggregate votes.csv --max-iterations 5",
      suggestion: "raise --max-iterations, or add --pseudo-counts 1."),
    ErrorText(
      "votes.rounds", exit: "0", "confusion matrices that had not settled",
      meaning: """
        A network and the confusion matrices of annotators are fitted in turn. The last round still
        moved more than 2 votes in 1000 to other cells of the matrices, or training was interrupted.
        """,
      example: "surprisal fit features.csv --votes votes.csv --model mlp, with one vote per item",
      suggestion:
        "collect more votes per item, or keep weak annotators in check with --pseudo-counts 2,1."),
    ErrorText(
      "votes.switched", exit: "0", "a class has more votes for another label than for its own",
      meaning: """
        The likelihood of votes does not determine the names of the classes: each class is named
        after the label that gets most of its votes. Here one class has most votes for the label of
        another class. Either it is a rare class next to a common one, or two classes are exchanged.
        """,
      example: "a class with hardly any items",
      suggestion:
        "check its confusion matrices; --pseudo-counts 2,1 favours votes for the own label."),
    ErrorText(
      "votes.optima", exit: "0", "the likelihood of votes has several maxima",
      meaning: """
        Iterations from several starts led to different maxima. Reported is the highest one at which
        no class has more votes for another label than for its own; the others are listed.
        """,
      example: "few items, or annotators with few votes",
      suggestion:
        "--restarts 0 uses only the start at the vote proportions; compare the two results."),
    ErrorText(
      "votes.few", exit: "0", "too few votes per item",
      meaning: """
        The accuracy of annotators is estimated from their agreement. With one or two votes per item
        a good annotator cannot be distinguished from a bad one: very different confusion matrices
        have the same likelihood.
        """,
      example: "two annotators", suggestion: "collect a third vote, or use --method shares."),
    ErrorText(
      "votes.unvoted", exit: "0", "a class without votes",
      meaning: "A listed class has no votes: its proportion is zero.",
      example: "surprisal aggregate votes.csv --classes a,b,c",
      suggestion: "no action is needed if annotators could have voted for the class."),
    ErrorText(
      "votes.missing", exit: "0", "items without votes",
      meaning: """
        The item has no votes. Its label is the prior of the classes, and its evidence is the same
        for every class, so it adds no information to a fit to evidence. fit --votes skips such rows
        of the data.
        """,
      example: "item,ann_1,ann_2\n7,,", suggestion: "no action is needed."),
    ErrorText(
      "votes.annotators", exit: "0", "votes of annotators that the model does not know",
      meaning: """
        A joint fit knows the confusion matrices of the annotators that it was fitted to. Nothing is
        known of others, so their votes do not change a prediction.
        """,
      example: "surprisal predict model.json new.csv --votes votes.csv, with a new annotator",
      suggestion: "fit again with the votes of the annotator, or correct the name."),
    ErrorText(
      "votes.impossible", exit: "0", "votes that the model gives the probability zero",
      meaning: """
        Annotators have estimated probabilities of zero for answers that they never gave. If the
        votes on a row have the probability zero whatever its class is, they do not determine a
        posterior, and the prediction is that of the features.
        """,
      example: "a vote for c of an annotator who never voted for c in the fit",
      suggestion: "fit with --pseudo-counts 1, which leaves no probability at zero."),
    ErrorText(
      "votes.ties", exit: "0", "items with a tie for the most votes",
      meaning: """
        The label of such an item is divided equally between the tied classes; the predicted class
        is the first of them.
        """,
      example: "item 7: one vote for a, one for b",
      suggestion: "a model (--method dawid-skene) weighs the votes."),
    ErrorText(
      "votes.repeated", exit: "0", "an annotator voted on an item more than once",
      meaning: """
        Each of these votes counts, as if the annotator had made a new judgement each time. Rows
        that are there twice by mistake make labels look more certain than they are.
        """,
      example: "item,annotator,label\n7,ann,cat\n7,ann,cat",
      suggestion: "no action is needed for repeated judgements; otherwise remove the second rows."),
    ErrorText(
      "votes.alike", exit: "0", "no differences between annotators",
      meaning: """
        --method hierarchical estimates how much the confusion matrices of annotators differ. Their
        votes differ no more than votes of annotators with one matrix do by chance, or no annotator
        has two votes on items of a class. Labels are then those of --method pooled.
        """,
      example: "each annotator has one vote", suggestion: "no action is needed."),
    ErrorText(
      "votes.concentration", exit: "0", "a concentration at the end of its range",
      meaning: """
        --method hierarchical draws the confusion matrices of annotators around a common one, with
        an estimated concentration. Each annotator gives the same vote to all items of a class, so
        that the smallest concentration has the largest likelihood.
        """,
      example: "two classes, and annotators who name them in their own ways",
      suggestion: "check that all annotators use the same names of classes."),
    ErrorText(
      "votes.contradiction", "an item with two true classes",
      meaning: "The file of --gold or --truth names two classes for one item.",
      example: "item,gold\n7,cat\n7,dog", suggestion: "correct one of the rows."),
    ErrorText(
      "votes.items", exit: "65; 0 as a warning", "items without votes among the true classes",
      meaning: """
        Items are matched by their names as text. As an error: no item of --gold or --truth has
        votes. As a warning: some items have none, or items of fit --votes and predict --votes are
        no rows of the data; they are ignored.
        """,
      example: "votes on item07, gold for item7", suggestion: "use the same names for items."),
  ]
}
