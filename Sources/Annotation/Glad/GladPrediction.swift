import RealModule
import SurprisalLinearAlgebra

/// The probabilities of another vote on an item, given those that there are.
struct GladPrediction {
  private var state: GladItem
  private let tables: GladTables
  private let classCount: Int
  /// The posterior of the difficulty given the class, by row of the state.
  private var difficulties: [Double] = []

  init(_ votes: Votes, _ difficulty: VoteDifficulty, classPrior: [Double]) {
    let likelihood = GladLikelihood(votes, gold: nil, reducer: ThreadCount.one)
    tables = GladTables(
      likelihood, at: difficulty.abilities + classPrior.map { Double.log($0) })
    state = GladItem(likelihood, tables)
    classCount = votes.classCount
  }

  /// Goes to an item.
  mutating func move(to item: Int) {
    _ = state.logEvidence(of: item)
    let count = GladTables.count
    difficulties = (0..<state.rowCount).flatMap { row -> [Double] in
      let mass = state.mass(ofRow: row)
      return (0..<count).map { mass > 0 ? state.joint[row * count + $0] / mass : 0 }
    }
  }

  /// The probability of a right vote of an annotator on the item, by class.
  func accuracies(ofAnnotator annotator: Int) -> [Double] {
    let count = GladTables.count
    let rights = difficulties.withUnsafeBufferPointer { difficulties in
      tables.right.withUnsafeBufferPointer { right in
        (0..<state.rowCount).map { row in
          var sum = 0.0
          for q in 0..<count { sum += difficulties[row * count + q] * right[annotator * count + q] }
          return sum
        }
      }
    }
    return state.places.map { rights[$0 < 0 ? state.voted.count : $0] }
  }
}
