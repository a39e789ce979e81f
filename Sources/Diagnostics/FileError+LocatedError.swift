import SurprisalTables

extension FileError: LocatedError {
  /// The code word.
  public var code: String {
    switch self {
    case .cannotOpen: "io.open"
    case .changedWhileReading: "io.changed"
    case .cannotRead: "io.read"
    case .cannotWrite, .readerIsGone: "io.write"
    case .cannotCreate: "io.create"
    case .outputIsInput, .sameOutput, .standardInputTwice, .missingNumber: "usage"
    case .unsupportedFormat: "format.unsupported"
    case .wideEncoding: "encoding.utf16"
    case .empty: "data.empty"
    case .noRows: "data.norows"
    case .invalidUTF8: "encoding.utf8"
    case .nulByte: "csv.nul"
    case .loneCarriageReturn: "csv.cr"
    case .ragged: "csv.ragged"
    case .quote: "csv.quote"
    case .duplicateColumns: "csv.dupcolumn"
    case .emptyColumnNames: "csv.emptyname"
    case .commentedHeader: "csv.comment"
    case .numericHeader: "csv.noheader"
    case .wrongDelimiter: "csv.delimiter"
    case .notNumber: "number.syntax"
    case .infiniteNumber: "number.infinite"
    case .numberOverflow: "number.overflow"
    case .fieldTooLong: "limit.field"
    case .recordTooLong: "limit.record"
    case .tooManyColumns: "limit.columns"
    case .nameTooLong: "limit.name"
    case .notEnoughMemory: "limit.memory"
    case .fewFiles: "limit.files"
    case .array(_, let problem): problem.code
    case .sparse(_, _, let problem): problem.code
    case .json(_, _, let problem): problem.code
    }
  }

  /// The exit status: 64 usage, 65 data, 66 input, 71 memory, 73 output, 74 reading or writing.
  public var exitCode: Int32 {
    switch self {
    case .outputIsInput, .sameOutput, .standardInputTwice, .missingNumber: 64
    case .cannotOpen: 66
    case .notEnoughMemory, .fewFiles: 71
    case .cannotCreate: 73
    case .changedWhileReading, .cannotRead, .cannotWrite, .readerIsGone: 74
    default: 65
    }
  }

  /// The suggested remedy.
  public var suggestion: String? {
    switch self {
    case .cannotOpen, .changedWhileReading, .cannotRead, .cannotWrite, .cannotCreate,
      .outputIsInput, .sameOutput, .standardInputTwice, .missingNumber, .readerIsGone,
      .unsupportedFormat, .wideEncoding, .empty, .noRows:
      fileSuggestion
    case .notNumber, .infiniteNumber, .numberOverflow: numberSuggestion
    case .fieldTooLong, .recordTooLong, .tooManyColumns, .nameTooLong, .notEnoughMemory,
      .fewFiles:
      limitSuggestion
    case .array(_, let problem): problem.suggestion
    case .sparse(_, _, let problem): problem.suggestion
    case .json: "correct the text at that place"
    default: delimitedSuggestion
    }
  }

  private var fileSuggestion: String? {
    switch self {
    case .cannotOpen(_, _, let suggestion):
      suggestion.map { "did you mean \(EscapedText($0))?" } ?? "check the name and the permissions"
    case .cannotRead, .cannotWrite: "check that the disk is available and has space, and try again"
    case .cannotCreate: "choose another name, or check that its folder exists and is writable"
    case .empty, .noRows: "check the source of the file"
    case .changedWhileReading: "read it again when no program writes to it"
    case .outputIsInput: "choose another name for the output"
    case .sameOutput: "give them different names"
    case .standardInputTwice: "name a file for one of them"
    case .missingNumber: "write the data as CSV or NPY, whose cells can be missing"
    case .unsupportedFormat(let file, let format): format.suggestion(file: file)
    case .wideEncoding(let file, let encoding):
      "convert it: iconv -f \(encoding) -t UTF-8 \(shellWord(file)) > converted.csv"
    default: nil
    }
  }

  private var delimitedSuggestion: String? {
    switch self {
    case .loneCarriageReturn(let file, _):
      "these are old Mac line ends; convert them: tr '\\r' '\\n' < \(shellWord(file)) > "
        + "converted.csv"
    case .ragged: "a field that contains the delimiter must be quoted"
    case .quote(_, .insideField), .quote(_, .afterClosing):
      "double each quotation mark within a quoted field, or add --lazy-quotes"
    case .quote(_, .unclosed):
      "close the field with a quotation mark, or add --lazy-quotes if marks are ordinary characters"
    case .duplicateColumns: "rename the columns, or add --dedupe-headers"
    case .emptyColumnNames: "give the columns names"
    case .commentedHeader: "add --comment '#' to skip lines that begin with #"
    case .numericHeader: "if the first line contains data, add --no-header"
    case .wrongDelimiter(_, _, let likely):
      "add --delimiter \(delimiterWord(likely))"
    case .invalidUTF8(let place, _):
      "if the file is Latin-1: iconv -f ISO-8859-1 -t UTF-8 \(shellWord(place.file)) > "
        + "converted.csv"
    case .nulByte:
      "the file is binary, damaged or UTF-16 without a byte order mark; convert it to UTF-8 text"
    default: nil
    }
  }

  private var numberSuggestion: String? {
    switch self {
    case .notNumber(_, let found, _) where numberHint(found) != nil: numberHint(found)
    case .notNumber: "correct the cell: the column must contain numbers"
    case .infiniteNumber: "only finite numbers can be fitted; correct the cell or drop the row"
    case .numberOverflow: "rescale the column to the range of doubles (up to 1.8e308)"
    default: nil
    }
  }

  private var limitSuggestion: String? {
    switch self {
    case .fieldTooLong:
      "an unclosed quotation mark is the usual cause; otherwise raise the limit with --max-field"
    case .recordTooLong:
      "an unclosed quotation mark is the usual cause; otherwise raise the limit with --max-record"
    case .nameTooLong: "shorten the name; if there is no header, add --no-header"
    case .tooManyColumns: "if this is intended, raise the limit with --max-columns"
    case .notEnoughMemory:
      "use fewer columns or rows, or a machine with more memory; --max-memory changes the limit"
    case .fewFiles: "raise the limit: ulimit -n 64"
    default: nil
    }
  }
}

/// The flags under which a cell is a number: marks between groups of three digits, decimal commas.
func numberHint(_ cell: String) -> String? {
  let text = cell.filter { $0 != " " }
  if text.hasSuffix("%"), Double(text.dropLast()) != nil {
    return "write percentages as fractions, such as 0.9 for 90%"
  }
  let hasGroups = { (mark: Character, decimal: Character) -> Bool in
    let format = NumberFormat(
      decimal: decimal.asciiValue ?? 0, thousands: mark.asciiValue)
    if case .number = format.read(text) { return text.contains(mark) }
    return false
  }
  if hasGroups(",", ".") {
    return "if the comma is between thousands, add --thousands ,"
      + (looksLikeDecimalComma(text) ? "; if it is a decimal mark, --decimal ," : "")
  }
  if hasGroups(".", ",") { return "if points are between thousands, add --decimal , --thousands ." }
  return looksLikeDecimalComma(cell) ? "if the comma is a decimal mark, add --decimal ," : nil
}

/// The name of a file as one word of a shell command.
func shellWord(_ file: String) -> String {
  let plain = file.unicodeScalars.allSatisfy {
    $0.isASCII && ($0.properties.isAlphabetic || "0123456789._-/+".unicodeScalars.contains($0))
  }
  if plain, !file.isEmpty, !file.hasPrefix("-") { return file }
  let word = file.hasPrefix("-") ? "./" + file : file
  return "'"
    + EscapedText(word).text.split(separator: "'", omittingEmptySubsequences: false)
    .joined(separator: "'\\''") + "'"
}

/// A delimiter as an argument of `--delimiter`.
func delimiterWord(_ byte: UInt8) -> String {
  byte == UInt8(ascii: "\t") ? "tab" : "'\(String(decoding: [byte], as: UTF8.self))'"
}
