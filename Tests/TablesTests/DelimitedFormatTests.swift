import Foundation
import Testing

@testable import SurprisalDiagnostics
@testable import SurprisalTables

@Suite("Forms of delimited text")
struct DelimitedFormatTests {
  @Test(
    "line ends, a byte order mark, blank lines and no last line feed change nothing",
    arguments: [
      "a,b\n1,x\n2,y\n", "a,b\r\n1,x\r\n2,y\r\n", "a,b\n1,x\r\n2,y", "\u{FEFF}a,b\n1,x\n2,y\n",
      "\n\na,b\n\n1,x\n\r\n2,y\n\n\n", "\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"y\"",
      "a,b\n 1,x\n\t2 ,y\n",
    ])
  func sameTable(text: String) throws {
    let table = try readTable(text)
    #expect(table.columns.map(\.name) == ["a", "b"])
    #expect(numbers(table, "a") == [1, 2])
    #expect(texts(table, "b") == ["x", "y"])
  }

  @Test("with one column a blank line is a missing cell")
  func oneColumn() throws {
    let table = try readTable("a\n1\n\n3\n\n")
    guard case .numbers(let values, let missing)? = table.columns.first?.cells else {
      Issue.record("not numbers")
      return
    }
    #expect(missing == [1, 3])
    #expect(values[0] == 1 && values[2] == 3)
  }

  @Test(
    "missing cells",
    arguments: [
      "", " ", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan",
      "NULL", "null", "Null", "?", "\"\"",
    ])
  func missing(cell: String) throws {
    let table = try readTable("a,b\n1,x\n\(cell),\(cell)\n")
    #expect(table.columns.map(\.missingRows) == [[1], [1]])
  }

  @Test("a quoted token is missing in a numeric column and text in a text column")
  func quotedTokens() throws {
    let table = try readTable("a,b,c\n1,x,\"NA\"\n\" NA \",\"NA\",\"NA\"\n,NA,word\n")
    #expect(table.columns.map(\.missingRows) == [[1, 2], [2], []])
    #expect(texts(table, "b") == ["x", "NA", nil])
  }

  @Test(
    "what only looks like a missing cell",
    arguments: ["None", "-", ".", "na", "NAN1", "NaNa", "Na"])
  func notMissing(cell: String) throws {
    #expect(texts(try readTable("a\nx\n\(cell)\n"), "a") == ["x", cell])
  }

  @Test("tabs by the file's extension, semicolons with decimal commas, and on request")
  func delimiters() throws {
    func read(_ text: String, _ kind: String, _ change: (inout DelimitedOptions) -> Void) throws
      -> Table
    {
      var options = DelimitedOptions()
      change(&options)
      return try DelimitedReader(options: options).read(
        ByteSource(bytes: Array(text.utf8), name: "x"), fileExtension: kind
      ) { _ in .automatic }
    }
    #expect(numbers(try read("a\tb\n1\t2\n", "tsv") { _ in }, "b") == [2])
    #expect(numbers(try read("a;b\n1,5;2\n", "csv") { $0.decimal = .comma }, "a") == [1.5])
    #expect(numbers(try read("a|b\n1|2\n", "csv") { $0.delimiter = UInt8(ascii: "|") }, "b") == [2])
    #expect(numbers(try read("a8b\n189\n", "csv") { $0.delimiter = UInt8(ascii: "8") }, "b") == [9])
  }

  @Test("no header: f1, f2 ... and the first line is a row")
  func noHeader() throws {
    var options = DelimitedOptions()
    options.hasHeader = false
    let table = try readTable("1,x\n2,y\n", chunk: 1, options: options)
    #expect(table.columns.map(\.name) == ["f1", "f2"])
    #expect(numbers(table, "f1") == [1, 2])
    #expect(table.line(ofRow: 0) == 1)
  }

  @Test("equal names are numbered on request, skipping existing names")
  func dedupe() throws {
    var options = DelimitedOptions()
    options.dedupeHeaders = true
    let table = try readTable("a,a_2,a,b,a\n1,2,3,4,5\n", options: options)
    #expect(table.columns.map(\.name) == ["a", "a_2", "a_3", "b", "a_4"])
  }

  @Test("misplaced quotation marks are ordinary characters on request")
  func lazy() throws {
    var options = DelimitedOptions()
    options.lazyQuotes = true
    let table = try readTable("a,b\nx\"y,5\" tall\n\"a\"b\",\"c\"\"d\"\n", options: options)
    #expect(texts(table, "a") == ["x\"y", "a\"b"])
    #expect(texts(table, "b") == ["5\" tall", "c\"d"])
  }

  @Test("text on request distinguishes 1 from 1.0 and spaces, not Unicode spellings")
  func keptText() throws {
    let table = try readTable("a\n1\n1.0\n 1\n1\ncafe\u{301}\ncaf\u{E9}\n") { _ in .text }
    guard let column = table.columns.first, case .texts(let levels, let codes) = column.cells
    else { return }
    #expect(levels == ["1", "1.0", " 1", "café"])
    #expect(codes == [0, 1, 2, 0, 3, 3])
    #expect(column.numberCount == 4)
  }

  @Test("the time of many levels is proportional to their number")
  func levels() throws {
    let count = 20_000
    let table = try readTable("a\n" + (0..<count).map { "id\($0)" }.joined(separator: "\n"))
    guard case .texts(let levels, let codes)? = table.columns.first?.cells else { return }
    #expect(levels.count == count && codes.last == Int32(count - 1))
  }

  @Test("skipping bad rows gives the file without them")
  func skip() throws {
    let rejected = Collected()
    var options = DelimitedOptions()
    options.badRows = .skip { row in rejected.append(row) }
    let good = "a,b\n1,x\n2,y\n3,z\n"
    let bad = "a,b\n1,x\n9\n8,q,r\r\n2,y\n7,w\"w\nno,v\n3,z\n6,\u{0}"
    let table = try readTable(bad, chunk: 3, options: options) { $0 == "a" ? .number : .automatic }
    let expected = try readTable(good)
    #expect(table.columns == expected.columns)
    #expect(table.rejectedRowCount == 5)
    #expect(
      rejected.rows.map(\.error.code)
        == ["csv.ragged", "csv.ragged", "csv.quote", "number.syntax", "csv.nul"])
    #expect(
      rejected.rows.map { String(decoding: $0.bytes, as: UTF8.self) }
        == ["9\n", "8,q,r\r\n", "7,w\"w\n", "no,v\n", "6,\u{0}"])
    #expect(rejected.rows.map(\.line) == [3, 4, 6, 7, 9])
    #expect((0..<3).map(table.line(ofRow:)) == [2, 5, 8])
  }

  @Test("a stream gives the rows of the file in batches, with their lines")
  func stream() throws {
    let text = "a,b\n" + (0..<100).map { "\($0),t\($0 % 3)" }.joined(separator: "\n\n")
    var stream = try DelimitedStream(ByteSource(bytes: Array(text.utf8), name: "x", chunkSize: 5)) {
      $0 == "a" ? .number : .text
    }
    #expect(stream.columnNames == ["a", "b"])
    var values: [Double] = []
    var lines: [Int] = []
    while let table = try stream.next(maximumRows: 7) {
      #expect(table.rowCount == min(7, 100 - values.count))
      lines += (0..<table.rowCount).map(table.line(ofRow:))
      values += numbers(table, "a") ?? []
    }
    #expect(values == (0..<100).map(Double.init))
    #expect(lines == (0..<100).map { 2 + 2 * $0 })
    let end = try stream.next(maximumRows: 7)
    #expect(end == nil)
  }

  @Test("an endless pipe ends at the memory budget")
  func budget() throws {
    var options = DelimitedOptions()
    options.memoryBudget = MemoryBudget(bytes: 1 << 19)
    let text = "a,b\n" + String(repeating: "1.5,2.5\n", count: 50_000)
    let found = #expect(throws: FileError.self) { try readTable(text, options: options) }
    #expect(found?.code == "limit.memory" && found?.exitCode == 71)
  }
}

/// Rejected rows, in order.
private final class Collected: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: [RejectedRow] = []

  var rows: [RejectedRow] { lock.withLock { stored } }

  func append(_ row: RejectedRow) { lock.withLock { stored.append(row) } }
}
