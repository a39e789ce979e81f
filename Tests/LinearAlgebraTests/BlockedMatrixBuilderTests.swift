import Testing

@testable import SurprisalLinearAlgebra

@Suite struct BlockedMatrixBuilderTests {
  @Test(
    arguments: [0, 1, 8, 191, 192, 193, 400] as [Int], [MatrixStorage.double, .single])
  func holdsWhatWasWritten(_ rows: Int, _ kind: MatrixStorage) {
    let columns = 3
    func value(_ row: Int, _ column: Int) -> Double { Double(row * 10 + column) / 4 }
    let source = (0..<rows * columns).map { value($0 / columns, $0 % columns) }
    var builder = BlockedMatrixBuilder(columnCount: columns, rowCapacity: 0, storage: kind)
    var written = 0
    source.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      while written < rows {
        if written == builder.capacity {
          builder.grow(rowCapacity: written + 1, filled: written)
        }
        let count = min(8, rows - written)
        builder.target.set(
          rows: written, count: count, from: base + written * columns, stride: columns)
        written += count
      }
    }
    let matrix = builder.finish(rowCount: rows)
    #expect(matrix.rowCount == rows && matrix.columnCount == columns)
    #expect(matrix.storageKind == kind)
    for row in 0..<rows {
      let expected: [Double] = (0..<columns).map { value(row, $0) }
      #expect(matrix.row(row) == expected)
    }
    let width = kind == .single ? 4 : 8
    #expect(matrix.storageSize == BlockedMatrix.paddedRowCount(rows) * columns * width)
    // The padding of the last block must be zero because sums include it.
    if rows > 0 {
      matrix.block(matrix.blockCount - 1).withColumns { start, stride in
        let used = rows - (matrix.blockCount - 1) * BlockedMatrix.blockSize
        #expect((used..<stride).allSatisfy { start[$0] == 0 })
      }
    }
  }

  @Test func leavesColumnsOutWhenItGrows() {
    var builder = BlockedMatrixBuilder(columnCount: 4, rowCapacity: 100)
    for row in 0..<100 {
      for column in 0..<4 { builder.target.set(Double(row * 4 + column), row: row, column: column) }
    }
    builder.grow(rowCapacity: 1000, filled: 100, keeping: [1, 3])
    let matrix = builder.finish(rowCount: 100)
    for row in 0..<100 {
      let start = Double(row * 4)
      #expect(matrix.row(row) == [start + 1, start + 3])
    }
  }
}
