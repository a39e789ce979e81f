import SurprisalLinearAlgebra
import TestSupport
import Testing

/// Models read the same numbers for any storage of a matrix.
@Suite struct MatrixStorageTests {
  static let rowCount = BlockedMatrix.blockSize + 45
  static let columnCount = 13

  /// Two entries of three are zero; all of them are exact in single precision.
  let rows: [[Double]] = (0..<Self.rowCount).map { row in
    KernelCase.numbers(Self.columnCount, seed: UInt64(row) + 50).enumerated().map {
      ($0.offset + row) % 3 == 0 ? Double(Float($0.element)) : 0
    }
  }

  var dense: BlockedMatrix { BlockedMatrix(rows: rows, columnCount: Self.columnCount) }

  @Test(arguments: MatrixStorage.allCases)
  func entriesAreKept(kind: MatrixStorage) {
    let matrix = dense.stored(as: kind)
    #expect(matrix.storageKind == kind)
    #expect((0..<Self.rowCount).allSatisfy { matrix.row($0) == rows[$0] })
    #expect(matrix.column(5) == rows.map { $0[5] })
    let back = matrix.stored(as: .double)
    #expect((0..<Self.rowCount).allSatisfy { back.row($0) == rows[$0] })
    #expect(matrix.selecting(rows: [7, 3, 7]).row(2) == rows[7])
    let chosen = matrix.selecting(columns: [12, 0, 12])
    #expect(chosen.storageKind == kind)
    #expect(chosen.row(9) == [rows[9][12], rows[9][0], rows[9][12]])
    var scaled = matrix
    scaled.scaleColumns(by: (0..<Self.columnCount).map { Double(1 << $0) })
    #expect(scaled.row(4) == rows[4].enumerated().map { $1 * Double(1 << $0) })
    #expect(matrix.row(4) == rows[4])
  }

  @Test(arguments: MatrixStorage.allCases, [1, 3, 8, 33, 40])
  func logitsHaveTheSameBits(kind: MatrixStorage, units: Int) {
    let weights = KernelCase.numbers(units * Self.columnCount + 2, seed: 51)
    let matrix = dense.stored(as: kind)
    let arranged = ArrangedWeights(
      weights, from: 2, unitCount: units, columnCount: Self.columnCount, for: kind)
    for index in 0..<matrix.blockCount {
      var expected = Tile(unitCount: units, capacity: BlockedMatrix.blockSize)
      var plain = expected
      var fast = expected
      dense.block(index).addProduct(with: weights, from: 2, units: units, to: &expected)
      matrix.block(index).addProduct(with: weights, from: 2, units: units, to: &plain)
      matrix.block(index).addProduct(with: arranged, to: &fast)
      let examples = matrix.block(index).rows.count
      #expect(sameBits(entries(of: plain, examples), entries(of: expected, examples)))
      #expect(sameBits(entries(of: fast, examples), entries(of: expected, examples)))
    }
  }

  @Test(arguments: MatrixStorage.allCases, [1, 3, 8, 33, 40])
  func gradientsAgree(kind: MatrixStorage, units: Int) {
    let matrix = dense.stored(as: kind)
    var tile = Tile(unitCount: units, capacity: BlockedMatrix.blockSize)
    let scores = KernelCase.numbers(units * BlockedMatrix.blockSize, seed: 52)
    for (place, score) in scores.enumerated() {
      tile[place / BlockedMatrix.blockSize, place % BlockedMatrix.blockSize] = score
    }
    var expected = [Double](repeating: 1, count: units * Self.columnCount + 3)
    var plain = expected
    var fast = expected
    var sum = ArrangedWeights(unitCount: units, columnCount: Self.columnCount, for: kind)
    var other = sum
    dense.block(0).addOuterProduct(with: tile, units: units, to: &expected, from: 3)
    matrix.block(0).addOuterProduct(with: tile, units: units, to: &plain, from: 3)
    matrix.block(0).addOuterProduct(with: tile, to: &sum)
    other.add(0.5, times: sum)
    sum.add(-0.5, times: other)
    other.add(to: &fast, from: 3)
    sum.add(2.0 / 3, to: &fast, from: 3)
    #expect(largestError(plain, expected) < 1e-13)
    #expect(largestError(fast, expected) < 1e-13)
    #expect(fast[..<3] == [1, 1, 1])
  }

  @Test(arguments: MatrixStorage.allCases)
  func sumsAndGramsAgree(kind: MatrixStorage) {
    let block = dense.block(1)
    let other = dense.stored(as: kind).block(1)
    let weights = KernelCase.numbers(Tile.padded(block.rows.count), seed: 53)
    let size = Self.columnCount * Self.columnCount
    var gram = [Double](repeating: 0, count: size)
    var found = gram
    block.addWeightedGram(weights, to: &gram)
    other.addWeightedGram(weights, to: &found)
    #expect(largestError(found, gram) < 1e-13)
    var sum = [Double](repeating: 0, count: Self.columnCount)
    var foundSum = sum
    block.addWeightedSum(weights, to: &sum)
    other.addWeightedSum(weights, to: &foundSum)
    #expect(largestError(foundSum, sum) < 1e-13)
    let column = other.withColumns { columns, stride in
      (0..<block.rows.count).map { columns[6 * stride + $0] }
    }
    #expect(column == block.rows.map { rows[$0][6] })
  }

  @Test func writingToACopyLeavesTheOriginal() {
    let original = dense
    var copy = original
    copy[3, 2] = 9
    #expect(original[3, 2] == rows[3][2] && copy[3, 2] == 9)
    var single = original.stored(as: .single)
    let kept = single
    single.updateColumn(2) { segment, _ in segment[3] = 1.0 / 3 }
    #expect(single[3, 2] == Double(Float(1.0 / 3)) && kept[3, 2] == rows[3][2])
  }

  /// Writing one entry of a matrix with a single owner must not copy it.
  @Test func writingInPlaceIsNotQuadratic() {
    var matrix = BlockedMatrix(rowCount: 2_000, columnCount: 50)
    let before = address(of: matrix)
    for row in 0..<2_000 { matrix[row, row % 50] = 1 }
    #expect(address(of: matrix) == before)
  }

  @Test func emptyRowsAndMatrices() {
    var entries = CompressedRows()
    entries.append(columns: [], values: [])
    entries.append(columns: [1], values: [2])
    let matrix = BlockedMatrix(entries, columnCount: 3)
    #expect(matrix.row(0) == [0, 0, 0] && matrix.row(1) == [0, 2, 0])
    #expect(matrix.compressedRows?.entryCount == 1 && dense.compressedRows == nil)
    var tile = Tile(unitCount: 1, capacity: 2)
    matrix.block(0).addProduct(with: [5, 6, 7], units: 1, to: &tile)
    #expect(tile[0, 0] == 0 && tile[0, 1] == 12)
    #expect(BlockedMatrix(CompressedRows(), columnCount: 3).blockCount == 0)
  }

  private func address(of matrix: BlockedMatrix) -> UnsafePointer<Double> {
    matrix.block(0).withColumns { columns, _ in columns }
  }

  private func entries(of tile: Tile, _ examples: Int) -> [Double] {
    (0..<tile.unitCount).flatMap { unit in (0..<examples).map { tile[unit, $0] } }
  }
}
