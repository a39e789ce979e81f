import SurprisalDatasets
import SurprisalLinearAlgebra
import Testing

@Suite struct ColumnTests {
  @Test func columnsOfOneMatrixAreThatMatrix() {
    let matrix = BlockedMatrix(columns: [[1, 2, 3], [4, 5, 6]], rowCount: 3)
    let columns = (0..<2).map { Column.Numbers(matrix, column: $0) }
    #expect(Array(columns[1]) == [4, 5, 6] && columns[0] == [1, 2, 3])
    let same = BlockedMatrix(columns: columns, rowCount: 3, storage: .double)
    #expect(same.sharesStorage(with: matrix))
    let turned = BlockedMatrix(columns: columns.reversed(), rowCount: 3, storage: .double)
    #expect(turned.row(0) == [4, 1])
    let single = BlockedMatrix(columns: columns, rowCount: 3, storage: .single)
    #expect(single.storageKind == .single && single.row(2) == [3, 6])
    let mixed = BlockedMatrix(columns: [[7, 8, 9], columns[0]], rowCount: 3, storage: .double)
    #expect(mixed.row(1) == [8, 2])
  }

  @Test func missingCellsAreFound() {
    #expect(Column(name: "x", numbers: [1, .nan, 3, .nan]).missingRows == [1, 3])
    #expect(Column(name: "t", words: ["a"], codes: [-1, 0, -1]).missingRows == [0, 2])
    let matrix = BlockedMatrix(columns: [[1, 2, .nan]], rowCount: 3)
    let column = Column(name: "x", numbers: Column.Numbers(matrix, column: 0))
    #expect(column.missingRows == [2] && column.rowCount == 3)
    #expect(column.selecting(rows: [2, 0]).missingRows == [0])
  }

  /// Rows that already have the encoding keep their matrix, sparse or not.
  @Test func encodedRowsAreNotCopied() throws {
    var entries = CompressedRows()
    entries.append(columns: [1], values: [2.5])
    entries.append(columns: [], values: [])
    for matrix in [
      BlockedMatrix(entries, columnCount: 2),
      BlockedMatrix(columns: [[1, 2], [3, 4]], rowCount: 2),
    ] {
      let numbers = FeatureEncoding(numbers: ["a", "b"])
      let columns = Columns(Features(trusting: matrix, encoding: numbers))
      #expect(try columns.encoded(as: numbers).matrix.sharesStorage(with: matrix))
      // A model with a substitute for missing cells reads the same numbers.
      let filled = FeatureEncoding(
        sources: ["a", "b"].map { .init(name: $0, kind: .number, substitute: 1) },
        columns: numbers.columns)
      let encoded = try columns.encoded(as: filled)
      #expect(encoded.matrix.sharesStorage(with: matrix) && encoded.encoding == filled)
      #expect(try columns.column(named: "b").rowCount == 2)
      #expect(throws: DatasetError.missingColumn("c", available: ["a", "b"])) {
        try columns.column(named: "c")
      }
    }
  }
}
