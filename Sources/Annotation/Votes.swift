/// Votes of annotators on items, item by item.
///
/// A *cell* is an annotator and a label, `annotator * classCount + label`. Each vote takes four
/// bytes, and eight more if votes have weights. Nothing is as large as items times annotators.
public struct Votes: Sendable {
  /// The items, in the order of the results.
  public let itemNames: [String]
  /// The annotators.
  public let annotatorNames: [String]
  /// The classes: labels that can be voted for.
  public let classNames: [String]

  /// The cell of each vote, item by item.
  let cells: [UInt32]
  /// The start of the votes of each item in `cells`; the last entry is their number.
  let itemStarts: [Int]
  /// The number of votes of each cell.
  let cellCounts: [Int32]
  /// The weight of each vote, in the order of `cells`; nil if each weighs 1.
  let weights: [Double]?

  /// The votes `items[j], annotators[j], labels[j]`, which are indices of names.
  ///
  /// A vote of weight w counts as w equal votes; one of weight zero is left out. The same annotator
  /// may vote on an item more than once. Throws `VoteError` if arrays have unequal lengths, an
  /// index has no name, a weight is negative or not finite, there are no votes, fewer than two
  /// classes, or more cells than 32 bits count. Complexity: O(votes + annotators · classes).
  public init(
    itemNames: [String], annotatorNames: [String], classNames: [String], items: [Int32],
    annotators: [Int32], labels: [Int32], weights: [Double]? = nil
  ) throws(VoteError) {
    try Self.check(items, "items", votes: items.count, names: itemNames.count)
    try Self.check(annotators, "annotators", votes: items.count, names: annotatorNames.count)
    try Self.check(labels, "labels", votes: items.count, names: classNames.count)
    if let weights { try Self.check(weights: weights, votes: items.count) }
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

  /// Throws unless there is one index per vote, and a name for each.
  private static func check(
    _ indices: [Int32], _ what: String, votes: Int, names: Int
  ) throws(VoteError) {
    guard indices.count == votes else {
      throw .rowMismatch(what: what, expected: votes, found: indices.count)
    }
    guard let vote = indices.firstIndex(where: { $0 < 0 || Int($0) >= names }) else { return }
    throw .index(what: what, row: vote, index: Int(indices[vote]), count: names)
  }

  /// Throws unless there is one weight per vote, finite and not negative.
  private static func check(weights: [Double], votes: Int) throws(VoteError) {
    guard weights.count == votes else {
      throw .rowMismatch(what: "weights", expected: votes, found: weights.count)
    }
    guard let vote = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) else { return }
    throw .weight(row: vote, value: weights[vote])
  }

  /// Throws unless `classes` has for each item a class, or -1.
  func check(classes: [Int32], _ what: String) throws(VoteError) {
    guard classes.count == itemCount else {
      throw .rowMismatch(what: what, expected: itemCount, found: classes.count)
    }
    guard let item = classes.firstIndex(where: { $0 < -1 || Int($0) >= classCount }) else { return }
    throw .index(what: what, row: item, index: Int(classes[item]), count: classCount)
  }

  /// The votes at the positions `kept`, or all: a counting sort that keeps the order within an
  /// item.
  private init(
    names: (items: [String], annotators: [String], classes: [String]), _ items: [Int32],
    _ annotators: [Int32], _ labels: [Int32], _ weights: [Double]?, kept: [Int]?
  ) {
    (itemNames, annotatorNames, classNames) = names
    let differ =
      weights.map { weights in (kept ?? Array(weights.indices)).contains { weights[$0] != 1 } }
      ?? false
    func forEach(_ body: (Int) -> Void) {
      if let kept { kept.forEach(body) } else { items.indices.forEach(body) }
    }
    var starts = [Int](repeating: 0, count: names.items.count + 1)
    forEach { starts[Int(items[$0]) + 1] += 1 }
    for item in names.items.indices { starts[item + 1] += starts[item] }
    let count = starts[names.items.count]
    var next = starts
    var cellCounts = [Int32](repeating: 0, count: names.annotators.count * names.classes.count)
    var sorted = [Double](repeating: 1, count: differ ? count : 0)
    cells = [UInt32](unsafeUninitializedCapacity: count) { cells, initialized in
      forEach { vote in
        let cell = Int(annotators[vote]) * names.classes.count + Int(labels[vote])
        let place = next[Int(items[vote])]
        next[Int(items[vote])] += 1
        cells[place] = UInt32(truncatingIfNeeded: cell)
        cellCounts[cell] += 1
        if differ, let weights { sorted[place] = weights[vote] }
      }
      initialized = count
    }
    itemStarts = starts
    self.cellCounts = cellCounts
    self.weights = differ ? sorted : nil
  }

  /// The same annotators on the same items with other labels, one per vote, item by item.
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

  /// The votes on the items at `places`, in that order; a position of -1 gives an item without
  /// votes.
  package func selecting(items places: [Int]) -> Votes {
    var (items, annotators, labels) = ([Int32](), [Int32](), [Int32]())
    var kept: [Double] = []
    for (item, place) in places.enumerated() where place >= 0 {
      for vote in range(ofItem: place) {
        items.append(Int32(truncatingIfNeeded: item))
        annotators.append(Int32(truncatingIfNeeded: Int(cells[vote]) / classCount))
        labels.append(Int32(truncatingIfNeeded: Int(cells[vote]) % classCount))
        if let weights { kept.append(weights[vote]) }
      }
    }
    return Votes(
      names: (places.map { $0 < 0 ? "" : itemNames[$0] }, annotatorNames, classNames), items,
      annotators, labels, weights == nil ? nil : kept, kept: nil)
  }

  /// The cell and the weight of each vote on an item.
  package func cells(ofItem item: Int) -> [(cell: Int, weight: Double)] {
    range(ofItem: item).map { (Int(cells[$0]), weights?[$0] ?? 1) }
  }

  private init(pooling votes: Votes) {
    itemNames = votes.itemNames
    annotatorNames = ["all"]
    classNames = votes.classNames
    itemStarts = votes.itemStarts
    cells = votes.cells.map { $0 % UInt32(votes.classNames.count) }
    weights = votes.weights
    var counts = [Int32](repeating: 0, count: votes.classNames.count)
    for (cell, count) in votes.cellCounts.enumerated() {
      counts[cell % votes.classNames.count] += count
    }
    cellCounts = counts
  }

  /// The same votes as if one annotator had cast them all.
  var pooled: Votes { Votes(pooling: self) }

  /// The bytes that steps towards the maximum take besides the tables of a step.
  package var mixingBytes: Int {
    let table = annotatorCount.multipliedSaturating(by: classCount)
      .multipliedSaturating(by: classCount)
    return EMAscent.mixedNumbers(ofTable: table).multipliedSaturating(by: 8)
  }

  /// The bytes that the method `hierarchical` takes besides the tables of a step: of counts,
  /// messages of votes, and posteriors.
  package var hierarchyBytes: Int {
    var most = 0.0
    for annotator in 0..<annotatorCount {
      most = max(most, Double(voteCount(ofAnnotator: annotator)))
    }
    most *= (weights?.max() ?? 1).rounded(.up)
    let counts = Int(min(most, Double(AggregationMethod.mostVotesOfAnnotator)))
      .multipliedSaturating(by: classCount * (classCount + 1))
      .multipliedSaturating(by: CollapsedBound.mostParts + 4)
    let posteriors = itemCount.multipliedSaturating(by: classCount)
    return counts.addingSaturating(count.multipliedSaturating(by: classCount + 3))
      .addingSaturating(
        posteriors.multipliedSaturating(by: 2 * CollapsedAscent.depth(of: posteriors) + 10)
      ).multipliedSaturating(by: 8)
  }

  /// The bytes that the method `glad` takes besides labels: indices and terms of votes, and tables
  /// of annotators by difficulty.
  package var difficultyBytes: Int {
    let tables = annotatorCount.multipliedSaturating(by: 4 * GladTables.count + 60)
    return tables.addingSaturating(itemCount.multipliedSaturating(by: 4 * classCount + 8))
      .addingSaturating(count.multipliedSaturating(by: 5)).multipliedSaturating(by: 8)
  }

  /// The number of votes with a weight above zero.
  public var count: Int { cells.count }
  /// The number of classes.
  public var classCount: Int { classNames.count }
  /// The number of items.
  public var itemCount: Int { itemNames.count }
  /// The number of annotators.
  public var annotatorCount: Int { annotatorNames.count }
  /// The number of items with votes.
  public var votedItemCount: Int { itemNames.indices.count { !range(ofItem: $0).isEmpty } }

  /// The votes of an item: positions in `cells`.
  @inline(__always)
  func range(ofItem item: Int) -> Range<Int> { itemStarts[item]..<itemStarts[item + 1] }

  /// The number of votes of an annotator, regardless of weights.
  public func voteCount(ofAnnotator annotator: Int) -> Int {
    cellCounts[annotator * classCount..<(annotator + 1) * classCount].reduce(0) { $0 + Int($1) }
  }

  /// The number of votes on an item, regardless of weights.
  public func voteCount(ofItem item: Int) -> Int { range(ofItem: item).count }

  /// The number of repeated votes of an annotator on an item. Complexity: O(votes).
  var repeatedVoteCount: Int {
    var last = [Int](repeating: -1, count: annotatorCount)
    var result = 0
    for item in 0..<itemCount {
      for vote in range(ofItem: item) {
        let annotator = Int(cells[vote]) / classCount
        if last[annotator] == item { result += 1 }
        last[annotator] = item
      }
    }
    return result
  }

  /// The total weight of the votes of each item for each class, `itemCount × classCount`, item by
  /// item.
  public var counts: [Double] {
    var result = [Double](repeating: 0, count: itemCount * classCount)
    for item in 0..<itemCount {
      for vote in range(ofItem: item) {
        result[item * classCount + Int(cells[vote]) % classCount] += weights?[vote] ?? 1
      }
    }
    return result
  }
}
