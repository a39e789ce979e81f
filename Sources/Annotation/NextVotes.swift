import RealModule

/// A vote that would be informative on an item's class.
public struct NextVote: Sendable, Equatable {
  /// The item.
  public let item: Int
  /// The annotator, who has not voted on the item yet.
  public let annotator: Int
  /// The expected information in nats: the expected decrease of the posterior's entropy by the
  /// vote.
  public let information: Double
}

extension Aggregation {
  /// Annotators with fewer votes are not suggested, since their accuracy is not known well enough.
  public static let leastVotesToAsk = 5

  /// Of more annotators those with most votes are considered, the first of equally many.
  public static let mostAnnotatorsToAsk = 1000
  /// Of more items those with the largest entropy are considered, the first of equally many.
  public static let mostItemsToAsk = 10_000

  /// The `count` items for which another vote is expected to be most informative, each with the
  /// annotator whose vote is most informative; none without a model.
  ///
  /// Annotators need at least five votes, unless none has. Items are examined in the order of the
  /// entropy of their posteriors, which bounds the information of a vote: `mostItemsToAsk` at most,
  /// or `count` if that is more, with `mostAnnotatorsToAsk` annotators. Equal values keep the order
  /// of items and annotators.
  public func nextVotes(_ count: Int) -> [NextVote] {
    guard let model, count > 0 else { return [] }
    let entropies = (0..<votes.itemCount).map { entropy(labels(ofItem: $0)) }
    let order = entropies.indices.sorted {
      entropies[$0] == entropies[$1] ? $0 < $1 : entropies[$0] > entropies[$1]
    }
    let known = votes.annotatorNames.indices.filter {
      votes.voteCount(ofAnnotator: $0) >= Self.leastVotesToAsk
    }
    let candidates = Self.mostAsked(
      known.isEmpty ? Array(votes.annotatorNames.indices) : known, votes)
    var expected = ExpectedInformation(votes, model)
    var best: [NextVote] = []
    for item in order.prefix(max(count, Self.mostItemsToAsk)) {
      if best.count == count, entropies[item] <= best[count - 1].information { break }
      expected.move(to: item, posterior: labels(ofItem: item))
      guard let next = nextVote(on: item, among: candidates, expected) else { continue }
      let place = best.firstIndex { $0.information < next.information } ?? best.count
      best.insert(next, at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }

  /// In their order.
  private static func mostAsked(_ annotators: [Int], _ votes: Votes) -> [Int] {
    guard annotators.count > mostAnnotatorsToAsk else { return annotators }
    return annotators.map { (-votes.voteCount(ofAnnotator: $0), $0) }.sorted { $0 < $1 }
      .prefix(mostAnnotatorsToAsk).map(\.1).sorted()
  }

  private func nextVote(
    on item: Int, among annotators: [Int], _ expected: ExpectedInformation
  ) -> NextVote? {
    let voted = Set(votes.range(ofItem: item).map { Int(votes.cells[$0]) / votes.classCount })
    var best: NextVote?
    for annotator in annotators where !voted.contains(annotator) {
      let value = expected.ofVote(by: annotator)
      if value > best?.information ?? 0 {
        best = NextVote(item: item, annotator: annotator, information: value)
      }
      if expected.isCommon { break }
    }
    return best
  }

  private func entropy(_ shares: ArraySlice<Double>) -> Double {
    shares.reduce(0) { $1 > 0 ? $0 - $1 * Double.log($1) : $0 }
  }
}
