extension ErrorText {
  /// Delimited text.
  static let tables: [ErrorText] = [
    ErrorText(
      "data.empty", "the file is empty",
      meaning: "There are no bytes, or nothing but blank lines.",
      example: "a download that failed", suggestion: "check where the file comes from."),
    ErrorText(
      "data.norows", "there are no rows",
      meaning: """
        The file has a header and nothing else, or every row was left out, by --missing drop,
        --drop-empty-labels or --on-bad-row skip.
        """,
      example: "x,y,class", suggestion: "add rows, or look at why they were left out."),
    ErrorText(
      "csv.nul", "a NUL byte",
      meaning: "The text holds a byte of value zero, which text never does.",
      example: "a binary file called .csv; UTF-16 without a mark; a file damaged by a crash",
      suggestion: "if it is UTF-16: iconv -f UTF-16LE -t UTF-8 table.csv > converted.csv"),
    ErrorText(
      "csv.cr", "old Mac line ends",
      meaning: """
        Lines end with a carriage return alone. Lines that end with a line feed, or with both, are
        read, mixed or not.
        """,
      example: "a,b<CR>1,2<CR>", suggestion: "tr '\\r' '\\n' < table.csv > converted.csv"),
    ErrorText(
      "csv.ragged", "a row has too few or too many fields",
      meaning: """
        Every row must have as many fields as the header. Other programs fill short rows up or cut
        long ones, which shifts values under the wrong names.
        """,
      example: "x,y,class\n1,2,a\n3,4",
      suggestion: """
        correct the row; a field that holds the delimiter stands in quotation marks. To leave such
        rows out: --on-bad-row skip, and --rejects FILE to see them.
        """),
    ErrorText(
      "csv.quote", "a quotation mark out of place",
      meaning: """
        A quoted field was never closed (the message names the line where it was opened), has text
        after its closing mark, or a mark stands within a field that does not begin with one.
        """,
      example: "name,size\nthe 5\" disk,1",
      suggestion: "quote the field and double the mark: \"the 5\"\" disk\"; or add --lazy-quotes."),
    ErrorText(
      "csv.dupcolumn", "two columns have one name",
      meaning: "Columns are found by name, so a name that stands twice says nothing.",
      example: "x,x,class", suggestion: "rename one, or add --dedupe-headers (x, x_2)."),
    ErrorText(
      "csv.emptyname", "a column without a name",
      meaning: "A cell of the header is empty: often the row numbers that other programs write.",
      example: ",x,class",
      suggestion: "give the column a name, or write the file without row names."),
    ErrorText(
      "csv.noheader", "the header is made of numbers",
      meaning: """
        Every name in the first line is a number: it is probably the first row, and would be lost as
        a header.
        """,
      example: "5.1,3.5,1\n4.9,3.0,1",
      suggestion: "add --no-header (columns are then f1, f2, ...), or write a header."),
    ErrorText(
      "csv.delimiter", "the file seems to be split by another character",
      meaning: """
        There is a single column, and each of the first lines holds a semicolon, a tab or a bar \
        where
        a comma was expected.
        """,
      example: "x;y;class\n1;2;a", suggestion: "add --delimiter ';' or --delimiter tab."),
    ErrorText(
      "rows.mismatch", "two things that should have the same rows do not",
      meaning: """
        The label file, or the predictions, have another number of rows than the data, rows that are
        left out counted too; or, under --key, a key is missing, not in the data, or stands twice.
        Rows are never paired by their place among those that are left.
        """,
      example: "surprisal fit x.npy --labels p.npy --probs '*'   (10 rows and 9)",
      suggestion: """
        write both files from the same rows in the same order, or join them by a column: --key COLUMN.
        """),
    ErrorText(
      "rows.rejected", exit: "0, 3", "rows that cannot be used were left out",
      meaning: """
        --on-bad-row skip was given. The result is that of files without these rows: a row that is left
        out of one file is left out of all of them.
        """,
      example: "surprisal fit votes.csv --counts 'n_*' --on-bad-row skip --rejects bad.csv",
      suggestion: "nothing need be done; --strict makes it status 3."),
    ErrorText(
      "column.missing", "a column that was named is not there",
      meaning: """
        A flag or the model names a column that the file does not have. Names are compared letter by
        letter, capitals and spaces included.
        """,
      example: "surprisal fit iris.csv --target Class   (the column is class)",
      suggestion: "correct the name: surprisal check FILE lists the columns."),
    ErrorText(
      "column.conflict", "a column is named as a feature and as something else",
      meaning: """
        --features names a column that is a label, a weight, an offset or a cluster as well. A label
        among the features would predict itself. A pattern such as * leaves such columns out.
        """,
      example: "surprisal fit votes.csv --counts 'n_*' --features age,n_yes",
      suggestion: "leave the column out of --features, or out of the other flag."),
  ]

  /// Numbers in cells.
  static let numbers: [ErrorText] = [
    ErrorText(
      "number.syntax", "a cell is no number",
      meaning: """
        A column that must be numeric holds other text. Read are decimal numbers such as 3, -0.5 and
        1e-3, with spaces round them; not hexadecimal ones, digits of other scripts or 1_000.
        """,
      example: "weight\n1.5\n2,5",
      suggestion: "correct the cell; if the comma is a decimal mark, add --decimal ,"),
    ErrorText(
      "number.infinite", "an infinite number",
      meaning: "The cell says inf or Infinity. No finite coefficient can go with it.",
      example: "x\n1\ninf",
      suggestion: "correct the cell, drop the row, or cap the column beforehand."),
    ErrorText(
      "number.overflow", "a number beyond the largest double",
      meaning:
        "The cell is a number of more than 1.8e308; other readers make it infinite silently.",
      example: "x\n1e400", suggestion: "rescale the column."),
    ErrorText(
      "number.inexact", "an integer that no double equals",
      meaning: "An integer array holds a value beyond 2^53, which would be rounded.",
      example: "9007199254740993 in an int64 array",
      suggestion: "such numbers are usually identifiers: leave the column out."),
    ErrorText(
      "number.range", "a column cannot be scaled within the range of doubles",
      meaning: """
        Mean or standard deviation of a feature, or the largest minus the smallest value, leave the
        range of doubles (1.8e308), or the standard deviation is below 2.2e-308. A fit works with
        standardised columns, which this one cannot be turned into without losing its digits.
        """,
      example: "x\n-1e308\n1e308",
      suggestion: "multiply the column by a constant that brings it near 1."),
    ErrorText(
      "number.subnormal", exit: "0", "numbers next to zero that have fewer digits",
      meaning: """
        Doubles nearer to zero than 2.2e-308 have fewer than 16 digits. They are read as the nearest
        double, and check counts them.
        """,
      example: "x\n1e-310", suggestion: "nothing need be done; rescale the column if it matters."),
  ]
}
