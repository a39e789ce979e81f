import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// What each row weighs, with and without its votes.
struct RowMasses: Sendable {
  /// The weight of a row, w: what a decision about the row counts for.
  let rows: [Double]
  /// The weight of its observations, w times the number of votes: what a probability counts for.
  let observations: [Double]
  /// How many rows a row stands for: its frequency; one, or zero where its weight is zero.
  let multiplicities: [Double]
  /// The observations in one of the rows that a row stands for: `observations / multiplicities`.
  let unitMasses: [Double]

  init(of labels: Labels, weights: RowWeights) {
    let count = labels.rowCount
    precondition(weights.values?.count ?? count == count, "one weight a row")
    rows = (0..<count).map { weights[$0] }
    observations = rows.enumerated().map { $1 * labels.multiplicity(ofRow: $0) }
    if case .frequency(let values) = weights {
      multiplicities = values
      unitMasses = rows.indices.map { labels.multiplicity(ofRow: $0) }
    } else {
      multiplicities = rows.map { $0 > 0 ? 1 : 0 }
      unitMasses = observations
    }
  }

  /// A sum of multiplicities as a whole number; they are whole, and `Int.max` stands for more.
  static func count(_ sum: Double) -> Int { Int(exactly: sum) ?? .max }
}

extension Array where Element == Double {
  /// The sum of all entries, along the tree of the row blocks.
  func blockedSum() -> Double { blockedSum { self[$0] } }
}

extension Collection where Index == Int {
  /// The sum over all indices of `term`, along the tree of the row blocks: the bits do not depend
  /// on threads or batches.
  func blockedSum(_ term: (Int) -> Double) -> Double {
    SummationTree.sum(ofRows: count, term)
  }

  /// `sum_i weights[i] * term(i)`, where a row of weight zero counts for nothing, be it infinite.
  func blockedSum(weights: [Double], _ term: (Int) -> Double) -> Double {
    blockedSum { weights[$0] > 0 ? weights[$0] * term($0) : 0 }
  }
}
