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
        The header is longer than 64 KiB or does not have the form that numpy.save writes. It is
        never executed as code.
        """,
      example: "a header with further keys", suggestion: "write the array with numpy.save."),
    ErrorText(
      "npy.shape", "the shape of the array cannot be used",
      meaning:
        "The array does not have one or two axes, or its shape needs more bytes than the file has.",
      example: "an array of shape (10, 3, 2)",
      suggestion: "reshape it: array.reshape(len(array), -1)."),
    ErrorText(
      "npy.dtype", "elements of this type are not supported",
      meaning: """
        Supported are floats of 16, 32 and 64 bits, integers, booleans and text in either byte
        order.
        """,
      example: "objects (pickles), structures, complex numbers, dates",
      suggestion: "numpy.save('converted.npy', array.astype('float64'))"),
    ErrorText(
      "npy.size", "the file is shorter or longer than the array",
      meaning: "The number of bytes after the header does not match the shape.",
      example: "a copy that was interrupted", suggestion: "copy or write it again."),
    ErrorText(
      "json.syntax", "the text is not JSON",
      meaning: "A character does not match the grammar of RFC 8259.",
      example: "{\"a\": 1,}", suggestion: "correct the text at the byte given."),
    ErrorText(
      "json.duplicate", "an object has the same key twice",
      meaning: "Programs differ in which of the two values they use, so this is an error.",
      example: "{\"a\": 1, \"a\": 2}", suggestion: "remove one."),
    ErrorText(
      "json.number", "a number beyond the largest double",
      meaning: "The number exceeds 1.8e308.", example: "{\"a\": 1e400}",
      suggestion: "correct the number."),
    ErrorText(
      "json.depth", "brackets are nested too deep",
      meaning: "There are more than 512 levels; no file of this project has so many.",
      example: "[[[[[[...", suggestion: "check the source of the file."),
    ErrorText(
      "json.utf8", "the text is not UTF-8", meaning: "JSON must be encoded in UTF-8.",
      example: "a file written as Latin-1", suggestion: "write it as UTF-8."),
    ErrorText(
      "json.surrogate", "half of a surrogate pair",
      meaning:
        "A string has an escape such as \\ud800 without its second half, which is not a character.",
      example: "{\"a\": \"\\ud800\"}", suggestion: "correct the text."),
  ]
}

extension ErrorText {
  /// Calls from C and Python.
  static let calls: [ErrorText] = [
    ErrorText(
      "call.argument", exit: "64", "an invalid argument of a library call",
      meaning: """
        A pointer is NULL, a size is negative, or two arrays have different numbers of rows. The
        command line never prints this error: it comes from a program that calls the library.
        """,
      example: "surprisal_save(NULL, \"model.json\", &error)",
      suggestion: "surprisal.h describes the allowed values of each argument."),
    ErrorText(
      "call.stopped", exit: "64", "the fit was stopped by its caller",
      meaning: "The progress function requested it, or the stop flag was set: there is no model.",
      example: "a progress function that returns 1", suggestion: "no action is needed."),
  ]
}

extension ErrorText {
  /// LIBSVM files.
  static let sparse: [ErrorText] = [
    ErrorText(
      "libsvm.syntax", "a line that is not a label and features",
      meaning: """
        A line consists of a number, the label, then index:value separated by spaces or tabs; a
        comment begins with #. The message gives the byte within the line, counted from 1.
        """,
      example: "1 3:0.5 4: 7:2", suggestion: "correct the line."),
    ErrorText(
      "libsvm.order", "feature indices that do not ascend",
      meaning: """
        Each index must be larger than the previous one in its row. A repeated index has two values,
        and programs differ in which one they use, so this is an error.
        """,
      example: "1 7:2 3:0.5", suggestion: "sort the features of each row by their index."),
    ErrorText(
      "libsvm.base", "index 0 although the model counts from 1",
      meaning: """
        The model was fitted to a file whose first feature has index 1, and this file has an index
        0. Most likely every index is one too small.
        """,
      example: "surprisal predict model.json from-zero.libsvm",
      suggestion: "add 1 to every index, or fit again on a file with indices from 0."),
    ErrorText(
      "libsvm.qid", exit: "0", "the query of a row is not used",
      meaning: "Ranking programs group rows by qid:. Here every row is used separately.",
      example: "2 qid:10 1:0.5", suggestion: "no action is needed."),
    ErrorText(
      "model.features", "features that the model does not have",
      meaning: """
        A LIBSVM file has an index beyond the largest feature of the model, which has no
        coefficient, or the model has columns whose names are not indices.
        """,
      example: "a row with 2000:1 for a model of f1 to f1869",
      suggestion: "fit again with these features, or ignore them with --ignore-unseen."),
    ErrorText(
      "fit.rank", exit: "0", "dependent columns were not searched for",
      meaning: """
        Without a prior, columns that are linear combinations of others have no unique coefficients.
        Finding them needs the sparse features as a dense matrix, which would take more than 512 MB.
        """,
      example: "surprisal fit large.libsvm",
      suggestion: "add --l2: the coefficients are then unique."),
  ]
}
