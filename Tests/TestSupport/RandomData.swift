import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// Seeded data sets of every kind of label, with weights and offsets if requested.
///
/// Labels are drawn from a softmax regression with weights of moderate size, so that maxima exist.
public struct RandomData: Sendable {
  public var rowCount: Int
  public var columnCount: Int
  public var classCount: Int
  public var kind: LabelKind
  public var hasWeights: Bool
  public var hasOffsets: Bool
  public var seed: UInt64

  public init(
    rows: Int, columns: Int, classes: Int, kind: LabelKind, hasWeights: Bool = false,
    hasOffsets: Bool = false, seed: UInt64 = 1
  ) {
    rowCount = rows
    columnCount = columns
    classCount = classes
    self.kind = kind
    self.hasWeights = hasWeights
    self.hasOffsets = hasOffsets
    self.seed = seed
  }

  /// The data set.
  public func dataset() throws -> Dataset {
    var numbers = TestNumbers(seed: seed)
    let rows = (0..<rowCount).map { _ in numbers.uniform(columnCount, in: -2...2) }
    let weights = (0..<classCount).map { _ in numbers.uniform(columnCount, in: -0.7...0.7) }
    let distributions = rows.map { row in
      Softmax.probabilities(weights.map { $0.dot(row) })
    }
    let labels = try labels(distributions, &numbers)
    // Multiples of 1/4, including zero: their products with shares are exact.
    let row = (0..<rowCount).map { _ in Double(Int.random(in: 0...12, using: &numbers)) / 4 }
    let offsets = (0..<rowCount).map { _ in numbers.uniform(classCount, in: -1...1) }
    return try Dataset(
      features: Features(rows), labels: labels,
      weights: hasWeights ? .importance(checking: [1.25] + row.dropFirst()) : .uniform,
      offsets: hasOffsets ? BlockedMatrix(rows: offsets, columnCount: classCount) : nil)
  }

  private func labels(
    _ distributions: [[Double]], _ numbers: inout TestNumbers
  ) throws -> Labels {
    switch kind {
    case .classes:
      let indices = distributions.enumerated().map { row, shares in
        row < classCount ? row : Self.draw(shares, &numbers)
      }
      return .classes(try ClassIndices(indices, classCount: classCount))
    case .probabilities:
      return .probabilities(
        try ClassProbabilities(normalizing: matrix(distributions, &numbers, votes: nil)))
    case .counts:
      return .counts(try ClassCounts(matrix(distributions, &numbers, votes: 1...9)))
    case .candidates:
      var sets = BlockedMatrix(rowCount: rowCount, columnCount: classCount)
      for row in 0..<rowCount {
        sets[row, Self.draw(distributions[row], &numbers)] = 1
        sets[row, Int.random(in: 0..<classCount, using: &numbers)] = 1
      }
      return .candidates(try CandidateSets(sets))
    case .evidence:
      return .evidence(try ClassEvidence(matrix(distributions, &numbers, votes: nil)))
    }
  }

  /// Votes drawn from the distributions, or a mixture of them with a draw and with zeros.
  private func matrix(
    _ distributions: [[Double]], _ numbers: inout TestNumbers, votes: ClosedRange<Int>?
  ) -> BlockedMatrix {
    var result = BlockedMatrix(rowCount: rowCount, columnCount: classCount)
    for (row, shares) in distributions.enumerated() {
      if let votes {
        for _ in 0..<Int.random(in: votes, using: &numbers) {
          result[row, Self.draw(shares, &numbers)] += 1
        }
      } else {
        for index in 0..<classCount { result[row, index] = shares[index] }
        result[row, Self.draw(shares, &numbers)] += 0.5
        if row % 3 == 0 { result[row, (row / 3) % classCount] = 0 }
      }
    }
    return result
  }

  /// An index with the probabilities `shares`.
  public static func draw(_ shares: [Double], _ numbers: inout TestNumbers) -> Int {
    var rest = Double.random(in: 0..<1, using: &numbers)
    for (index, share) in shares.enumerated() {
      rest -= share
      if rest < 0 { return index }
    }
    return shares.count - 1
  }
}
