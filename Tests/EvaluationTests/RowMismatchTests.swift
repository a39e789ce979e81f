import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability
import Testing

@testable import SurprisalEvaluation

/// Arguments with unequal rows give errors that name the mismatch, and never traps.
@Suite struct RowMismatchTests {
  private static func labels(_ count: Int, classes: Int = 2) throws -> Labels {
    .classes(try ClassIndices((0..<count).map { $0 % classes }, classCount: classes))
  }

  private static func predictions(_ count: Int) -> ClassProbabilities {
    ClassProbabilities(
      trusting: BlockedMatrix(
        rows: (0..<count).map { _ in [0.25, 0.75] }, columnCount: 2))
  }

  private static func mismatch(
    _ what: String, expected: Int, found: Int
  ) -> DatasetError { .rowMismatch(what: what, expected: expected, found: found) }

  @Test(arguments: [0, 1, 4, 300]) func predictionsOfOtherRows(count: Int) throws {
    let labels = try Self.labels(3)
    let error = Self.mismatch("predictions", expected: 3, found: count)
    #expect(throws: error) { try Evaluation(of: Self.predictions(count), against: labels) }
    #expect(throws: error) {
      try Evaluation(
        ofLogProbabilities: BlockedMatrix(rowCount: count, columnCount: 2), against: labels)
    }
  }

  @Test func predictionsOfOtherClasses() throws {
    let labels = try Self.labels(3, classes: 3)
    let error = Self.mismatch("classes of a row of predictions", expected: 3, found: 2)
    #expect(throws: error) { try Evaluation(of: Self.predictions(3), against: labels) }
    #expect(throws: error) { try Evaluation(ofConstant: [0.5, 0.5], against: labels) }
  }

  @Test(arguments: [0, 2, 4]) func weightsOfOtherRows(count: Int) throws {
    let labels = try Self.labels(3)
    let ones = [Double](repeating: 1, count: count)
    let error = Self.mismatch("weights", expected: 3, found: count)
    for weights in [RowWeights.importance(ones), .frequency(ones)] {
      #expect(throws: error) {
        try Evaluation(of: Self.predictions(3), against: labels, weights: weights)
      }
      #expect(throws: error) { try Evaluation.meanLabel(of: labels, weights: weights) }
    }
  }

  @Test(arguments: [0, 2, 4]) func clustersOfOtherRows(count: Int) throws {
    let evaluation = try Evaluation(of: Self.predictions(3), against: try Self.labels(3))
    let clusters = Array(0..<count)
    let error = Self.mismatch("clusters", expected: 3, found: count)
    #expect(throws: error) { try evaluation.standardErrors(clusters: clusters) }
    #expect(throws: error) {
      try PairedComparison(of: evaluation, minus: evaluation, clusters: clusters)
    }
    #expect(throws: error) {
      try MultipleComparison(of: [evaluation, evaluation], clusters: clusters, replicates: 10)
    }
  }

  @Test func comparisonsOfOtherRows() throws {
    let (three, four) = (
      try Evaluation(of: Self.predictions(3), against: try Self.labels(3)),
      try Evaluation(of: Self.predictions(4), against: try Self.labels(4))
    )
    let error = Self.mismatch("the second predictions", expected: 3, found: 4)
    #expect(throws: error) { try PairedComparison(of: three, minus: four) }
    #expect(throws: error) { try MultipleComparison(of: [four, three], reference: 0) }
  }

  @Test func comparisonsOfOtherWeights() throws {
    let labels = try Self.labels(3)
    func evaluation(_ weights: RowWeights) throws -> Evaluation {
      try Evaluation(of: Self.predictions(3), against: labels, weights: weights)
    }
    let first = try evaluation(.importance([1, 2, 1]))
    let pairs: [(RowWeights, Int)] = [
      (.importance([1, 2, 3]), 2), (.uniform, 1), (.frequency([1, 2, 1]), 0),
    ]
    for (weights, row) in pairs {
      let second = try evaluation(weights)
      #expect(throws: DatasetError.unequalWeights(row: row)) {
        try PairedComparison(of: first, minus: second)
      }
      #expect(throws: DatasetError.unequalWeights(row: row)) {
        try MultipleComparison(of: [first, second], reference: 1)
      }
    }
    let same = try PairedComparison(of: first, minus: evaluation(.importance([1, 2, 1])))
    #expect(same.crossEntropy.estimate == 0)
  }

  @Test func argumentsOutsideTheirDomain() throws {
    let evaluation = try Evaluation(of: Self.predictions(3), against: try Self.labels(3))
    func expect(_ name: String, _ value: Double, _ call: () throws -> Void) {
      #expect {
        try call()
      } throws: { error in
        guard case .argument(name, let found, _)? = error as? DatasetError else { return false }
        return found == value
      }
    }
    for level in [0, 1, -0.5, 95] {
      expect("level", level) {
        _ = try PairedComparison(of: evaluation, minus: evaluation, level: level)
      }
    }
    for replicates in [-1, 0, 1] {
      expect("replicates", Double(replicates)) {
        var generator = SplitMix64(seed: 1)
        _ = try PairedComparison(
          of: evaluation, minus: evaluation, replicates: replicates, using: &generator)
      }
    }
    expect("evaluations", 0) { _ = try MultipleComparison(of: []) }
    for reference in [-1, 2] {
      expect("reference", Double(reference)) {
        _ = try MultipleComparison(of: [evaluation, evaluation], reference: reference)
      }
    }
    expect("candidates", 0) {
      _ = try MultipleComparison(of: [evaluation, evaluation], amongFirst: 0)
    }
  }

  /// Cases of `RowWeights` are made without checks, so those who take them check the numbers.
  @Test(arguments: [-1, -.infinity, .infinity] as [Double])
  func numbersThatAreNoWeights(_ value: Double) throws {
    let labels = try Self.labels(3)
    let features = try Features([[1], [2], [3]])
    for weights in [RowWeights.importance([1, value, 1]), .frequency([1, value, 1])] {
      let error = DatasetError.weight(row: 1, value: value)
      #expect(throws: error) {
        try Evaluation(of: Self.predictions(3), against: labels, weights: weights)
      }
      #expect(throws: error) { try Evaluation.meanLabel(of: labels, weights: weights) }
      #expect(throws: error) {
        try Dataset(features: features, labels: labels, weights: weights)
      }
    }
    let half = RowWeights.frequency([1, 1, 0.5])
    #expect(throws: DatasetError.frequency(row: 2, value: 0.5)) {
      try Evaluation(of: Self.predictions(3), against: labels, weights: half)
    }
    #expect(throws: DatasetError.frequency(row: 2, value: 0.5)) {
      try Dataset(features: features, labels: labels, weights: half)
    }
  }

  /// Without weight there are no means, and no trap either.
  @Test func weightsThatAreAllZero() throws {
    for weights in [RowWeights.importance([0, 0, 0]), .frequency([0, 0, 0])] {
      let evaluation = try Evaluation(
        of: Self.predictions(3), against: try Self.labels(3), weights: weights)
      #expect(evaluation.rows == 0 && evaluation.crossEntropy.isNaN)
      #expect(try evaluation.standardErrors().crossEntropy == nil)
      #expect(try evaluation.labelNoise() == nil)
      #expect(evaluation.calibration().topLabel.bins.isEmpty)
    }
  }
}
