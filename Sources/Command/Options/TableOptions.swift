import ArgumentParser
import Surprisal

/// Options for reading delimited text.
struct TableOptions: ParsableArguments {
  @Option("char", "The delimiter: a character, or tab. Default: a comma, a tab for .tsv.")
  var delimiter: String?

  @Option(".|,", "The decimal mark of numbers.") var decimal = "."

  @Option("char", "What stands between groups of three digits, such as 1,234 or 1.234.")
  var thousands: String?

  @Option(
    "tokens",
    """
    Cells that are missing beside empty ones, separated by commas; '' for none. Default: NA, \
    N/A, n/a, #N/A, <NA>, NaN, null, ?. In quotation marks they are text in columns of text.
    """)
  var na: String?

  @Option("char", "Leave out lines that begin with this character.") var comment: String?
  @Flag(help: "The first line is data: columns are called f1, f2, ...") var noHeader = false
  @Flag(help: "Quotation marks out of place are ordinary characters.") var lazyQuotes = false
  @Flag(help: "Rename a second column a to a_2.") var dedupeHeaders = false

  @Option(
    "error|skip",
    """
    What happens to rows that cannot be used: unreadable, with wrong or empty cells, unseen \
    levels or no label. predict has blank too: a line of empty cells.
    """)
  var onBadRow = BadRowChoice.error

  @Option("file", "Write skipped rows to a file, as they stand.") var rejects: String?

  @Option(
    "csv|tsv|npy|libsvm",
    """
    The format of the data. Default: by the name of the file, .npy, .libsvm, .svm, .svmlight, \
    .tsv, .tab; csv otherwise.
    """)
  var format: TableFormat?

  @Flag(
    help:
      """
      Hold features in single precision: half the memory; they are rounded to 24 bits, sums are \
      not.
      """
  )
  var float32 = false

  @Option(
    "size", "The most memory that may be used, such as 2G. Default: 80 % of what the machine has.")
  var maxMemory: MemorySize?

  @Option("bytes", "The most bytes a field may have.") var maxField = 1 << 20
  @Option("bytes", "The most bytes a record may have.") var maxRecord = 1 << 24
  @Option("n", "The most columns a file may have.") var maxColumns = 1_000_000

  func validate() throws {
    if decimal != "." && decimal != "," {
      throw ValidationError("--decimal takes . or ,")
    }
    if let delimiter, delimiter != "tab", Self.byte(delimiter) == nil {
      throw ValidationError("--delimiter takes one ASCII character, or tab")
    }
    if let thousands,
      Self.byte(thousands) == nil || thousands == decimal
        || "0123456789+-eE".contains(thousands)
    {
      throw ValidationError(
        "--thousands takes one ASCII character that is neither a digit nor the decimal mark")
    }
    if let comment, Self.byte(comment) == nil {
      throw ValidationError("--comment takes one ASCII character")
    }
    if rejects != nil, onBadRow == .error {
      throw ValidationError("--rejects goes with --on-bad-row skip")
    }
    if min(maxField, maxRecord, maxColumns) < 1 {
      throw ValidationError("--max-field, --max-record and --max-columns take numbers from 1 on")
    }
  }

  /// The library's options; skipped rows are collected by `collector`.
  func delimited(
    collecting collector: RejectCollector?, threads: ThreadCount = .one
  ) -> DelimitedOptions {
    var options = DelimitedOptions()
    options.threads = threads
    options.format = format
    options.contiguousStorage = featureStorage
    options.memoryBudget = memoryBudget
    options.delimiter = delimiter.flatMap { $0 == "tab" ? 9 : Self.byte($0) }
    options.decimal = decimal == "," ? .comma : .point
    options.thousands = thousands.flatMap(Self.byte)
    options.comment = comment.flatMap(Self.byte)
    if let na {
      options.missing = MissingTokens(
        na.split(separator: ",").map { String($0.trimmingPrefix { $0 == " " }) })
    }
    options.hasHeader = !noHeader
    options.lazyQuotes = lazyQuotes
    options.dedupeHeaders = dedupeHeaders
    options.fieldLimit = maxField
    options.recordLimit = maxRecord
    options.columnLimit = maxColumns
    if onBadRow != .error { options.badRows = .skip { collector?.add($0) } }
    return options
  }

  /// The storage of features.
  var featureStorage: MatrixStorage { float32 ? .single : .double }

  /// The maximum memory.
  var memoryBudget: MemoryBudget {
    maxMemory.map { MemoryBudget(bytes: $0.bytes) } ?? .ofMachine
  }

  /// Throws `limit.memory` before making predictions that do not fit besides `held` bytes; `copies`
  /// of them exist at one time, and `rowBytes` for each row.
  func requirePredictions(
    of rows: Int, classes: Int, copies: Int, rowBytes: Int = 0, beside held: Int = 0
  ) throws(FileError) {
    let row = classes.multipliedSaturating(by: 8 * copies).addingSaturating(rowBytes)
    let bytes = rows.multipliedSaturating(by: row)
    try memoryBudget.require(
      bytes.addingSaturating(held),
      for: "predicting \(rows) rows of \(classes) classes")
  }

  /// The format of the data file.
  func format(of file: InputFile) -> TableFormat {
    format ?? TableFormat(fileExtension: file.fileExtension)
  }

  /// Checks that the features can be stored as requested: sparse features have only one form, and
  /// JSON lines are read by `predict` only.
  func checkStorage(of file: InputFile, allowsBlank: Bool = false) throws {
    if format == .ndjson { throw Self.jsonLines }
    if format == nil { try requireTable(file) }
    if onBadRow == .blank, !allowsBlank {
      throw UsageError("--on-bad-row blank is for predict", suggestion: "take skip in its place")
    }
    guard float32, format(of: file) == .libsvm else { return }
    throw UsageError(
      "--float32 is for features that are stored in full, not for the LIBSVM format",
      suggestion: "leave it out: entries that are zero take no memory")
  }

  /// Throws for a file of JSON lines, which hold no labels and no predictions.
  func requireTable(_ file: InputFile) throws {
    if TableFormat(fileExtension: file.fileExtension) == .ndjson { throw Self.jsonLines }
  }

  private static var jsonLines: UsageError {
    UsageError(
      "JSON lines are read by surprisal predict alone",
      suggestion: "write the data as CSV, or name another format with --format")
  }

  private static func byte(_ text: String) -> UInt8? {
    text.utf8.count == 1 && text != "\"" && text != "\n" ? text.utf8.first : nil
  }
}

extension TableFormat: ExpressibleByArgument {
  /// The formats of all commands; `predict` also supports JSON lines.
  public static var allValueStrings: [String] {
    allCases.filter { $0 != .ndjson }.map(\.rawValue)
  }
}

/// The treatment of rows that cannot be read.
enum BadRowChoice: String, ExpressibleByArgument, CaseIterable {
  case error
  case skip
  case blank
}

extension ArgumentHelp {
  /// The help of the argument that names the data.
  static var data: ArgumentHelp {
    ArgumentHelp("The data: CSV, TSV, NPY or LIBSVM; - for the standard input.", valueName: "file")
  }

  /// The help of the option for further measures.
  static var metrics: ArgumentHelp {
    ArgumentHelp(
      "Further measures: ldl prints the six label-distribution measures.", valueName: "ldl")
  }

  /// The help of the option that names the items of votes.
  static var itemColumn: ArgumentHelp {
    ArgumentHelp(
      "The column of items in the votes. Default: item, task, ...", valueName: "column")
  }
}
