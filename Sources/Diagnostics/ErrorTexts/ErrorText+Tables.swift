extension ErrorText {
  /// Delimited text.
  static let tables: [ErrorText] = [
    ErrorText(
      "data.empty", "the file is empty",
      meaning: "The file contains no bytes, or only blank lines.",
      example: "a download that failed", suggestion: "check the source of the file."),
    ErrorText(
      "data.norows", "there are no rows",
      meaning: """
        The file contains only a header, or every row was skipped, by --missing drop,
        --drop-empty-labels or --on-bad-row skip.
        """,
      example: "x,y,class", suggestion: "add rows, or check why they were skipped."),
    ErrorText(
      "csv.nul", "a NUL byte",
      meaning: "The text contains a byte of value zero, which never occurs in text.",
      example:
        "a binary file named .csv; UTF-16 without a byte order mark; a file damaged by a crash",
      suggestion: "if it is UTF-16: iconv -f UTF-16LE -t UTF-8 table.csv > converted.csv"),
    ErrorText(
      "csv.cr", "old Mac line ends",
      meaning: """
        Lines end with a carriage return only. Lines that end with a line feed, or with both, can be
        read, also mixed.
        """,
      example: "a,b<CR>1,2<CR>", suggestion: "tr '\\r' '\\n' < table.csv > converted.csv"),
    ErrorText(
      "csv.ragged", "a row has too few or too many fields",
      meaning: """
        Every row must have as many fields as the header. Other programs fill short rows or cut long
        ones, which shifts values to the wrong columns.
        """,
      example: "x,y,class\n1,2,a\n3,4",
      suggestion: """
        correct the row; quote a field that contains the delimiter. To skip such rows use
        --on-bad-row skip, and --rejects FILE to see them.
        """),
    ErrorText(
      "csv.quote", "a misplaced quotation mark",
      meaning: """
        A quoted field is not closed (the message names the line of its opening mark), or has text
        after its closing mark, or a quotation mark occurs inside a field that does not begin with
        one.
        """,
      example: "name,size\nthe 5\" disk,1",
      suggestion: "quote the field and double the mark: \"the 5\"\" disk\"; or add --lazy-quotes."),
    ErrorText(
      "csv.dupcolumn", "two columns have the same name",
      meaning: "Columns are identified by name, so a name that occurs twice is ambiguous.",
      example: "x,x,class", suggestion: "rename one, or add --dedupe-headers (x, x_2)."),
    ErrorText(
      "csv.emptyname", "a column without a name",
      meaning: """
        A cell of the header is empty; often the column contains row numbers that another program
        wrote.
        """,
      example: "x,,class",
      suggestion: "give the column a name."),
    ErrorText(
      "csv.rownames", exit: "0", "the first column contains row names",
      meaning: """
        The first name of the header is empty, or the rows have one field more than the header, as
        other programs write tables with row names. The column is called row (row_name if there is
        such a column) and is not read, unless --key or --std-errors names it.
        """,
      example: "x,class\n1,2.5,a\n2,3.5,b",
      suggestion: "no action is needed; if it is a feature, give it a name."),
    ErrorText(
      "csv.trailing", exit: "0", "columns at the end without names and cells",
      meaning: """
        Each line ends with a delimiter, which gives an empty column. It is ignored; only its cells
        in the first ten rows are checked.
        """,
      example: "x,class,\n1,a,\n2,b,",
      suggestion: "no action is needed; if the column has cells, give it a name."),
    ErrorText(
      "csv.comment", "the first line looks like a comment",
      meaning: "The first line begins with # and is one field, while the next has several.",
      example: "# measured in May\nx,class\n1,a",
      suggestion: "add --comment '#': lines that begin with it are skipped."),
    ErrorText(
      "csv.noheader", "the header consists of numbers",
      meaning: """
        Every name in the first line is a number: it is probably the first row, which would be lost
        if it were treated as a header.
        """,
      example: "5.1,3.5,1\n4.9,3.0,1",
      suggestion: "add --no-header (columns are then named f1, f2, ...), or write a header."),
    ErrorText(
      "csv.delimiter", "the file seems to have another delimiter",
      meaning: """
        There is a single column, and each of the first lines contains a semicolon, a tab or a bar
        but no comma.
        """,
      example: "x;y;class\n1;2;a", suggestion: "add --delimiter ';' or --delimiter tab."),
    ErrorText(
      "rows.mismatch", "two inputs do not have the same rows",
      meaning: """
        The label file, or the predictions, have a different number of rows than the data, including
        rows that are skipped; or, under --key, a key is missing, not in the data, or occurs twice.
        Rows are never matched by their position among the remaining rows.
        """,
      example: "surprisal fit x.npy --labels p.npy --probs '*'   (10 rows and 9)",
      suggestion: """
        write both files from the same rows in the same order, or join them by a column with --key
        COLUMN.
        """),
    ErrorText(
      "rows.rejected", exit: "0, 3", "rows that cannot be used were skipped",
      meaning: """
        --on-bad-row skip was given. The result is that of files without these rows: a row that is
        skipped in one file is skipped in all of them.
        """,
      example: "surprisal fit votes.csv --counts 'n_*' --on-bad-row skip --rejects bad.csv",
      suggestion: "no action is needed; --strict makes it status 3."),
    ErrorText(
      "column.missing", "a named column does not exist",
      meaning: """
        A flag or the model names a column that the file does not have. Names are compared exactly,
        including case and spaces.
        """,
      example: "surprisal fit iris.csv --target Class   (the column is class)",
      suggestion: "correct the name: surprisal check FILE lists the columns."),
    ErrorText(
      "column.kind", exit: "0", "the type of a column may be wrong",
      meaning: """
        Numbers that begin with a zero may be codes; texts that all look like numbers in groups of
        three digits, numbers with a unit, percentages, amounts of money, dates or times are levels
        of a text column, each with its own coefficient. Nothing was changed; the warning names the
        flag for the other interpretation.
        """,
      example: "price,class\n$10.50,a\n$7.00,b",
      suggestion: """
        --thousands , reads 1,234 as a number; --text COLUMN confirms that the values are levels;
        --ignore COLUMN leaves the column out.
        """),
    ErrorText(
      "column.identifier", exit: "0, 65", "a text column whose cells are nearly all different",
      meaning: """
        The column has more than twenty different texts, and nine of ten rows or more differ: names,
        keys or free text. Each text would be a level whose coefficient depends on one row. check
        lists such columns; fit refuses them unless --text names them.
        """,
      example: "user,x,class\nu0001,1.5,a\nu0002,2.5,b\n...",
      suggestion: "leave the column out: --ignore COLUMN."),
    ErrorText(
      "column.conflict", "a column is named as a feature and in another role",
      meaning: """
        --features names a column that is also a label, a weight, an offset or a cluster. A label
        among the features would predict itself. Patterns such as * do not match such columns.
        """,
      example: "surprisal fit votes.csv --counts 'n_*' --features age,n_yes",
      suggestion: "leave the column out of --features, or out of the other flag."),
  ]

  /// Numbers in cells.
  static let numbers: [ErrorText] = [
    ErrorText(
      "number.syntax", "a cell is not a number",
      meaning: """
        A numeric column contains other text. Accepted are decimal numbers such as 3, -0.5 and 1e-3,
        also with spaces around them; hexadecimal numbers, digits of other scripts and 1_000 are
        not.
        """,
      example: "weight\n1.5\n2,5",
      suggestion: "correct the cell; if the comma is the decimal mark, add --decimal ,"),
    ErrorText(
      "number.infinite", "an infinite number",
      meaning: "The cell contains inf or Infinity. A finite coefficient is impossible with it.",
      example: "x\n1\ninf",
      suggestion: "correct the cell, drop the row, or cap the column beforehand."),
    ErrorText(
      "number.overflow", "a number beyond the largest double",
      meaning: "The number exceeds 1.8e308; other programs silently make it infinite.",
      example: "x\n1e400", suggestion: "rescale the column."),
    ErrorText(
      "number.inexact", "an integer that is not exactly representable as a double",
      meaning: "An integer array contains a value beyond 2^53, which would be rounded.",
      example: "9007199254740993 in an int64 array",
      suggestion: "such numbers are usually identifiers: leave the column out."),
    ErrorText(
      "number.range", "a column cannot be scaled within the range of doubles",
      meaning: """
        The mean or standard deviation of a feature, or its range, exceeds the range of doubles
        (1.8e308), or the standard deviation is below 2.2e-308. A fit uses standardised columns, and
        standardising this column would lose its digits.
        """,
      example: "x\n-1e308\n1e308",
      suggestion: "multiply the column by a constant that brings it near 1."),
    ErrorText(
      "number.subnormal", exit: "0", "numbers close to zero with fewer digits",
      meaning: """
        Doubles closer to zero than 2.2e-308 have fewer than 16 digits. They are read as the nearest
        double, and check reports their number.
        """,
      example: "x\n1e-310", suggestion: "no action is needed; rescale the column if it matters."),
  ]
}
