import SurprisalLinearAlgebra

/// How delimited text is to be read.
public struct DelimitedOptions: Sendable {
  /// The delimiter, an ASCII character; nil for the default: a tab for names that end in `.tsv` or
  /// `.tab`, a semicolon if the decimal mark is a comma, otherwise a comma.
  public var delimiter: UInt8?

  /// Whether the first record holds the names. If not, columns are named `f1`, `f2` ...
  public var hasHeader = true

  /// The decimal mark.
  public var decimal = DecimalMark.point

  /// The thousands separator, an ASCII character; nil for none.
  public var thousands: UInt8?

  /// Which cells are missing.
  public var missing = MissingTokens.usual

  /// The comment character, an ASCII character: lines that begin with it are skipped; nil for none.
  public var comment: UInt8?

  /// Whether quotation marks out of place are ordinary characters.
  public var lazyQuotes = false

  /// Whether a second `a` in the header is renamed `a_2` instead of refused.
  public var dedupeHeaders = false

  /// Whether `0`, `1`, `2`, ... are accepted as names, as written for a data frame without names.
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

  /// The maximum memory.
  public var memoryBudget = MemoryBudget.ofMachine

  /// The format, which overrides the file's extension; nil to use the extension.
  public var format: TableFormat?

  /// The number of threads; the table does not depend on it.
  public var threads = ThreadCount.one

  /// The storage of contiguous columns: in double or in single precision.
  public var contiguousStorage = MatrixStorage.double

  /// Whether a row is returned as soon as its line has arrived, for a program at the other end of a
  /// pipe that waits for the answer. Nothing is read before it is needed.
  public var answersAtOnce = false

  /// The bytes read at a time; nil for about the size of the processor's cache, more for several
  /// threads. Tests make it small.
  var windowCapacity: Int?

  /// Whether simple records are read before the scanner sees them. Tests compare both ways.
  var readsAhead = true

  /// The fewest bytes that are shared among threads. Tests make it small.
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
    /// They are left out, counted in `Table.rejectedRowCount` and passed to the closure, in order.
    case skip(@Sendable (RejectedRow) throws(FileError) -> Void)

    /// Whether rows are left out.
    var areSkipped: Bool {
      if case .skip = self { true } else { false }
    }
  }

  /// The format of numbers.
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

  /// Its bytes as in the file, including the line end.
  public let bytes: [UInt8]

  /// Why it was left out.
  public let error: FileError
}

/// How a column is read.
public enum ColumnType: Sendable, Equatable {
  /// Not read: its cells may hold anything.
  case ignore
  /// Numbers if every cell is a number or missing, otherwise text.
  case automatic
  /// Numbers; a cell that is neither a number nor missing is an error.
  case number
  /// Text without conversion: `1` and `1.0` differ.
  case text
}
