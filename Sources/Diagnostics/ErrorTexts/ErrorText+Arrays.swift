extension ErrorText {
  /// NumPy arrays and JSON.
  static let arrays: [ErrorText] = [
    ErrorText(
      "npy.magic", "not an array file",
      meaning: "The file does not begin as .npy files of version 1, 2 or 3 do.",
      example: "a CSV file called x.npy", suggestion: "write the array with numpy.save."),
    ErrorText(
      "npy.header", "the header of the array cannot be read",
      meaning: """
        The header is longer than 64 KiB or not of the one form that numpy.save writes. It is never
        run as code.
        """,
      example: "a header with further keys", suggestion: "write the array with numpy.save."),
    ErrorText(
      "npy.shape", "the shape of the array cannot be used",
      meaning: """
        The array has other than one or two axes, or its shape needs more bytes than the file has.
        """,
      example: "an array of shape (10, 3, 2)",
      suggestion: "reshape it: array.reshape(len(array), -1)."),
    ErrorText(
      "npy.dtype", "elements of this type are not read",
      meaning: """
        Read are floats of 16, 32 and 64 bits, integers, booleans and texts of either byte order.
        """,
      example: "objects (pickles), structures, complex numbers, dates",
      suggestion: "numpy.save('converted.npy', array.astype('float64'))"),
    ErrorText(
      "npy.size", "the file is shorter or longer than the array",
      meaning: "The bytes after the header are not as many as the shape says.",
      example: "a copy that was interrupted", suggestion: "copy or write it again."),
    ErrorText(
      "json.syntax", "the text is not JSON",
      meaning: "Something else stands where the grammar of RFC 8259 expects a certain sign.",
      example: "{\"a\": 1,}", suggestion: "correct the text at the byte given."),
    ErrorText(
      "json.duplicate", "an object has one key twice",
      meaning: "Programs differ in which of the two they take, so neither is taken.",
      example: "{\"a\": 1, \"a\": 2}", suggestion: "remove one."),
    ErrorText(
      "json.number", "a number beyond the largest double",
      meaning: "The number is more than 1.8e308.", example: "{\"a\": 1e400}",
      suggestion: "correct the number."),
    ErrorText(
      "json.depth", "brackets are nested too deep",
      meaning: "More than 512 levels: no file of this project is like that.",
      example: "[[[[[[...", suggestion: "check where the file comes from."),
    ErrorText(
      "json.utf8", "the text is not UTF-8", meaning: "JSON is UTF-8.",
      example: "a file written as Latin-1", suggestion: "write it as UTF-8."),
    ErrorText(
      "json.surrogate", "half of a surrogate pair",
      meaning: "A text has an escape such as \\ud800 without its second half: it is no character.",
      example: "{\"a\": \"\\ud800\"}", suggestion: "correct the text."),
  ]
}

extension ErrorText {
  /// Calls from C and Python.
  static let calls: [ErrorText] = [
    ErrorText(
      "call.argument", exit: "64", "an argument of the library that cannot be",
      meaning: """
        A pointer is NULL, a size is negative, or two arrays do not have the same rows. The command
        line never prints this: it comes from a program that calls the library.
        """,
      example: "surprisal_save(NULL, \"model.json\", &error)",
      suggestion: "surprisal.h has what each argument may be."),
    ErrorText(
      "call.stopped", exit: "64", "the fit was stopped by its caller",
      meaning: "The progress function asked for it, or the flag to stop was set: no model is made.",
      example: "a progress function that returns 1", suggestion: "nothing need be done."),
  ]
}

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
        Each index must be larger than the one before it in its row. A repeated index has two \
        values,
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
        Without a prior, columns that are combinations of others have no unique coefficients. \
        Finding
        them takes the sparse features in full, which would need more than 512 MB.
        """,
      example: "surprisal fit large.libsvm",
      suggestion: "add --l2: the coefficients are then unique."),
  ]
}
