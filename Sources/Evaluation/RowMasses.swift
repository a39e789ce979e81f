import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalProbability

/// The weight of each row, with and without its votes.
struct RowMasses: Sendable {
  /// The weight of a row, w, used for decisions per row.
  let rows: [Double]
  /// The weight of the observations in a row, w times the number of votes, used for probabilities.
  let observations: [Double]
  /// The multiplicity of a row: its frequency, otherwise 1; 0 if its weight is zero.
  let multiplicities: [Double]
  /// The weight of the observations in one repetition of a row: `observations / multiplicities`.
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

  /// A sum of multiplicities, which are whole, as an integer; `Int.max` if it is larger.
  static func count(_ sum: Double) -> Int { Int(exactly: sum) ?? .max }
}

extension Array where Element == Double {
  /// The sum of all entries, reduced along the tree of the row blocks.
  func blockedSum() -> Double { blockedSum { self[$0] } }
}

extension Collection where Index == Int {
  /// The sum of `term` over all indices, reduced along the tree of the row blocks: the bits do not
  /// depend on threads or batches.
  func blockedSum(_ term: (Int) -> Double) -> Double {
    SummationTree.sum(ofRows: count, term)
  }

  /// `sum_i weights[i] * term(i)`; a row of weight zero contributes nothing, even if its term is
  /// infinite.
  func blockedSum(weights: [Double], _ term: (Int) -> Double) -> Double {
    blockedSum { weights[$0] > 0 ? weights[$0] * term($0) : 0 }
  }
}
