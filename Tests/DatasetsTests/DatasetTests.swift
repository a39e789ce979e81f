import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability
import TestSupport
import Testing

@Suite struct DatasetTests {
  static func labels() throws -> Labels { .classes(try ClassIndices([0, 1, 2], classCount: 3)) }

  @Test func partsMustHaveTheSameRows() throws {
    let labels = try Self.labels()
    let features = try Features([[1], [2], [3]])
    func expect(_ what: String, _ expected: Int, _ found: Int, _ make: () throws -> Dataset) {
      #expect(
        throws: DatasetError.rowMismatch(what: what, expected: expected, found: found)
      ) { _ = try make() }
    }
    expect("features", 3, 2) { try Dataset(features: Features([[1], [2]]), labels: labels) }
    expect("class names", 3, 2) {
      try Dataset(features: features, labels: labels, classNames: ["a", "b"])
    }
    expect("weights", 3, 4) {
      try Dataset(features: features, labels: labels, weights: .importance([1, 1, 1, 1]))
    }
    expect("offsets", 3, 2) {
      try Dataset(
        features: features, labels: labels,
        offsets: BlockedMatrix(rowCount: 2, columnCount: 3))
    }
    expect("columns of the offsets", 3, 2) {
      try Dataset(
        features: features, labels: labels,
        offsets: BlockedMatrix(rowCount: 3, columnCount: 2))
    }
    let data = try Dataset(features: features, labels: labels)
    #expect(data.classNames == ["0", "1", "2"])
    #expect(data.rowCount == 3 && data.classCount == 3)
    #expect(data.weights == .uniform)
  }

  @Test func everythingIsSelectedTogether() throws {
    let data = try Dataset(
      features: Features([[1], [2], [3]]), labels: Self.labels(), classNames: ["a", "b", "c"],
      weights: .frequency(checking: [5, 0, 7]),
      offsets: BlockedMatrix(rows: [[1, 2, 3], [4, 5, 6], [7, 8, 9]], columnCount: 3))
    let part = data.selecting(rows: [2, 1])
    #expect(part.features.matrix.column(0) == [3, 2])
    #expect((0..<2).map { part.labels.distribution(ofRow: $0) } == [[0, 0, 1], [0, 1, 0]])
    #expect(part.weights == .frequency([7, 0]))
    #expect(part.offsets?.row(0) == [7, 8, 9])
    #expect(part.classNames == ["a", "b", "c"])
    let kept = data.droppingZeroWeights()
    #expect(kept.rowCount == 2)
    #expect(kept.weights == .frequency([5, 7]))
    #expect(kept.features.matrix.column(0) == [1, 3])
  }
}
