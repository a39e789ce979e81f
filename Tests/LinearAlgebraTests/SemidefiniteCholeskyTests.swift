import SurprisalLinearAlgebra
import Testing

@Suite struct SemidefiniteCholeskyTests {
  /// The Gram matrix of columns.
  static func gram(_ columns: [[Double]]) -> SymmetricMatrix {
    var result = SymmetricMatrix(dimension: columns.count)
    for row in columns.indices {
      for column in 0...row { result[row, column] = columns[row].dot(columns[column]) }
    }
    return result
  }

  @Test func dependentRowsAreLeftOut() {
    let columns: [[Double]] = [
      [1, 2, 0, 1], [0, 0, 0, 0], [2, 4, 0, 2], [1, 0, 3, 1], [2, 2, 3, 2],
    ]
    let factor = SemidefiniteCholesky(Self.gram(columns))
    #expect(factor.independent == [0, 3])
    #expect(factor.rank == 2)
    #expect(factor.isClear)
  }

  @Test func nullVectorsVanishUnderTheMatrix() {
    let columns: [[Double]] = [[1, 2, 0, 1], [1, 0, 3, 1], [2, 2, 3, 2], [0, 1, 1, 5]]
    let matrix = Self.gram(columns)
    let vector = SemidefiniteCholesky(matrix).nullVector(agreeingWith: [9, 9, 2, 9])
    for (found, expected) in zip(vector, [-2.0, -2, 2, 0]) {
      #expect((found - expected).magnitude < 1e-12)
    }
    #expect(matrix.multiply(vector).infinityNorm < 1e-11)
  }

  @Test func whatRoundingMightDecideIsReported() {
    let near = SemidefiniteCholesky(Self.gram([[1, 0], [1, 2e-6]]))
    #expect(!near.isClear)
    #expect(near.rank == 2)
    #expect(SemidefiniteCholesky(Self.gram([[1, 0], [1, 1e-3]])).isClear)
    #expect(SemidefiniteCholesky(Self.gram([[1, 0], [1, 0]])).isClear)
  }
}
