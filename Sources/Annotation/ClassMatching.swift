/// Matches classes to labels by the expected votes `[class][label]` of all annotators.
///
/// The likelihood is invariant under permutations of the classes, so a start that does not depend
/// on the votes may end at a maximum with permuted names.
package struct ClassMatching {
  /// Votes by class and label, row-major, one row per class.
  let votes: [Double]
  let classCount: Int

  /// Sums the expected votes of cells over annotators.
  package init(counts: [Double], classCount: Int) {
    let size = classCount * classCount
    var votes = [Double](repeating: 0, count: size)
    for start in stride(from: 0, to: counts.count, by: size) {
      for label in 0..<classCount {
        for k in 0..<classCount {
          votes[k * classCount + label] += counts[start + label * classCount + k]
        }
      }
    }
    self.votes = votes
    self.classCount = classCount
  }

  /// The classes with more votes for another label than for their own, by more than rounding.
  package var switchedClasses: [Int] {
    (0..<classCount).filter { k in
      let row = votes[k * classCount..<(k + 1) * classCount]
      return (row.max() ?? 0) > row[k * classCount + k] * (1 + 1e-9) + 1e-9
    }
  }

  /// Whether there are such classes.
  package var isSwitched: Bool { !switchedClasses.isEmpty }

  /// Posteriors under the names of `classOfLabel`; nil if the names do not change.
  package func renamed(_ posterior: [Double]) -> [Double]? {
    let order = classOfLabel
    if order == Array(0..<classCount) { return nil }
    return posterior.indices.map {
      posterior[$0 / classCount * classCount + order[$0 % classCount]]
    }
  }

  /// The class for each label, each class once, with the largest total number of votes.
  ///
  /// Shortest augmenting paths (Jonker and Volgenant, doi:10.1007/BF02278710). Complexity: O(C³).
  package var classOfLabel: [Int] {
    let n = classCount
    var (classPrice, labelPrice) = (
      [Double](repeating: 0, count: n + 1), [Double](repeating: 0, count: n + 1)
    )
    // Positions count from 1; 0 is the label that is not assigned yet.
    var owner = [Int](repeating: 0, count: n + 1)
    for candidate in 1...n {
      owner[0] = candidate
      var least = [Double](repeating: .infinity, count: n + 1)
      var (visited, previous) = (
        [Bool](repeating: false, count: n + 1), [Int](repeating: 0, count: n + 1)
      )
      var label = 0
      repeat {
        visited[label] = true
        let (row, from) = (owner[label], label)
        var (smallest, nearest) = (Double.infinity, 0)
        for column in 1...n where !visited[column] {
          let cost = -votes[(row - 1) * n + column - 1] - classPrice[row] - labelPrice[column]
          if cost < least[column] { (least[column], previous[column]) = (cost, from) }
          if least[column] < smallest { (smallest, nearest) = (least[column], column) }
        }
        for column in 0...n {
          if visited[column] {
            classPrice[owner[column]] += smallest
            labelPrice[column] -= smallest
          } else {
            least[column] -= smallest
          }
        }
        label = nearest
      } while owner[label] != 0
      repeat {
        owner[label] = owner[previous[label]]
        label = previous[label]
      } while label != 0
    }
    return (1...n).map { owner[$0] - 1 }
  }
}
