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
      meaning: "Read are floats of 16, 32 and 64 bits, integers and booleans of either byte order.",
      example: "objects (pickles), structures, complex numbers, texts",
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
