/// The votes of each annotator, in the order of items.
struct AnnotatorGroups: Sendable {
  /// The votes on one item, by one annotator.
  struct Term: Sendable {
    var item: Int
    /// The total weight of the votes.
    var votes: Double
    /// The position in `Votes.cells` to which results for the term belong.
    var place: Int
  }

  /// Terms whose sum is a count: the votes of an annotator for a label, or all.
  struct Terms: Sendable {
    /// The label; nil for all votes.
    var label: Int?
    var terms: [Term]
    /// Whether all numbers are whole.
    var areWhole: Bool { terms.allSatisfy { $0.votes == $0.votes.rounded(.down) } }
  }

  /// The largest count of an annotator, of all votes and of those for each label.
  let most: (all: Int, labels: [Int])

  private let votes: Votes
  private let starts: [Int]
  private let positions: [Int]
  private let items: [UInt32]

  init(_ votes: Votes) {
    self.votes = votes
    let classCount = votes.classCount
    var starts = [Int](repeating: 0, count: votes.annotatorCount + 1)
    for cell in votes.cells { starts[Int(cell) / classCount + 1] += 1 }
    for annotator in 0..<votes.annotatorCount { starts[annotator + 1] += starts[annotator] }
    var (next, positions) = (starts, [Int](repeating: 0, count: votes.count))
    var items = [UInt32](repeating: 0, count: votes.count)
    for item in 0..<votes.itemCount {
      for vote in votes.range(ofItem: item) {
        items[vote] = UInt32(truncatingIfNeeded: item)
        let annotator = Int(votes.cells[vote]) / classCount
        positions[next[annotator]] = vote
        next[annotator] += 1
      }
    }
    (self.starts, self.positions, self.items) = (starts, positions, items)
    most = Self.most(votes)
  }

  /// Each vote counts as its weight, rounded up.
  private static func most(_ votes: Votes) -> (all: Int, labels: [Int]) {
    let classCount = votes.classCount
    var cells = [Int](repeating: 0, count: votes.annotatorCount * classCount)
    for (vote, cell) in votes.cells.enumerated() {
      cells[Int(cell)] += Int((votes.weights?[vote] ?? 1).rounded(.up))
    }
    var result = (all: 0, labels: [Int](repeating: 0, count: classCount))
    for start in stride(from: 0, to: cells.count, by: classCount) {
      let row = cells[start..<start + classCount]
      result.all = max(result.all, row.reduce(0, +))
      for (label, count) in row.enumerated() {
        result.labels[label] = max(result.labels[label], count)
      }
    }
    return result
  }

  /// The counts of an annotator: of all votes first, then of those for each label that has any.
  /// Several votes on an item are one term, since their class is one.
  func counts(ofAnnotator annotator: Int) -> [Terms] {
    let classCount = votes.classCount
    var result = [Terms(label: nil, terms: [])]
    var lists = [Int](repeating: -1, count: classCount)
    for vote in positions[starts[annotator]..<starts[annotator + 1]] {
      let (item, label) = (Int(items[vote]), Int(votes.cells[vote]) % classCount)
      let term = Term(item: item, votes: votes.weights?[vote] ?? 1, place: vote)
      if lists[label] < 0 {
        lists[label] = result.count
        result.append(Terms(label: label, terms: []))
      }
      for list in [0, lists[label]] {
        if let last = result[list].terms.last, last.item == item {
          result[list].terms[result[list].terms.count - 1].votes += term.votes
        } else {
          result[list].terms.append(term)
        }
      }
    }
    return result
  }
}
