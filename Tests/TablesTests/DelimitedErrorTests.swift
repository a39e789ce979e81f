import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

/// A fault of delimited text and its expected error.
struct BadText: Sendable, CustomTestStringConvertible {
  let text: [UInt8]
  let code: String
  /// The whole message.
  let message: String
  /// A part of the suggestion or of the details.
  let says: String
  let options: DelimitedOptions
  let reading: ColumnType

  init(
    _ text: String, _ code: String, _ message: String, says: String = "",
    reading: ColumnType = .number, options: (inout DelimitedOptions) -> Void = { _ in }
  ) {
    self.init(
      bytes: Array(text.utf8), code, message, says: says, reading: reading, options: options)
  }

  init(
    bytes: [UInt8], _ code: String, _ message: String, says: String = "",
    reading: ColumnType = .number, options: (inout DelimitedOptions) -> Void = { _ in }
  ) {
    text = bytes
    self.code = code
    self.message = message
    self.says = says
    self.reading = reading
    var changed = DelimitedOptions()
    options(&changed)
    self.options = changed
  }

  var testDescription: String { "\(code): \(EscapedText(bytes: text.prefix(40)))" }

  static let all: [BadText] = files + rows + quotes + headers + numbers + limits

  static let files = [
    BadText("", "data.empty", "data.csv is empty"),
    BadText("\u{FEFF}\n\r\n\n", "data.empty", "data.csv is empty"),
    BadText("a,b\n", "data.norows", "data.csv has a header but no rows"),
    BadText("a,b\n\n\r\n", "data.norows", "data.csv has a header but no rows"),
    BadText(
      bytes: [0xFF, 0xFE, 0x61, 0, 0x2C, 0], "encoding.utf16",
      "data.csv is encoded in UTF-16, expected UTF-8",
      says: "iconv -f UTF-16 -t UTF-8 data.csv > converted.csv"),
    BadText(
      bytes: [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "encoding.utf16",
      "data.csv is encoded in UTF-32, expected UTF-8"),
    BadText(
      bytes: [0x61, 0, 0x2C, 0, 0x62, 0], "encoding.utf16",
      "data.csv is encoded in UTF-16LE, expected UTF-8"),
    BadText(
      bytes: [0x1F, 0x8B, 8, 0], "format.unsupported", "data.csv is gzip, which is not supported",
      says: "gzip -dc data.csv"),
    BadText(
      "PK\u{3}\u{4}....", "format.unsupported",
      "data.csv is a ZIP archive (an .xlsx workbook or .npz also is one), which is not supported"),
    BadText(
      "PAR1....", "format.unsupported", "data.csv is Parquet, which is not supported",
      says: "read_parquet"),
    BadText(
      bytes: [0x80, 4, 0x95], "format.unsupported",
      "data.csv is a Python pickle, which is not "
        + "supported"
    ),
    BadText(
      bytes: Array("a,b\n1,".utf8) + [0xE9] + Array("t\n".utf8), "encoding.utf8",
      "data.csv, line 2, column 2 \"b\": byte 6 of the file is not UTF-8", says: "ISO-8859-1",
      reading: .automatic),
    BadText(
      bytes: [0x61, 0x2C, 0xFF, 0x0A, 0x31, 0x2C, 0x32], "encoding.utf8",
      "data.csv, line 1, column 2: byte 2 of the file is not UTF-8"),
    BadText(
      "a,b\n1,2\n3,\u{0}4\n", "csv.nul",
      "data.csv, line 3, column 2 \"b\": a NUL byte (byte 10 of the file)"),
    BadText(
      "a,b\r1,2\r3,4\r", "csv.cr",
      "data.csv, line 1: a carriage return without a line feed", says: "tr '\\r' '\\n' < data.csv"),
    BadText("a,b\n1,2\r", "csv.cr", "data.csv, line 2: a carriage return without a line feed"),
  ]

  static let rows = [
    BadText(
      "a,b,c,d\n1,2,3,4\n\n1,2\n", "csv.ragged",
      "row 2 (data.csv, line 4) has 2 fields, expected 4",
      says: "without a value: \"c\", \"d\""),
    BadText(
      "a,b\n1,2\n1,2,3\n", "csv.ragged", "row 2 (data.csv, line 3) has 3 fields, expected 2",
      says: "must be quoted"),
    BadText(
      "a,b\n\"1\n\",2\n3\n", "csv.ragged", "row 2 (data.csv, line 4) has 1 field, expected 2",
      reading: .text),
  ]

  static let quotes = [
    BadText(
      "a,b\n1,\"2\n3,4\n5,6\n", "csv.quote",
      "data.csv, line 2, column 2 \"b\": the quotation mark that opens this field is not closed"),
    BadText(
      "a,b\n\"x\ny\",\"2\n3", "csv.quote",
      "data.csv, line 3, column 2 \"b\": the quotation mark that opens this field is not closed",
      reading: .text),
    BadText(
      "a,b\n1,x\"y\n", "csv.quote",
      "data.csv, line 2, column 2 \"b\": a quotation mark within a field that does not begin with "
        + "one",
      says: "--lazy-quotes"),
    BadText(
      "a,b\n1,\"x\"y\n", "csv.quote",
      "data.csv, line 2, column 2 \"b\": text after the closing quotation mark of the field",
      says: "--lazy-quotes"),
  ]

  static let headers = [
    BadText(
      "a,b,a,c,b,b\n1,2,3,4,5,6\n", "csv.dupcolumn",
      "data.csv: \"a\" is the name of columns 1, 3", says: "\"b\" is the name of columns 2, 5, 6"),
    BadText("a,,c, \n1,2,3,4\n", "csv.emptyname", "data.csv, line 1: columns 2, 4 have no name"),
    BadText(
      "5.1,3.5,1\n4.9,3,2\n", "csv.noheader",
      "data.csv, line 1: every column name is a number (the first is \"5.1\"), expected a header",
      says: "--no-header"),
    BadText(
      "a;b\n1;2\n3;4\n", "csv.delimiter",
      "data.csv has one column when split at ',', and ';' in each of its first lines",
      says: "--delimiter ';'"),
    BadText(
      "a\tb\n1\t2\n", "csv.delimiter",
      "data.csv has one column when split at ',', and tab in each of its first lines",
      says: "--delimiter tab"),
    BadText(
      String(repeating: "n", count: 4097) + ",b\n1,2\n", "limit.name",
      "data.csv, line 1, column 1: a name of more than 4096 bytes"),
  ]

  static let numbers = [
    BadText(
      "a,b\n1,2\n3,x\n", "number.syntax",
      "data.csv, line 3, column 2 \"b\": \"x\" is not a number"),
    BadText(
      "a,b\n1,\"1,5\"\n", "number.syntax",
      "data.csv, line 2, column 2 \"b\": \"1,5\" is not a number", says: "--decimal ,"),
    BadText(
      "a,b\n1,0x1p-3\n", "number.syntax",
      "data.csv, line 2, column 2 \"b\": \"0x1p-3\" is not a number"),
    BadText(
      "a,b\n1,\u{1B}[31m\n", "number.syntax",
      "data.csv, line 2, column 2 \"b\": \"\\u{1b}[31m\" is not a number"),
    BadText(
      "a,b\n1,-Infinity\n", "number.infinite",
      "data.csv, line 2, column 2 \"b\": \"-Infinity\" is infinite, expected a finite number"),
    BadText(
      "a,b\n1,1e400\n", "number.overflow",
      "data.csv, line 2, column 2 \"b\": \"1e400\" exceeds the largest double, 1.8e308"),
  ]

  static let limits = [
    BadText(
      "a,b\n1,123456789\n", "limit.field",
      "data.csv, line 2, column 2 \"b\": a field of more than 8 bytes", says: "--max-field"
    ) { $0.fieldLimit = 8 },
    BadText(
      "a,b\n1,\"" + String(repeating: "x\n", count: 3000), "limit.field",
      "data.csv, line 2, column 2 \"b\": a field of more than 64 bytes"
    ) { $0.fieldLimit = 64 },
    BadText(
      "a,b,c,d\n12345,12345,12345,1\n", "limit.record",
      "data.csv, line 2: a record of more than 16 bytes", says: "--max-record"
    ) { $0.recordLimit = 16 },
    BadText(
      "a,b,c,d\n1,2,3,4\n", "limit.columns", "data.csv, line 1: more than 3 columns"
    ) { $0.columnLimit = 3 },
  ]
}

@Suite("Faults of delimited text")
struct DelimitedErrorTests {
  /// The error of reading in pieces, with a window of few bytes or of many.
  private func error(_ bad: BadText, chunk: Int, window: Int) -> FileError? {
    var options = bad.options
    options.windowCapacity = window
    do throws(FileError) {
      let source = ByteSource(bytes: bad.text, name: "data.csv", chunkSize: chunk)
      _ = try DelimitedReader(options: options).read(source) { _ in bad.reading }
      return nil
    } catch {
      return error
    }
  }

  @Test("code, place and suggestion do not depend on the pieces", arguments: BadText.all)
  func faults(bad: BadText) throws {
    let found = try #require(error(bad, chunk: .max, window: 1 << 18), "no error was thrown")
    #expect(found.code == bad.code)
    #expect(found.message == bad.message)
    #expect(bad.says.isEmpty || found.description.contains(bad.says), "\(found)")
    #expect(found.exitCode == 65)
    for (chunk, window) in [(1, 1), (1, 64), (2, 1 << 18), (7, 5), (.max, 3)] {
      #expect(error(bad, chunk: chunk, window: window) == found)
    }
  }

  @Test("the form in which the command line prints an error")
  func form() throws {
    let found = try #require(error(BadText.rows[0], chunk: .max, window: 64))
    #expect(
      found.description == """
        error[csv.ragged]: row 2 (data.csv, line 4) has 2 fields, expected 4
          without a value: "c", "d"
          a field that contains the delimiter must be quoted
        """)
  }

  @Test("ignored columns may hold anything")
  func ignored() throws {
    let bytes = Array("a,b\n1,".utf8) + [0xE9, 0xFF] + Array("\n2,inf\n".utf8)
    let table = try DelimitedReader().read(ByteSource(bytes: bytes, name: "data.csv")) {
      $0 == "a" ? .number : .ignore
    }
    #expect(numbers(table, "a") == [1, 2])
    #expect(table.columns.count == 1)
  }

  @Test("the first faulty cell of a column is cited, with the number of all")
  func citation() throws {
    let rows = (1...3000).map { $0 == 2503 || $0 == 2700 ? "x\($0),1" : "\($0),1" }
    let table = try readTable("id,b\n" + rows.joined(separator: "\n"))
    let column = try #require(table.column(named: "id"))
    let found = #expect(throws: FileError.self) { try table.requireNumbers(in: column) }
    #expect(found?.message == "data.csv, line 2504, column 1 \"id\": \"x2503\" is not a number")
    #expect(found?.details == ["1 more cell of the column is not a number either"])
  }

  @Test(
    "a column of numbers and infinities is a fault, not a set of categories",
    arguments: [("1\ninf\n2", "number.infinite"), ("1e400\n1", "number.overflow")])
  func spoiled(cells: String, code: String) throws {
    let table = try readTable("a\n" + cells)
    let column = try #require(table.columns.first)
    #expect(throws: FileError.self) { try table.requireCategories(in: column) }
    let found = #expect(throws: FileError.self) { try table.requireNumbers(in: column) }
    #expect(found?.code == code)
  }

  @Test("words beside an infinity are categories")
  func categories() throws {
    let table = try readTable("a\n1\ninf\ncat")
    try table.requireCategories(in: #require(table.columns.first))
    #expect(texts(table, "a") == ["1", "inf", "cat"])
  }
}
