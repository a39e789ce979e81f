import SurprisalLinearAlgebra

/// The searches from vote shares and from random posteriors, and the best of their results.
struct RandomStarts<Found: Sendable> {
  let likelihood: VoteLikelihood
  let options: AggregationOptions
  /// The posterior of the first start.
  let shares: [Double]
  /// A search from a posterior; with `isAlone` it is one of several at a time and has one thread.
  let search: @Sendable (_ start: [Double], _ isAlone: Bool) -> Found
  /// The maximum that a search reached.
  let optimum: @Sendable (Found) -> VoteModel.Optimum

  /// The best result, and the distinct maxima with the largest value first.
  func run() -> (best: Found, optima: [VoteModel.Optimum]) {
    let count = options.restartCount(for: likelihood.votes)
    var best = search(shares, false)
    var optima = [optimum(best)]
    // This number of searches at a time, so that memory does not grow with the number of starts.
    let width = max(1, likelihood.reducer.width)
    for first in stride(from: 0, to: count, by: width) {
      let found = likelihood.reducer.map(count: min(width, count - first)) { offset in
        search(
          likelihood.posterior(ofStart: first + offset, seed: options.seed, shares: shares), true)
      }
      for found in found {
        optima.note(optimum(found))
        if optimum(found).isBetter(than: optimum(best)) { best = found }
      }
    }
    return (best, optima.sorted { $0.value > $1.value })
  }
}

extension VoteModel.Optimum {
  /// Whether the value is higher by more than rounding; a maximum with correctly named classes
  /// precedes any other.
  func isBetter(than other: VoteModel.Optimum) -> Bool {
    if isSwitched != other.isSwitched { return other.isSwitched }
    return value > other.value + VoteModel.sameValue
  }
}

extension [VoteModel.Optimum] {
  /// Adds a maximum, or counts its start at the same maximum found before.
  mutating func note(_ new: VoteModel.Optimum) {
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
  /// Without pseudo-counts, for expected votes and random starts of models of other kinds.
  init(counting votes: Votes, gold: [Int32]?, reducer: any Reducer) {
    self.init(
      votes, isOneCoin: false, pseudoCounts: PseudoCounts(), gold: gold, reducer: reducer)
  }

  /// The classes that belong to labels, by posteriors of items.
  func matching(_ posterior: [Double]) -> ClassMatching {
    ClassMatching(counts: expectedCounts(posterior), classCount: classCount)
  }
}
