/// A warning about labels computed from votes.
public enum AggregationWarning: Sendable, Equatable {
  /// The steps ended before convergence; the largest gradient in votes.
  case notConverged(gradient: Double)
  /// These classes have more votes for another label than for their own.
  case switched([String])
  /// The best maximum was not reached from the shares of the votes; the value of the one that was
  /// is lower by `gain`.
  case otherMaximum(gain: Double)
  /// No item has more than this number of votes, fewer than three: many parameters fit equally
  /// well.
  case fewVotes(most: Int)
  /// These classes have no votes.
  case unvoted([String])
  /// The number of items without votes.
  case withoutVotes(items: Int)
  /// The number of items with several classes of most votes.
  case ties(items: Int)
  /// The number of repeated votes of an annotator on an item.
  case repeated(votes: Int)
  /// All annotators got the common confusion matrix; `isDetermined` if some annotator has two votes
  /// on items of a class.
  case alike(isDetermined: Bool)
  /// The concentration is the smallest that is considered.
  case smallestConcentration(Double)
}

extension Aggregation {
  /// The warnings about the labels.
  public var warnings: [AggregationWarning] {
    var result: [AggregationWarning] = []
    if let model {
      if !model.hasConverged { result.append(.notConverged(gradient: model.gradient)) }
      if model.isSwitched { result.append(.switched(switchedClasses)) }
      let fromShares = model.optima.first { $0.isFromShares }?.value ?? model.value
      let gain = model.value - fromShares
      if gain > VoteModel.sameValue { result.append(.otherMaximum(gain: gain)) }
      let most = (0..<votes.itemCount).reduce(0) { max($0, votes.voteCount(ofItem: $1)) }
      if most < 3 { result.append(.fewVotes(most: most)) }
      if let hierarchy = model.hierarchy { result += hierarchy.warnings }
    }
    let unvoted = (0..<votes.classCount).filter { label in
      votes.annotatorNames.indices.allSatisfy {
        votes.cellCounts[$0 * votes.classCount + label] == 0
      }
    }
    if !unvoted.isEmpty { result.append(.unvoted(unvoted.map { votes.classNames[$0] })) }
    let silent = votes.itemCount - votes.votedItemCount
    if silent > 0 { result.append(.withoutVotes(items: silent)) }
    let repeated = votes.repeatedVoteCount
    if repeated > 0 { result.append(.repeated(votes: repeated)) }
    if options.method == .majority, tieCount > 0 { result.append(.ties(items: tieCount)) }
    return result
  }

  private var switchedClasses: [String] {
    let matching = ClassMatching(counts: expectedVotes, classCount: votes.classCount)
    return matching.switchedClasses.map { votes.classNames[$0] }
  }
}

extension VoteHierarchy {
  fileprivate var warnings: [AggregationWarning] {
    if concentration.isInfinite { return [.alike(isDetermined: isDetermined)] }
    return concentration <= Self.concentrations.lowerBound
      ? [.smallestConcentration(concentration)] : []
  }
}
