import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The test of the hypothesis that the divergence is only the noise of votes.
struct VoteTest {
  /// The largest number of votes drawn.
  static let mostDraws = 2e8
  /// The number of rows from which on their sum is treated as normal.
  static let manyRows = 1000.0
  private static let fewestReplicates = 199

  private let evaluation: Evaluation
  private let noise: [RowNoise]
  private let expectedDivergence: Double

  init(_ evaluation: Evaluation, _ noise: [RowNoise], expectedDivergence: Double) {
    self.evaluation = evaluation
    self.noise = noise
    self.expectedDivergence = expectedDivergence
  }

  func result(
    fittedParameters: Int, seed: UInt64
  ) -> LabelNoise.Test? {
    if hasLargeCounts { return deviance(fittedParameters) }
    guard fittedParameters == 0 else { return nil }
    let rows = evaluation.masses.multiplicities.reduce(0, +)
    let draws = evaluation.masses.observations.reduce(0, +)
    let isMany = rows >= Self.manyRows
    let affordable = Self.mostDraws / draws
    let wished = isMany ? 20 : 999
    guard affordable >= Double(isMany ? 4 : Self.fewestReplicates) else { return nil }
    let replicates = affordable < Double(wished) ? Int(affordable) : wished
    let drawn = draw(replicates, seed: seed)
    let excess = (evaluation.klDivergence - expectedDivergence) * evaluation.totalWeight
    if isMany {
      let deviation = (drawn.squares / Double(replicates)).squareRoot()
      guard deviation > 0 else { return nil }
      return LabelNoise.Test(
        .normal, pValue: StandardNormal.cumulative(-excess / deviation))
    }
    // Ties are draws with the same votes, up to rounding.
    let bound = excess - 1e-9 * (excess.magnitude + 1)
    let larger = drawn.excesses.count { $0 >= bound }
    return LabelNoise.Test(.bootstrap, pValue: Double(larger + 1) / Double(replicates + 1))
  }

  private var hasLargeCounts: Bool {
    let used = zip(noise, evaluation.masses.multiplicities).filter { $1 > 0 }.map(\.0)
    let cells = used.reduce(0) { $0 + $1.cells }
    return !used.contains { $0.hasTinyCell }
      && 5 * used.reduce(0) { $0 + $1.largeCells } >= 4 * cells
  }

  /// The deviance 2 W KL, compared with chi-square.
  private func deviance(_ fittedParameters: Int) -> LabelNoise.Test? {
    let cells = zip(noise, evaluation.masses.multiplicities).reduce(0.0) {
      $0 + Double($1.0.cells - 1) * $1.1
    }
    guard let freedom = Int(exactly: cells), freedom > fittedParameters else { return nil }
    let statistic = 2 * evaluation.totalWeight * evaluation.klDivergence
    return LabelNoise.Test(
      .deviance, degreesOfFreedom: freedom - fittedParameters,
      pValue: ChiSquared.upperTail(statistic, freedom: freedom - fittedParameters))
  }

  /// `sum_i n_i (KL_i - E KL_i)` of drawn votes for each replicate, and the sum of squares of its
  /// terms. Every row has its own random sequence.
  private func draw(
    _ replicates: Int, seed: UInt64
  ) -> (excesses: [Double], squares: Double) {
    let (labels, noise) = (evaluation.labels, noise)
    let multiplicities = evaluation.masses.multiplicities
    let blocks = evaluation.pairs.mapBlocks { block -> [Double] in
      var sums = [Double](repeating: 0, count: replicates + 1)
      for (offset, row) in block.rows.enumerated() {
        guard let copies = Int(exactly: multiplicities[row]),
          let votes = Int(exactly: labels.multiplicity(ofRow: row))
        else { continue }
        let mean = noise[row].expected * Double(votes)
        var drawer = VoteDrawer(Array(block.probabilities[block.entries(ofRowAt: offset)]))
        var generator = SplitMix64(seed: SplitMix64.start(seed, stream: row))
        for replicate in 0..<replicates {
          for _ in 0..<copies {
            let excess = drawer.divergence(ofVotes: votes, using: &generator) - mean
            sums[replicate] += excess
            sums[replicates] += excess * excess
          }
        }
      }
      return sums
    }
    var total = SummationTree(blockCount: blocks.count)
      .sum(from: [Double](repeating: 0, count: replicates + 1)) { sum, places in
        for place in places { sum.add(blocks[place]) }
      }
    let squares = total.removeLast()
    return (total, squares)
  }
}

extension SplitMix64 {
  /// The seed of one of many random sequences.
  fileprivate static func start(_ seed: UInt64, stream: Int) -> UInt64 {
    var generator = SplitMix64(
      seed: seed ^ UInt64(bitPattern: Int64(stream)) &* 0xD134_2543_DE82_EF95)
    return generator.next()
  }
}

/// Labels drawn from the predictions of an evaluation, with the number of votes of each row.
package struct VoteDraws: Sendable {
  /// The number of replicates that are refitted.
  package static let refits = 199
  /// The largest number of votes drawn for a replicate.
  package static let mostVotes = 1e6

  private let rows: [[Double]]
  private let votes: [Int]
  private let seed: UInt64

  package init(of evaluation: Evaluation, seed: UInt64) {
    rows = evaluation.pairs.mapBlocks { block in
      block.rows.indices.map {
        Array(block.probabilities[block.entries(ofRowAt: $0 - block.rows.lowerBound)])
      }
    }.flatMap { $0 }
    votes = rows.indices.map { Int(exactly: evaluation.labels.multiplicity(ofRow: $0)) ?? 0 }
    self.seed = seed
  }

  /// The counts of one replicate; nil unless every row has votes.
  package func labels(replicate: Int) -> Labels? {
    var generator = SplitMix64(seed: SplitMix64.start(seed, stream: replicate))
    let counts = zip(rows, votes).map { row, votes in
      var drawer = VoteDrawer(row)
      return drawer.draw(votes, using: &generator).map { Double($0) }
    }
    let matrix = BlockedMatrix(rows: counts, columnCount: rows.first?.count ?? 0)
    return (try? ClassCounts(matrix)).map { .counts($0) }
  }
}

/// Draws votes with given probabilities.
struct VoteDrawer {
  private let ends: [Double]
  private let logProbabilities: [Double]
  private var counts: [Int]

  init(_ probabilities: [Double]) {
    var sum = 0.0
    ends = probabilities.map { probability in
      sum += probability
      return sum
    }
    logProbabilities = probabilities.map { Double.log($0) }
    counts = [Int](repeating: 0, count: probabilities.count)
  }

  /// The votes of each class.
  mutating func draw(_ votes: Int, using generator: inout SplitMix64) -> [Int] {
    for index in counts.indices { counts[index] = 0 }
    guard let total = ends.last, let last = ends.firstIndex(of: total) else { return counts }
    for _ in 0..<votes {
      let place = Double(generator.next() >> 11) * 0x1p-53 * total
      var index = 0
      while index < last, ends[index] <= place { index += 1 }
      counts[index] += 1
    }
    return counts
  }

  /// N KL of drawn votes, `sum_k n_k log(n_k / (N q_k))`.
  mutating func divergence(ofVotes votes: Int, using generator: inout SplitMix64) -> Double {
    let drawn = draw(votes, using: &generator)
    let whole = Double.log(Double(votes))
    var sum = 0.0
    for (count, log) in zip(drawn, logProbabilities) where count > 0 {
      sum += Double(count) * (Double.log(Double(count)) - whole - log)
    }
    return sum
  }
}
