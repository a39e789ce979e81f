import Testing

@testable import SurprisalDatasets
@testable import SurprisalDiagnostics
@testable import SurprisalTables

/// Reads text as CSV, in pieces of a given size.
func readTable(
  _ text: String, chunk: Int = .max, options: DelimitedOptions = DelimitedOptions(),
  columns: (String) -> ColumnType = { _ in .automatic }
) throws(FileError) -> Table {
  try DelimitedReader(options: options).read(
    ByteSource(bytes: Array(text.utf8), name: "data.csv", chunkSize: chunk), columns: columns)
}

/// The values of a numeric column; nil for other columns.
func numbers(_ table: Table, _ name: String) -> [Double]? {
  guard case .numbers(let values, _)? = table.column(named: name)?.cells else { return nil }
  return values.array
}

/// The texts of a text column, nil for missing cells.
func texts(_ table: Table, _ name: String) -> [String?]? {
  guard case .texts(let levels, let codes)? = table.column(named: name)?.cells else {
    return nil
  }
  return codes.map { $0 < 0 ? nil : levels[Int($0)] }
}

@Suite("Delimited text")
struct DelimitedReaderTests {
  @Test("columns of numbers and of text")
  func plain() throws {
    let table = try readTable("a,b,c\n1,x,2.5\n-3e2,y,NA\n.5,x, 7 \n")
    #expect(table.rowCount == 3)
    #expect(numbers(table, "a") == [1, -300, 0.5])
    #expect(texts(table, "b") == ["x", "y", "x"])
    let c = try #require(table.column(named: "c"))
    let (values, missing) = try table.requireNumbers(in: c)
    #expect(values[0] == 2.5 && values[1].isNaN && values[2] == 7)
    #expect(missing == [1])
    #expect((0..<3).map(table.line(ofRow:)) == [2, 3, 4])
  }

  @Test("a column that turns out to be text late is text throughout", arguments: [1, 3, 1 << 20])
  func lateText(chunk: Int) throws {
    let table = try readTable("a,b\n1,1\n1.0,2\nNA,3\nx,4\n2,5\ny,6\n", chunk: chunk)
    #expect(texts(table, "a") == ["1", "1.0", nil, "x", "2", "y"])
    #expect(numbers(table, "b") == [1, 2, 3, 4, 5, 6])
    let column = table.column(named: "a")
    #expect(column?.firstNonNumber == NonNumber(row: 3, text: "x", kind: .word))
    #expect(column?.numberCount == 3)
  }

  @Test("quoted fields, doubled quotation marks and line feeds within")
  func quotes() throws {
    let table = try readTable("a,b\r\n\"x, \"\"y\"\"\nz\",1\r\n\"\",\"2\"\r\nw,3")
    #expect(texts(table, "a") == ["x, \"y\"\nz", nil, "w"])
    #expect(numbers(table, "b") == [1, 2, 3])
    #expect((0..<3).map(table.line(ofRow:)) == [2, 4, 5])
  }
}
