extension ErrorText {
  /// Votes of annotators.
  static let votes: [ErrorText] = [
    ErrorText(
      "votes.notconverged", exit: "0", "the maximum of the likelihood of votes was not reached",
      meaning: "The steps ended at --max-iterations: the labels may still change.",
      example: "surprisal aggregate votes.csv --max-iterations 5",
      suggestion: "raise --max-iterations, or add --pseudo-counts 1."),
    ErrorText(
      "votes.switched", exit: "0", "a class has more votes for another label than for its own",
      meaning: """
        The likelihood of votes does not know the names of the classes: they come from the labels
        most of whose votes fall to a class. Here one class gets most votes under the name of
        another. It is a rare class beside a common one, or two classes have changed places.
        """,
      example: "a class of which hardly any item exists",
      suggestion:
        "look at its confusion matrices; --pseudo-counts 2,1 keeps classes to their names."),
    ErrorText(
      "votes.optima", exit: "0", "the likelihood of votes has several maxima",
      meaning: """
        Steps from several starts led to different maxima. The highest one at which no class has
        more votes for another label than for its own is reported, the others are listed.
        """,
      example: "few items, or annotators with few votes",
      suggestion: "--restarts 0 takes the one next to the shares of the votes; compare the two."),
    ErrorText(
      "votes.few", exit: "0", "too few votes an item",
      meaning: """
        Annotators are known by how they agree. From one or two votes an item nobody can tell a
        good annotator from a bad one: very different confusion matrices have the same likelihood.
        """,
      example: "two annotators", suggestion: "collect a third vote, or use --method shares."),
    ErrorText(
      "votes.unvoted", exit: "0", "a class without votes",
      meaning: "A class was listed, and nobody voted for it: its share is zero.",
      example: "surprisal aggregate votes.csv --classes a,b,c",
      suggestion: "nothing need be done if it is a class that could have been voted for."),
    ErrorText(
      "votes.missing", exit: "0", "items without votes",
      meaning: """
        Nobody voted on the item. Its label is the prior of the classes, its evidence is the same
        for every class: a fit to evidence learns nothing from it.
        """,
      example: "item,ann_1,ann_2\n7,,", suggestion: "nothing need be done."),
    ErrorText(
      "votes.ties", exit: "0", "items with several classes that have most votes",
      meaning:
        "The label of a tie is shared in equal parts; predicted is the first of its classes.",
      example: "item 7: one vote for a, one for b",
      suggestion: "a model (--method dawid-skene) weighs the votes."),
    ErrorText(
      "votes.contradiction", "an item with two true classes",
      meaning: "The file of --gold or --truth names two classes for one item.",
      example: "item,gold\n7,cat\n7,dog", suggestion: "correct one of the rows."),
    ErrorText(
      "votes.items", exit: "65; 0 as a warning", "items without votes among the true classes",
      meaning: """
        Items are joined by their names as texts. As an error: no item of --gold or --truth has
        votes. As a warning: some have none; they are left out.
        """,
      example: "votes on item07, gold for item7", suggestion: "call the items alike."),
  ]
}
