import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra

extension RandomNumberGenerator {
  /// A draw from the exponential distribution of mean 1.
  mutating func exponential() -> Double {
    // 53 bits, never zero.
    -Double.log((Double(next() >> 11) + 0.5) * 0x1p-53)
  }
}

/// Labels computed from votes: the result of `surprisal aggregate`.
public struct Aggregation: Sendable {
  /// The votes.
  public let votes: Votes
  /// The options of the aggregation.
  public let options: AggregationOptions
  /// For each item and class: the posterior of a model, the share of the votes, or the votes
  /// themselves for the method `counts`; item by item, `classCount` numbers each.
  public let labels: [Double]
  /// The log evidence, which is the log-likelihood of the votes of each item for each class, in the
  /// same order; the largest of an item is 0. nil if there is no model.
  public let logEvidence: [Double]?
  /// The model; nil for methods without one.
  public let model: VoteModel?
  /// The expected votes of each annotator by label and class, `votes.annotatorCount * C * C`.
  public let expectedVotes: [Double]
  /// The number of items with several classes of most votes.
  public let tieCount: Int
  /// The known classes, by item; -1 for others. nil if none is known.
  public let gold: [Int32]?
  /// Standard errors; nil without a model, or if the information is not positive definite.
  public let uncertainty: VoteUncertainty?

  /// Aggregates votes on items whose classes are all unknown. Precondition:
  /// `AggregationMethod.check` does not throw.
  public init(_ votes: Votes, options: AggregationOptions, reducer: any Reducer) {
    self.init(votes, options: options, checked: nil, reducer: reducer)
  }

  /// Aggregates votes on items of which some have a known class.
  ///
  /// `gold` has for each item its class if known, otherwise -1: the labels of known items are
  /// certain, and the votes on them determine the accuracy of annotators. The labels of the method
  /// `counts` remain the counts. Throws `VoteError` unless there is one class, or -1, per item, and
  /// if the method is not for these votes.
  public init(
    _ votes: Votes, options: AggregationOptions, gold: [Int32]?, reducer: any Reducer
  ) throws(VoteError) {
    if let gold { try votes.check(classes: gold, "known classes") }
    try options.method.check(votes)
    self.init(votes, options: options, checked: gold, reducer: reducer)
  }

  /// Aggregates votes; `gold` has a class, or -1, for each item.
  init(
    _ votes: Votes, options: AggregationOptions, checked gold: [Int32]?, reducer: any Reducer
  ) {
    self.votes = votes
    self.options = options
    self.gold = gold
    let counts = votes.counts
    var (shares, tieCount) = Self.shares(
      of: counts, classCount: votes.classCount, ofWinners: options.method == .majority)
    self.tieCount = tieCount
    Self.clamp(&shares, to: gold, classCount: votes.classCount)
    if let found = Self.search(votes, options, gold, shares, reducer) {
      (labels, logEvidence, uncertainty) = (found.labels, found.logEvidence, found.uncertainty)
      model = found.model
      expectedVotes = found.model.expectedVotes
      return
    }
    let likelihood = VoteLikelihood(
      options.method == .pooled ? votes.pooled : votes, isOneCoin: options.method == .oneCoin,
      pseudoCounts: options.pseudoCounts, gold: gold, reducer: reducer)
    guard options.method.isModel else {
      labels = options.method == .counts ? counts : shares
      (logEvidence, model, uncertainty) = (nil, nil, nil)
      expectedVotes = likelihood.expectedCounts(shares)
      return
    }
    let (model, posterior) = likelihood.search(options, shares: shares)
    labels = posterior
    self.model = model
    let point = VoteLikelihood.Parameters(prior: model.classPrior, table: model.table)
    logEvidence = likelihood.logEvidence(at: point)
    uncertainty =
      options.hasStandardErrors && model.hasConverged
      ? ObservedInformation(
        likelihood: likelihood, point: point, posterior: posterior, counts: model.expectedVotes
      ).uncertainty() : nil
    expectedVotes =
      options.method == .pooled
      ? VoteLikelihood(
        votes, isOneCoin: false, pseudoCounts: options.pseudoCounts, reducer: reducer
      ).expectedCounts(posterior) : model.expectedVotes
  }

  /// The results of a model that is not made of confusion matrices alone; nil for other methods.
  private static func search(
    _ votes: Votes, _ options: AggregationOptions, _ gold: [Int32]?, _ shares: [Double],
    _ reducer: any Reducer
  ) -> VoteSearchResult? {
    switch options.method {
    case .hierarchical:
      CollapsedBound(votes, gold: gold, reducer: reducer).search(options, shares: shares)
    case .glad:
      GladLikelihood(votes, gold: gold, reducer: reducer).search(options, shares: shares)
    case .majority, .shares, .counts, .oneCoin, .dawidSkene, .pooled: nil
    }
  }

  /// Gives items of a known class the probability 1 of it; -1 is unknown.
  private static func clamp(_ shares: inout [Double], to gold: [Int32]?, classCount: Int) {
    for (item, known) in (gold ?? []).enumerated() where known >= 0 {
      for k in 0..<classCount { shares[item * classCount + k] = k == Int(known) ? 1 : 0 }
    }
  }

  /// Shares of the votes, or (`ofWinners`) of the classes with most votes, and the number of items
  /// with several of these. An item without votes has equal shares.
  package static func shares(
    of counts: [Double], classCount: Int, ofWinners: Bool
  ) -> (shares: [Double], ties: Int) {
    var (shares, ties) = (counts, 0)
    for start in stride(from: 0, to: counts.count, by: classCount) {
      let row = counts[start..<start + classCount]
      let (total, most) = (row.reduce(0, +), row.max() ?? 0)
      let winnerCount = row.count { $0 == most }
      if winnerCount > 1, total > 0 { ties += 1 }
      for place in row.indices {
        if ofWinners {
          shares[place] = row[place] == most ? 1 / Double(winnerCount) : 0
        } else {
          shares[place] = total > 0 ? row[place] / total : 1 / Double(classCount)
        }
      }
    }
    return (shares, ties)
  }

  /// The labels of an item, one per class.
  public func labels(ofItem item: Int) -> ArraySlice<Double> {
    labels[item * votes.classCount..<(item + 1) * votes.classCount]
  }

  /// The evidence of an item, one number per class, the largest 1: posterior over prior. nil
  /// without a model.
  public func evidence(ofItem item: Int) -> [Double]? {
    logEvidence.map { logs in
      logs[item * votes.classCount..<(item + 1) * votes.classCount].map { Double.exp($0) }
    }
  }

  /// The class of an item with the largest label, the first of several.
  public func predictedClass(ofItem item: Int) -> Int {
    let start = item * votes.classCount
    return (0..<votes.classCount).reduce(0) { labels[start + $1] > labels[start + $0] ? $1 : $0 }
  }

  /// Whether the value is a maximised likelihood.
  private var hasCriteria: Bool {
    options.pseudoCounts.areZero && options.method != .hierarchical && options.method != .glad
  }

  /// Akaike's criterion, -2 l + 2 p; nil without a model, if pseudo-counts were added, for the
  /// method `hierarchical`, which has a bound in place of a likelihood, and for `glad`, which has
  /// the maximum of a posterior density.
  public var aic: Double? {
    guard let model, hasCriteria else { return nil }
    return -2 * model.logLikelihood + 2 * Double(model.parameterCount)
  }

  /// The Bayesian criterion, -2 l + p log N over the items with votes; nil as `aic`.
  public var bic: Double? {
    guard let model, hasCriteria else { return nil }
    return -2 * model.logLikelihood
      + Double(model.parameterCount) * Double.log(Double(votes.votedItemCount))
  }
}
