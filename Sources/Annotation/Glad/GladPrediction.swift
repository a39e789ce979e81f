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

  /// The confusion matrix of an annotator on the item: label by label, `classCount` numbers each.
  func table(ofAnnotator annotator: Int) -> [Double] {
    let count = GladTables.count
    let rights = (0..<state.rowCount).map { row in
      (0..<count).reduce(0) {
        $0 + difficulties[row * count + $1] * tables.right[annotator * count + $1]
      }
    }
    var result = [Double](repeating: 0, count: classCount * classCount)
    for k in 0..<classCount {
      let right = rights[state.places[k] < 0 ? state.voted.count : state.places[k]]
      for label in 0..<classCount {
        result[label * classCount + k] =
          label == k ? right : (1 - right) / Double(classCount - 1)
      }
    }
    return result
  }
}
