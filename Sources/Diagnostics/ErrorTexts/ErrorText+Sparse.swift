extension ErrorText {
  /// LIBSVM files.
  static let sparse: [ErrorText] = [
    ErrorText(
      "libsvm.syntax", "a line that is not a label and features",
      meaning: """
        A line is a number, the label, then index:value with spaces or tabs between; a comment
        begins with #. The message gives the byte of the line, counted from 1.
        """,
      example: "1 3:0.5 4: 7:2", suggestion: "correct the line."),
    ErrorText(
      "libsvm.order", "feature indices that do not ascend",
      meaning: """
        Each index must be larger than the one before it in its row. A repeated index has two values,
        and programs differ in which they take, so neither is taken.
        """,
      example: "1 7:2 3:0.5", suggestion: "sort the features of each row by their index."),
    ErrorText(
      "libsvm.base", "index 0 where the model counts from 1",
      meaning: """
        The model was fitted on a file whose first feature has index 1, and this one has an index 0:
        most likely every index is one too small.
        """,
      example: "surprisal predict model.json from-zero.libsvm",
      suggestion: "add 1 to every index, or fit again on a file with indices from 0."),
    ErrorText(
      "libsvm.qid", exit: "0", "the query of a row is not used",
      meaning: "Ranking programs group rows by qid:. Here every row counts by itself.",
      example: "2 qid:10 1:0.5", suggestion: "nothing need be done."),
    ErrorText(
      "model.features", "features that are not those of the model",
      meaning: """
        A LIBSVM file has an index beyond the largest of the model's features, which has no
        coefficient, or the model has columns that no index can give.
        """,
      example: "a row with 2000:1 for a model of f1 to f1869",
      suggestion: "fit again with these features, or leave them out with --ignore-unseen."),
    ErrorText(
      "fit.rank", exit: "0", "dependent columns were not looked for",
      meaning: """
        Without a prior, columns that are combinations of others have no unique coefficients. Finding
        them takes the sparse features in full, which would need more than 512 MB.
        """,
      example: "surprisal fit large.libsvm",
      suggestion: "add --l2: the coefficients are then unique."),
  ]
}
