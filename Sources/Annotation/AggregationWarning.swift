/// What a user should know of labels made of votes.
public enum AggregationWarning: Sendable, Equatable {
  /// The steps ended before a maximum; the largest gradient in votes.
  case notConverged(gradient: Double)
  /// These classes have more votes for another label than for their own.
  case switched([String])
  /// The maximum is not that reached from the shares of the votes, whose value is lower by so much.
  case otherMaximum(gain: Double)
  /// No item has more than so many votes, fewer than three: many parameters fit alike.
  case fewVotes(most: Int)
  /// Nobody voted for these classes.
  case unvoted([String])
  /// So many items have no votes.
  case withoutVotes(items: Int)
  /// So many items have several classes with most votes.
  case ties(items: Int)
  /// So many votes are a further vote of an annotator on an item.
  case repeated(votes: Int)
}

extension Aggregation {
  /// What a user should know.
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
