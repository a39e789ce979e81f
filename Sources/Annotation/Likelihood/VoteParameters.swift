/// The free parameters of a model of votes, as log odds, and their positions in the information.
///
/// Each distribution (the prior, a row of a matrix) has its largest entry as the reference. Entries
/// with less than a millionth of an expected vote are at zero, the end of their range, and have no
/// log odds; a row with less than that in total is unknown. One accuracy is one log odds.
package struct VoteParameters: Sendable {
  /// The positions of the prior's classes; -1 for those without a parameter.
  private(set) var prior: [Int]
  /// The positions of the table's entries; for one accuracy that of the annotator's first entry.
  package private(set) var table: [Int]
  /// Whether the row of a class is known: annotator by annotator.
  private(set) var isKnown: [Bool]
  /// The number of parameters.
  package private(set) var count = 0

  package static let leastVotes = 1e-6

  /// The parameters at a point with these expected votes; entries with fewer than `least` expected
  /// votes have none, and neither has an empty prior.
  package init(
    _ likelihood: VoteLikelihood, at point: VoteLikelihood.Parameters, counts: [Double],
    least: Double = Self.leastVotes
  ) {
    let classCount = likelihood.votes.classCount
    let size = classCount * classCount
    prior = [Int](repeating: -1, count: classCount)
    table = [Int](repeating: -1, count: point.table.count)
    isKnown = [Bool](repeating: false, count: point.table.count / classCount)
    let items = Double(likelihood.votes.votedItemCount)
    for k in Self.free(point.prior.map { $0 * items }, least) {
      prior[k] = count
      count += 1
    }
    for start in stride(from: 0, to: point.table.count, by: size) {
      for k in 0..<classCount {
        let masses = (0..<classCount).map {
          counts[start + $0 * classCount + k] + likelihood.pseudoCount(label: $0, class: k)
        }
        let total =
          likelihood.isOneCoin ? counts[start..<start + size].reduce(0, +) : masses.reduce(0, +)
        guard total > least else { continue }
        isKnown[start / classCount + k] = true
        if likelihood.isOneCoin {
          let accuracy = point.table[start]
          guard k == 0, total * min(accuracy, 1 - accuracy) > least else { continue }
          table[start] = count
          count += 1
        } else {
          for label in Self.free(masses, least) {
            table[start + label * classCount + k] = count
            count += 1
          }
        }
      }
    }
  }

  /// The entries of a distribution that are parameters: all but the largest and those at zero.
  private static func free(_ masses: [Double], _ least: Double) -> [Int] {
    let largest = masses.indices.reduce(0) { masses[$1] > masses[$0] ? $1 : $0 }
    return masses.indices.filter { $0 != largest && masses[$0] > least }
  }
}
