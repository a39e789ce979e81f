import SurprisalDatasets
import Testing

@Suite struct RowWeightsTests {
  @Test func faultyWeightsAreRefusedWithTheirRow() throws {
    for value in [-1, -Double.infinity, .infinity] {
      #expect(throws: DatasetError.weight(row: 1, value: value)) {
        try RowWeights.importance(checking: [1, value])
      }
      #expect(throws: DatasetError.weight(row: 0, value: value)) {
        try RowWeights.frequency(checking: [value, value])
      }
    }
    do {
      _ = try RowWeights.importance(checking: [.nan])
      Issue.record("not a number is a weight")
    } catch DatasetError.weight(let row, let value) {
      #expect(row == 0 && value.isNaN)
    }
    #expect(throws: DatasetError.zeroWeights) { try RowWeights.importance(checking: [0, 0]) }
    #expect(throws: DatasetError.zeroWeights) { try RowWeights.frequency(checking: []) }
    #expect(throws: DatasetError.frequency(row: 2, value: 2.5)) {
      try RowWeights.frequency(checking: [1, 2, 2.5, 3.5])
    }
  }

  @Test func weightsAreOneANumberARow() throws {
    let importance = try RowWeights.importance(checking: [0, 2.5, 1e-300])
    #expect(importance == .importance([0, 2.5, 1e-300]))
    #expect(importance[1] == 2.5)
    #expect(importance.selecting(rows: [2, 1]) == .importance([1e-300, 2.5]))
    #expect(try RowWeights.frequency(checking: [3, 0]) == .frequency([3, 0]))
    #expect(RowWeights.uniform[99] == 1)
    #expect(RowWeights.uniform.values == nil)
    #expect(RowWeights.uniform.selecting(rows: [0, 0]) == .uniform)
  }
}
