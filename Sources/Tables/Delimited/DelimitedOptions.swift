import SurprisalLinearAlgebra

/// How delimited text is to be read.
public struct DelimitedOptions: Sendable {
  /// The delimiter, an ASCII character; nil: a tab for names that end in `.tsv` or `.tab`, a
  /// semicolon where the decimal mark is a comma, otherwise a comma.
  public var delimiter: UInt8?

  /// Whether the first record holds the names. Without, columns are called `f1`, `f2` ...
  public var hasHeader = true

  /// The decimal mark.
  public var decimal = DecimalMark.point

  /// What stands between groups of three digits, an ASCII character; nil: nothing does.
  public var thousands: UInt8?

  /// Which cells are missing.
  public var missing = MissingTokens.usual

  /// What lines begin with that are left out, an ASCII character; nil: no line is.
  public var comment: UInt8?

  /// Whether quotation marks out of place are ordinary characters.
  public var lazyQuotes = false

  /// Whether a second `a` in the header is renamed `a_2` instead of refused.
  public var dedupeHeaders = false

  /// Whether `0`, `1`, `2`, ... are names of columns, as a data frame without names writes them.
  var allowsIndexHeader = false

  /// What happens to rows that cannot be read.
  public var badRows = BadRows.error

  /// The most bytes a field may have.
  public var fieldLimit = 1 << 20

  /// The most bytes a record may have.
  public var recordLimit = 1 << 24

  /// The most columns.
  public var columnLimit = 1_000_000

  /// The most bytes a column's name may have.
  public var nameLimit = 1 << 12

  /// The memory that may be used.
  public var memoryBudget = MemoryBudget.ofMachine

  /// The format, whatever the name of the file says; nil: its name says it.
  public var format: TableFormat?

  /// How many threads read; the table does not depend on it.
  public var threads = ThreadCount.one

  /// How the numbers of contiguous columns are held: in double or in single precision.
  public var contiguousStorage = MatrixStorage.double

  /// Whether a row is handed out as soon as its line has come, for a program at the other end of a
  /// pipe that waits for the answer: nothing is looked at before it is needed.
  public var answersAtOnce = false

  /// The bytes read at a time; nil: what the processor keeps near, more where several threads
  /// share them. Tests make it small.
  var windowCapacity: Int?

  /// Whether simple records are read before the scanner sees them. Tests compare both ways.
  var readsAhead = true

  /// The fewest bytes that are worth sharing among threads. Tests make it small.
  var leastShared = 1 << 17

  /// RFC 4180 with a header.
  public init() {}

  /// The decimal mark.
  public enum DecimalMark: Sendable, Equatable {
    /// `1.5`
    case point
    /// `1,5`
    case comma

    var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
  }

  /// What happens to a row with too few or too many fields, a quotation mark out of place, a NUL
  /// byte, invalid UTF-8 in a cell that is used, or a cell that is no number in a column read as
  /// numbers.
  public enum BadRows: Sendable {
    /// The first one is an error.
    case error
    /// They are left out, counted in `Table.rejectedRowCount` and handed over, in order.
    case skip(@Sendable (RejectedRow) throws(FileError) -> Void)
  }

  /// How numbers are written.
  var numbers: NumberFormat { NumberFormat(decimal: decimal.byte, thousands: thousands) }

  /// The delimiter for a file of a given extension.
  func delimiter(forExtension fileExtension: String) -> UInt8 {
    if let delimiter { return delimiter }
    if ["tsv", "tab"].contains(fileExtension) { return UInt8(ascii: "\t") }
    return UInt8(ascii: decimal == .comma ? ";" : ",")
  }
}

/// A row that was left out.
public struct RejectedRow: Sendable {
  /// The row, counted from 1 with the rejected ones.
  public let row: Int

  /// The line it begins at, counted from 1.
  public let line: Int

  /// Its bytes as they stand in the file, the line end included.
  public let bytes: [UInt8]

  /// Why it was left out.
  public let error: FileError
}

/// What becomes of a column.
public enum ColumnType: Sendable, Equatable {
  /// Not read: its cells may hold anything.
  case ignore
  /// Numbers if every cell is a number or missing, otherwise text.
  case automatic
  /// Numbers; a cell that is neither a number nor missing is an error.
  case number
  /// Text as it stands, `1` and `1.0` apart.
  case text
}
