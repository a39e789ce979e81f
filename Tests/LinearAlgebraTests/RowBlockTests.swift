import SurprisalLinearAlgebra
import TestSupport
import Testing

/// Properties that models rely on: logits depend on their own row only, and sums do not depend on
/// threads.
@Suite struct RowBlockTests {
  static let rowCount = 2 * BlockedMatrix.blockSize + 37
  static let columnCount = 11
  static let unitCount = 7

  let rows = (0..<Self.rowCount).map {
    KernelCase.numbers(Self.columnCount, seed: UInt64($0) + 100)
  }
  let weights = KernelCase.numbers(Self.columnCount * Self.unitCount, seed: 41)

  @Test func logitsDoNotDependOnPositionOrCompany() {
    let together = logits(of: rows)
    let reversed = Array(logits(of: rows.reversed()).reversed())
    #expect(zip(together, reversed).allSatisfy { sameBits($0, $1) })
    for index in [0, 1, 7, 191, 192, Self.rowCount - 1] {
      #expect(sameBits(logits(of: [rows[index]])[0], together[index]))
    }
  }

  @Test func logitsAreTheProduct() {
    let found = logits(of: rows)
    for index in [0, 100, Self.rowCount - 1] {
      let expected = (0..<Self.unitCount).map { unit in
        let start = unit * Self.columnCount
        return rows[index].dot(Array(weights[start..<start + Self.columnCount]))
      }
      #expect(largestError(found[index], expected) < 1e-14)
    }
  }

  @Test(arguments: [2, 3, 5])
  func gradientsDoNotDependOnThreads(threads: Int) {
    #expect(sameBits(gradient(.one), gradient(ThreadCount(threads))))
  }

  @Test func gradientsAreTheSumOverRows() {
    let found = gradient(.one)
    let scores = logits(of: rows)
    for (unit, column) in [(0, 0), (3, 10), (6, 5)] {
      let expected = rows.indices.reduce(0) { $0 + scores[$1][unit] * rows[$1][column] }
      #expect((found[unit * Self.columnCount + column] - expected).magnitude < 1e-11)
    }
  }

  @Test func weightedSumsAndGrams() {
    let matrix = BlockedMatrix(rows: rows, columnCount: Self.columnCount)
    let block = matrix.block(2)
    let weights = KernelCase.numbers(Tile.padded(block.rows.count), seed: 43)
    var gram = [Double](repeating: 0, count: Self.columnCount * Self.columnCount)
    var sum = [Double](repeating: 0, count: Self.columnCount)
    block.addWeightedGram(weights, to: &gram)
    block.addWeightedSum(weights, to: &sum)
    let used = block.rows.map { (weights[$0 - block.rows.lowerBound], rows[$0]) }
    let expectedSum = used.reduce(0) { $0 + $1.0 * $1.1[4] }
    let expectedGram = used.reduce(0) { $0 + $1.0 * $1.1[9] * $1.1[4] }
    #expect((sum[4] - expectedSum).magnitude < 1e-13)
    #expect((gram[9 * Self.columnCount + 4] - expectedGram).magnitude < 1e-13)
  }

  @Test(arguments: [MatrixStorage.double, .single, .sparse])
  func weightedSquares(storage: MatrixStorage) {
    let matrix = BlockedMatrix(rows: rows, columnCount: Self.columnCount).stored(as: storage)
    let block = matrix.block(2)
    let weights = KernelCase.numbers(Tile.padded(block.rows.count), seed: 44)
    var squares = [Double](repeating: 1, count: Self.columnCount)
    block.addWeightedSquares(weights, to: &squares)
    for column in 0..<Self.columnCount {
      let expected = block.rows.reduce(1.0) { sum, row in
        sum + weights[row - block.rows.lowerBound] * matrix[row, column] * matrix[row, column]
      }
      #expect((squares[column] - expected).magnitude < 1e-13)
    }
  }

  /// One array of logits per row.
  private func logits(of rows: [[Double]]) -> [[Double]] {
    let matrix = BlockedMatrix(rows: rows, columnCount: Self.columnCount)
    return (0..<matrix.blockCount).flatMap { index in
      let block = matrix.block(index)
      var tile = Tile(unitCount: Self.unitCount, capacity: BlockedMatrix.blockSize)
      block.addProduct(with: weights, units: Self.unitCount, to: &tile)
      return block.rows.indices.map { row in
        (0..<Self.unitCount).map { tile[$0, row - block.rows.lowerBound] }
      }
    }
  }

  /// The gradient with logits as scores, as in a pass over the data.
  private func gradient(_ threads: ThreadCount) -> [Double] {
    let matrix = BlockedMatrix(rows: rows, columnCount: Self.columnCount)
    return threads.reduce(
      SummationTree(blockCount: matrix.blockCount),
      from: [Double](repeating: 0, count: weights.count)
    ) { sum, blocks in
      for index in blocks {
        let block = matrix.block(index)
        var tile = Tile(unitCount: Self.unitCount, capacity: BlockedMatrix.blockSize)
        block.addProduct(with: weights, units: Self.unitCount, to: &tile)
        block.addOuterProduct(with: tile, units: Self.unitCount, to: &sum)
      }
    }
  }
}
