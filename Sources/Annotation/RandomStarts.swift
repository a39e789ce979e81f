import SurprisalLinearAlgebra

/// A model of votes whose maximum is searched from posteriors of the classes of items.
protocol StartedModel: Sendable {
  /// What a search from one start finds.
  associatedtype Maximum: Sendable
  var votes: Votes { get }
  /// Classes that are known, -1 for others.
  var gold: [Int32]? { get }
  var reducer: any Reducer { get set }

  /// The maximum reached from a posterior, `classCount` numbers per item.
  func maximum(from posterior: [Double], _ options: AggregationOptions) -> Maximum
  /// The posterior at a maximum.
  func posterior(of maximum: Maximum) -> [Double]
  /// The maximum as it is listed, without its starts.
  func summary(of maximum: Maximum) -> VoteModel.Optimum
}

/// The searches from vote shares and from random posteriors, and the best of their results.
struct RandomStarts<Model: StartedModel> {
  let model: Model
  let options: AggregationOptions
  /// The posterior of the first start.
  let shares: [Double]

  /// A maximum with its classes matched to labels.
  struct Found: Sendable {
    var maximum: Model.Maximum
    /// The votes of cells that are expected at the maximum.
    var expectedVotes: [Double]
    var optimum: VoteModel.Optimum
  }

  /// The best result, and the distinct maxima with the largest value first.
  func run() -> (best: Found, optima: [VoteModel.Optimum]) {
    let count = options.restartCount(for: model.votes)
    let likelihood = VoteLikelihood(
      counting: model.votes, gold: model.gold, reducer: model.reducer)
    var best = search(from: shares, model, isFromShares: true)
    var optima = [best.optimum]
    // This number of searches at a time, so that memory does not grow with the number of starts.
    let width = max(1, model.reducer.width)
    for first in stride(from: 0, to: count, by: width) {
      let found = model.reducer.map(count: min(width, count - first)) { offset in
        var alone = model
        alone.reducer = ThreadCount.one
        return search(
          from: likelihood.posterior(
            ofStart: first + offset, seed: options.seed, shares: shares), alone,
          isFromShares: false)
      }
      for found in found {
        optima.note(found.optimum)
        if found.optimum.isBetter(than: best.optimum) { best = found }
      }
    }
    return (best, optima.sorted { $0.value > $1.value })
  }

  /// The maximum reached from a start. Classes of a random start whose names are exchanged are
  /// renamed, and the search is repeated from there.
  private func search(from start: [Double], _ model: Model, isFromShares: Bool) -> Found {
    var found = found(model.maximum(from: start, options), model)
    if !isFromShares, found.matching.isSwitched,
      let renamed = found.matching.renamed(found.posterior)
    {
      found = self.found(model.maximum(from: renamed, options), model)
    }
    var optimum = model.summary(of: found.maximum)
    (optimum.isFromShares, optimum.isSwitched) = (isFromShares, found.matching.isSwitched)
    return Found(
      maximum: found.maximum, expectedVotes: found.expectedVotes, optimum: optimum)
  }

  private func found(
    _ maximum: Model.Maximum, _ model: Model
  ) -> (
    maximum: Model.Maximum, posterior: [Double], expectedVotes: [Double], matching: ClassMatching
  ) {
    let posterior = model.posterior(of: maximum)
    let counts = VoteLikelihood(
      counting: model.votes, gold: model.gold, reducer: model.reducer
    ).expectedCounts(posterior)
    return (
      maximum, posterior, counts,
      ClassMatching(counts: counts, classCount: model.votes.classCount)
    )
  }
}

extension VoteModel.Optimum {
  /// A maximum that one start reached.
  init(logLikelihood: Double, value: Double, classPrior: [Double]) {
    self.init(
      logLikelihood: logLikelihood, value: value, classPrior: classPrior, starts: 1,
      isFromShares: false, isSwitched: false)
  }

  /// Whether the value is higher by more than rounding; a maximum with correctly named classes
  /// precedes any other.
  fileprivate func isBetter(than other: VoteModel.Optimum) -> Bool {
    if isSwitched != other.isSwitched { return other.isSwitched }
    return value > other.value + VoteModel.sameValue
  }
}

extension [VoteModel.Optimum] {
  /// Adds a maximum, or counts its start at the same maximum found before.
  fileprivate mutating func note(_ new: VoteModel.Optimum) {
    let same = firstIndex { ($0.value - new.value).magnitude <= VoteModel.sameValue }
    if let same { self[same].starts += 1 } else { append(new) }
  }
}

/// What a search makes of votes.
struct VoteSearchResult {
  /// The labels and the log evidence, `classCount` numbers per item.
  var labels: [Double]
  var logEvidence: [Double]
  var model: VoteModel
  var uncertainty: VoteUncertainty?
}

extension VoteLikelihood {
  /// Without pseudo-counts, for expected votes and random starts of any model.
  fileprivate init(counting votes: Votes, gold: [Int32]?, reducer: any Reducer) {
    self.init(
      votes, isOneCoin: false, pseudoCounts: PseudoCounts(), gold: gold, reducer: reducer)
  }
}
