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

  /// The `count` items for which another vote is expected to be most informative, each with the
  /// annotator whose vote is most informative; none without a model.
  ///
  /// Annotators need at least five votes, unless none has. Items are examined in the order of the
  /// entropy of their posteriors, which bounds the information of a vote. Equal values keep the
  /// order of items and annotators.
  public func nextVotes(_ count: Int) -> [NextVote] {
    guard let model, count > 0 else { return [] }
    let entropies = (0..<votes.itemCount).map { entropy(labels(ofItem: $0)) }
    let order = entropies.indices.sorted {
      entropies[$0] == entropies[$1] ? $0 < $1 : entropies[$0] > entropies[$1]
    }
    let known = votes.annotatorNames.indices.filter {
      votes.voteCount(ofAnnotator: $0) >= Self.leastVotesToAsk
    }
    let candidates = known.isEmpty ? Array(votes.annotatorNames.indices) : known
    var best: [NextVote] = []
    for item in order {
      if best.count == count, entropies[item] <= best[count - 1].information { break }
      guard let next = nextVote(on: item, among: candidates, model) else { continue }
      let place = best.firstIndex { $0.information < next.information } ?? best.count
      best.insert(next, at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }

  private func nextVote(on item: Int, among annotators: [Int], _ model: VoteModel) -> NextVote? {
    let voted = Set(votes.range(ofItem: item).map { Int(votes.cells[$0]) / votes.classCount })
    var best: NextVote?
    for annotator in annotators where !voted.contains(annotator) {
      let value = information(ofVoteBy: annotator, on: item, model)
      if value > best?.information ?? 0 {
        best = NextVote(item: item, annotator: annotator, information: value)
      }
    }
    return best
  }

  /// The mutual information of the class of an item, by its posterior, and a vote.
  private func information(
    ofVoteBy annotator: Int, on item: Int, _ model: VoteModel
  ) -> Double {
    let (classCount, posterior) = (votes.classCount, labels(ofItem: item))
    let start = model.table.count == classCount * classCount ? 0 : annotator * classCount * classCount
    let right = model.difficulty?.accuracy(ofAnnotator: annotator, onItem: item)
    func probability(_ label: Int, _ k: Int) -> Double {
      guard let right else { return model.table[start + label * classCount + k] }
      return label == k ? right : (1 - right) / Double(classCount - 1)
    }
    var result = 0.0
    for label in 0..<classCount {
      var mean = 0.0
      for (k, share) in posterior.enumerated() { mean += share * probability(label, k) }
      for (k, share) in posterior.enumerated() {
        let chance = probability(label, k)
        if share > 0, chance > 0 { result += share * chance * Double.log(chance / mean) }
      }
    }
    return result
  }

  private func entropy(_ shares: ArraySlice<Double>) -> Double {
    shares.reduce(0) { $1 > 0 ? $0 - $1 * Double.log($1) : $0 }
  }
}
