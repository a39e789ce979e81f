extension ErrorText {
  /// Files of any kind, and the command line.
  static let files: [ErrorText] = [
    ErrorText(
      "usage", exit: "64", "the command line is not valid",
      meaning: """
        A flag is unknown, lacks its value or contradicts another one, a value is out of range, the
        standard input is named twice, or an output is the same file as an input.
        """,
      example: "surprisal fit votes.csv --counts 'n_*' -o votes.csv",
      suggestion: "surprisal COMMAND --help lists the flags with their defaults."),
    ErrorText(
      "io.open", exit: "66", "an input cannot be opened",
      meaning: """
        The file does not exist, is a directory or a socket, or is not readable. For a missing file
        the most similar name in the folder is suggested.
        """,
      example: "surprisal fit iris.cvs --target class",
      suggestion: "correct the name, or the permissions (ls -l shows them)."),
    ErrorText(
      "io.read", exit: "74", "reading failed midway",
      meaning: "The system reported an error after the file had been opened.",
      example: "a network drive that went away, a damaged disk",
      suggestion: "copy the file to a local disk and try again."),
    ErrorText(
      "io.changed", exit: "74", "the file changed while it was read",
      meaning: """
        The size, modification time or identity of the file differ before and after reading. The
        content may be partly old and partly new, so it is not used.
        """,
      example: "fitting a log file that another program appends to",
      suggestion: "wait until no program writes to the file, or fit a copy."),
    ErrorText(
      "io.create", exit: "73", "an output cannot be created",
      meaning: """
        The folder does not exist or is not writable, the path is a directory, or the file exists
        and --no-clobber was given. This is checked before any long computation.
        """,
      example: "surprisal fit votes.csv --counts 'n_*' -o results/model.json   (no folder results)",
      suggestion: "create the folder, or choose another name."),
    ErrorText(
      "io.write", exit: "74", "writing failed midway",
      meaning: """
        The disk is full, a quota or a file size limit was reached, or a device failed. An output
        named with -o is then unchanged: it is replaced only when the new file is complete.
        """,
      example: "surprisal predict model.json big.csv -o /small-disk/p.csv",
      suggestion: "free some space, or write to another disk."),
    ErrorText(
      "format.unsupported", "the format of the file is not supported",
      meaning: """
        The first bytes are those of a compressed file, a workbook, a database file or a similar
        format. Supported are CSV, TSV and NPY.
        """,
      example: "surprisal check table.csv.gz",
      suggestion: """
        convert it; the message has the command. Compressed text can be piped:
        gunzip -c table.csv.gz | surprisal check -
        """),
    ErrorText(
      "encoding.utf16", "the file is UTF-16 or UTF-32",
      meaning: """
        The file begins with the byte order mark of an encoding with two or four bytes per
        character, as written by some spreadsheets ("Unicode text"). Only UTF-8 is supported, with
        or without a mark.
        """,
      example: "FF FE 61 00 2C 00 62 00 ...",
      suggestion: "iconv -f UTF-16 -t UTF-8 table.txt > table.csv, or save as CSV UTF-8."),
    ErrorText(
      "encoding.utf8", "text is not UTF-8",
      meaning: """
        A name in the header or a cell of a text column contains bytes that are not valid UTF-8; the
        message gives the offset in the file. Columns that are not read (--ignore) may contain any
        bytes.
        """,
      example: "a file written as Latin-1 or Windows-1252, with an e acute as the byte E9",
      suggestion: "iconv -f WINDOWS-1252 -t UTF-8 table.csv > converted.csv"),
  ]

  /// Limits on the resources that a hostile or wrong file may request.
  static let limits: [ErrorText] = [
    ErrorText(
      "limit.field", "a field is longer than the limit",
      meaning: """
        A single field has more than 1 MiB. In most cases a quotation mark is not closed, so that
        the rest of the file became one field.
        """,
      example: "id,comment\n1,\"never closed\n2,...",
      suggestion: "close the quotation mark, or raise the limit with --max-field BYTES."),
    ErrorText(
      "limit.record", "a record is longer than the limit",
      meaning: "A row has more than 16 MiB.",
      example: "a file without line feeds",
      suggestion: "check the line ends; or raise the limit with --max-record BYTES."),
    ErrorText(
      "limit.columns", "more columns than the limit",
      meaning: "The file has more than 1 000 000 columns; usually it should be transposed.",
      example: "a header of ten million names",
      suggestion: "if this is intended, raise the limit with --max-columns N."),
    ErrorText(
      "limit.name", "a name is longer than the limit",
      meaning: "Names of columns have at most 4 KiB.",
      example: "a header line that is really a paragraph of text",
      suggestion: "shorten the name; if there is no header, add --no-header."),
    ErrorText(
      "limit.levels", "a text column has too many levels",
      meaning: """
        A text feature becomes one 0/1 column for each level except the base. A column with more
        than 1000 different texts is usually an identifier or free text, and would only use memory.
        """,
      example: "a feature column user_id",
      suggestion: "leave it out with --ignore COLUMN, or raise the limit with --max-levels N."),
    ErrorText(
      "limit.files", exit: "71", "too few files can be open at a time",
      meaning: """
        The limit of the process on open files (ulimit -n) is so low that the libraries of the
        system could not start threads and outputs could not be written.
        """,
      example: "ulimit -n 5", suggestion: "raise the limit: ulimit -n 64."),
    ErrorText(
      "limit.memory", exit: "71", "more memory is needed than is available",
      meaning: """
        Before each large allocation its size is compared with 80 % of the memory of the machine, or
        of the control group or the process (ulimit -v) if that is less; --max-memory sets another
        limit. Running out of memory would end the process at once. The message lists what would
        fit: single precision, or a number of rows or columns.
        """,
      example: "an endless standard input; a matrix of 100 000 columns",
      suggestion: """
        use --float32, fewer rows or columns (--features, --ignore), --std-errors none if the
        covariance is too large, or a larger machine.
        """),
  ]
}
