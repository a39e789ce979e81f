/// Votes of annotators on items, compressed twice: item after item and cell after cell.
///
/// A *cell* is an annotator and a label, `annotator * classCount + label`. Each vote takes four
/// bytes in either order, and eight more in each if votes have weights. Nothing is as large as
/// items times annotators.
public struct Votes: Sendable {
  /// The items, in the order of the results.
  public let itemNames: [String]
  /// The annotators.
  public let annotatorNames: [String]
  /// The classes: labels that can be voted for.
  public let classNames: [String]

  /// The cell of each vote, item after item.
  let cells: [UInt32]
  /// Where the votes of each item begin in `cells`, and their number.
  let itemStarts: [Int]
  /// The item of each vote, cell after cell.
  let items: [UInt32]
  /// Where the votes of each cell begin in `items`, and their number.
  let cellStarts: [Int]
  /// What each vote weighs, in the order of `cells`; nil if each weighs 1.
  let weights: [Double]?
  /// The same in the order of `items`.
  let cellWeights: [Double]?

  /// The votes `items[j], annotators[j], labels[j]`, which are indices of names.
  ///
  /// A vote of weight w counts as w equal votes; one of weight zero is left out. The same annotator
  /// may vote on an item more than once. Throws `VoteError` if there are no votes, fewer than two
  /// classes, or more cells than 32 bits count. Complexity: O(votes + annotators · classes).
  public init(
    itemNames: [String], annotatorNames: [String], classNames: [String], items: [Int32],
    annotators: [Int32], labels: [Int32], weights: [Double]? = nil
  ) throws(VoteError) {
    precondition(items.count == annotators.count && items.count == labels.count)
    precondition(weights.map { $0.count == items.count } ?? true, "one weight a vote")
    let kept = weights.map { weights in items.indices.filter { weights[$0] > 0 } }
    guard kept.map({ !$0.isEmpty }) ?? !items.isEmpty else { throw .noVotes }
    guard classNames.count > 1 else { throw .oneClass(classNames.first) }
    let (cellCount, overflow) = annotatorNames.count.multipliedReportingOverflow(
      by: classNames.count)
    guard !overflow, cellCount < Int(UInt32.max), itemNames.count < Int(UInt32.max) else {
      throw .tooLarge(annotators: annotatorNames.count, classes: classNames.count)
    }
    self.init(
      names: (itemNames, annotatorNames, classNames), items, annotators, labels, weights,
      kept: kept)
  }

  /// The votes at the places `kept`, or all.
  private init(
    names: (items: [String], annotators: [String], classes: [String]), _ items: [Int32],
    _ annotators: [Int32], _ labels: [Int32], _ weights: [Double]?, kept: [Int]?
  ) {
    (itemNames, annotatorNames, classNames) = names
    let cellCount = names.annotators.count * names.classes.count
    func cell(_ vote: Int) -> Int {
      Int(annotators[vote]) * names.classes.count + Int(labels[vote])
    }
    let byItem = Self.order(kept, items.count, places: names.items.count) { Int(items[$0]) }
    let byCell = Self.order(kept, items.count, places: cellCount, of: cell)
    let differ = weights.map { weights in kept?.contains { weights[$0] != 1 } ?? false } ?? false
    itemStarts = byItem.starts
    cellStarts = byCell.starts
    cells = byItem.votes.map { UInt32(truncatingIfNeeded: cell(Int($0))) }
    self.items = byCell.votes.map { UInt32(truncatingIfNeeded: items[Int($0)]) }
    self.weights = differ ? weights.map { weights in byItem.votes.map { weights[Int($0)] } } : nil
    cellWeights = differ ? weights.map { weights in byCell.votes.map { weights[Int($0)] } } : nil
  }

  /// The same annotators on the same items with other labels, one a vote, item after item.
  func relabelled(_ labels: [Int32]) -> Votes {
    var (items, annotators) = ([Int32](), [Int32]())
    for item in 0..<itemCount {
      for vote in range(ofItem: item) {
        items.append(Int32(truncatingIfNeeded: item))
        annotators.append(Int32(truncatingIfNeeded: Int(cells[vote]) / classCount))
      }
    }
    return Votes(
      names: (itemNames, annotatorNames, classNames), items, annotators, labels, weights, kept: nil)
  }

  private init(pooling votes: Votes) {
    let classCount = votes.classNames.count
    itemNames = votes.itemNames
    annotatorNames = ["all"]
    classNames = votes.classNames
    itemStarts = votes.itemStarts
    cells = votes.cells.map { $0 % UInt32(classCount) }
    weights = votes.weights
    var (starts, items, weights) = ([0], [UInt32](), votes.cellWeights == nil ? nil : [Double]())
    items.reserveCapacity(votes.items.count)
    for label in 0..<classCount {
      for annotator in votes.annotatorNames.indices {
        let range = votes.range(ofCell: annotator * classCount + label)
        items += votes.items[range]
        if let known = votes.cellWeights { weights? += known[range] }
      }
      starts.append(items.count)
    }
    self.items = items
    cellStarts = starts
    cellWeights = weights
  }

  /// The same votes as if one annotator had cast them all.
  var pooled: Votes { Votes(pooling: self) }

  /// The number of votes with a weight above zero.
  public var count: Int { cells.count }
  /// The number of classes.
  public var classCount: Int { classNames.count }
  /// The number of items.
  public var itemCount: Int { itemNames.count }
  /// The number of annotators.
  public var annotatorCount: Int { annotatorNames.count }
  /// How many items have votes.
  public var votedItemCount: Int { itemNames.indices.count { !range(ofItem: $0).isEmpty } }

  /// The votes of an item: places in `cells`.
  @inline(__always)
  func range(ofItem item: Int) -> Range<Int> { itemStarts[item]..<itemStarts[item + 1] }

  /// The votes of a cell: places in `items`.
  @inline(__always)
  func range(ofCell cell: Int) -> Range<Int> { cellStarts[cell]..<cellStarts[cell + 1] }

  /// How many votes an annotator cast, whatever they weigh.
  public func voteCount(ofAnnotator annotator: Int) -> Int {
    cellStarts[(annotator + 1) * classCount] - cellStarts[annotator * classCount]
  }

  /// How many votes an item got, whatever they weigh.
  public func voteCount(ofItem item: Int) -> Int { range(ofItem: item).count }

  /// What the votes of each item for each class weigh, `itemCount × classCount`, item after item.
  public var counts: [Double] {
    var result = [Double](repeating: 0, count: itemCount * classCount)
    for item in 0..<itemCount {
      for vote in range(ofItem: item) {
        result[item * classCount + Int(cells[vote]) % classCount] += weights?[vote] ?? 1
      }
    }
    return result
  }

  /// The votes sorted by place, those of one place in the order given: a counting sort.
  private static func order(
    _ kept: [Int]?, _ count: Int, places: Int, of place: (Int) -> Int
  ) -> (starts: [Int], votes: [UInt32]) {
    var starts = [Int](repeating: 0, count: places + 1)
    func forEach(_ body: (Int) -> Void) {
      if let kept { kept.forEach(body) } else { (0..<count).forEach(body) }
    }
    forEach { starts[place($0) + 1] += 1 }
    for index in 0..<places { starts[index + 1] += starts[index] }
    var next = starts
    var votes = [UInt32](repeating: 0, count: kept?.count ?? count)
    forEach { vote in
      let index = place(vote)
      votes[next[index]] = UInt32(truncatingIfNeeded: vote)
      next[index] += 1
    }
    return (starts, votes)
  }
}

/// Why votes cannot be aggregated.
public enum VoteError: Error, Sendable, Equatable {
  /// There is no vote, or none has a weight.
  case noVotes
  /// There is one class at most: there is nothing to decide.
  case oneClass(String?)
  /// More annotators times classes than can be counted in 32 bits.
  case tooLarge(annotators: Int, classes: Int)
}
