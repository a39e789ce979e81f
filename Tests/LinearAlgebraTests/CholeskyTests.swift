import RealModule
import SurprisalLinearAlgebra
import TestSupport
import Testing

@Suite struct CholeskyTests {
  /// Sizes around those of the blocks.
  static let sizes =
    heavyTestsEnabled ? [1, 2, 7, 47, 48, 49, 96, 97, 300, 700] : [1, 2, 47, 49, 97]

  @Test(arguments: sizes)
  func solvesWhatItWasGiven(size: Int) throws {
    let matrix = positiveDefinite(size)
    let factor = try #require(Cholesky(matrix))
    let known = KernelCase.numbers(size, seed: 31)
    #expect(largestError(factor.solve(matrix.multiply(known)), known) < 1e-11)
  }

  /// The second difference matrix of n points: det = n + 1, inverse min(i, j) (n + 1 - max) / (n +
  /// 1).
  @Test(arguments: [3, 60, 130])
  func secondDifferencesHaveAKnownInverse(size: Int) throws {
    var matrix = SymmetricMatrix(dimension: size)
    for row in 0..<size {
      matrix[row, row] = 2
      if row > 0 { matrix[row, row - 1] = -1 }
    }
    let factor = try #require(Cholesky(matrix))
    #expect((factor.logDeterminant - Double.log(Double(size + 1))).magnitude < 1e-12)
    let inverse = factor.inverse
    for (row, column) in [(0, 0), (size / 2, 1), (size - 1, size / 3), (size - 1, size - 1)] {
      let low = Double(min(row, column) + 1)
      let high = Double(max(row, column) + 1)
      let expected = low * (Double(size + 1) - high) / Double(size + 1)
      #expect((inverse[row, column] - expected).magnitude < 1e-11)
    }
  }

  @Test func aHandCalculation() throws {
    var matrix = SymmetricMatrix(dimension: 2)
    matrix[0, 0] = 4
    matrix[1, 0] = 2
    matrix[1, 1] = 5
    let factor = try #require(Cholesky(matrix))
    #expect(factor.solve([8, 8]) == [1.5, 1])
    #expect((factor.logDeterminant - Double.log(16)).magnitude < 1e-15)
  }

  @Test(arguments: [2, 48, 49, 100])
  func refusesWhatIsNotPositiveDefinite(size: Int) {
    var singular = positiveDefinite(size)
    for column in 0..<size - 1 { singular[size - 1, column] = singular[0, column] }
    singular[size - 1, size - 1] = singular[0, 0]
    singular[size - 1, 0] = singular[0, 0]
    #expect(Cholesky(singular) == nil)
    var indefinite = positiveDefinite(size)
    indefinite[size - 1, size - 1] = -1
    #expect(Cholesky(indefinite) == nil)
    var undefined = positiveDefinite(size)
    undefined[size - 1, 0] = .nan
    #expect(Cholesky(undefined) == nil)
  }

  /// A Gram matrix of more rows than columns with a ridge: condition number below a thousand.
  private func positiveDefinite(_ size: Int) -> SymmetricMatrix {
    let rows = Tile.padded(2 * size + 8)
    let x = KernelCase.numbers(size * rows, seed: 32)
    let ones = [Double](repeating: 1 / Double(rows), count: rows)
    var matrix = SymmetricMatrix(dimension: size)
    KernelSet.current.table.pointee.add_weighted_gram(
      rows, size, x, rows, ones, &matrix.elements, size)
    for index in 0..<size { matrix[index, index] += 0.05 }
    return matrix
  }
}

@Suite struct CholeskyColumnsTests {
  /// Several right-hand sides are solved as one by one, for any blocks.
  @Test(arguments: [1, 7, 48, 49, 130], [8, 24])
  func solvesColumnsTogether(dimension: Int, count: Int) throws {
    var matrix = SymmetricMatrix(dimension: dimension)
    let entries = KernelCase.numbers(dimension * dimension, seed: 3)
    for row in 0..<dimension {
      for column in 0...row { matrix[row, column] = entries[row * dimension + column] }
      matrix[row, row] = Double(dimension) + 1
    }
    let factor = try #require(Cholesky(matrix))
    let sides = KernelCase.numbers(dimension * count, seed: 4)
    var columns = sides
    factor.solve(&columns, count: count)
    for column in 0..<count {
      let expected = factor.solve((0..<dimension).map { sides[$0 * count + column] })
      for (row, value) in expected.enumerated() {
        #expect((columns[row * count + column] - value).magnitude < 1e-14)
      }
    }
  }
}
