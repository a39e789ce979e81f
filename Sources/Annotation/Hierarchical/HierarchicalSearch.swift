import SurprisalLinearAlgebra

/// The starts of the ascent to a maximum of the bound, and the best of their results.
struct HierarchicalSearch {
  let bound: CollapsedBound
  let options: AggregationOptions
  /// Shares of votes, the posterior of the first start.
  let shares: [Double]

  private struct Found: Sendable {
    var maximum: CollapsedAscent.Maximum
    var optimum: VoteModel.Optimum
  }

  /// The best maximum.
  func run() -> VoteSearchResult {
    let likelihood = VoteLikelihood(
      counting: bound.votes, gold: bound.gold, reducer: bound.reducer)
    let (best, optima) = RandomStarts<Found>(
      likelihood: likelihood, options: options, shares: shares,
      search: { start, isAlone in
        var own = bound
        if isAlone { own.reducer = ThreadCount.one }
        return search(from: start, own, isFromShares: !isAlone)
      }, optimum: \.optimum
    ).run()
    return result(best, optima, likelihood)
  }

  private func result(
    _ best: Found, _ optima: [VoteModel.Optimum], _ likelihood: VoteLikelihood
  ) -> VoteSearchResult {
    let (maximum, state) = (best.maximum, best.maximum.state)
    let counts = likelihood.expectedCounts(maximum.posterior)
    let table = bound.table(counts, state.prior)
    let classCount = bound.classCount
    let model = VoteModel(
      classPrior: state.classPrior, table: table, expectedVotes: counts,
      logLikelihood: state.value, value: state.value,
      parameterCount: classCount - 1 + classCount * (classCount - 1) + 1,
      gradient: maximum.change, iterations: maximum.iterations,
      hasConverged: maximum.hasConverged, values: maximum.values, optima: optima,
      isSwitched: best.optimum.isSwitched,
      hierarchy: VoteHierarchy(
        commonConfusion: state.prior.rows, concentration: state.prior.concentration,
        isDetermined: state.prior.isDetermined))
    return VoteSearchResult(
      labels: bound.posterior(
        maximum.logEvidence, prior: state.classPrior, keepsSilent: true),
      logEvidence: maximum.logEvidence, model: model,
      uncertainty: options.hasStandardErrors && maximum.hasConverged
        ? bound.uncertainty(table, counts, posterior: maximum.posterior, state) : nil)
  }

  /// The maximum reached from a start, with its classes matched to labels.
  private func search(from start: [Double], _ bound: CollapsedBound, isFromShares: Bool) -> Found {
    let ascent = CollapsedAscent(
      bound: bound, tolerance: options.tolerance, maximumIterations: options.maximumIterations)
    var maximum = ascent.maximum(from: start)
    var matching = matching(maximum.posterior, bound)
    if !isFromShares, matching.isSwitched, let renamed = matching.renamed(maximum.posterior) {
      maximum = ascent.maximum(from: renamed)
      matching = self.matching(maximum.posterior, bound)
    }
    return Found(
      maximum: maximum,
      optimum: VoteModel.Optimum(
        logLikelihood: maximum.state.value, value: maximum.state.value,
        classPrior: maximum.state.classPrior, starts: 1, isFromShares: isFromShares,
        isSwitched: matching.isSwitched))
  }

  private func matching(_ posterior: [Double], _ bound: CollapsedBound) -> ClassMatching {
    VoteLikelihood(counting: bound.votes, gold: bound.gold, reducer: bound.reducer)
      .matching(posterior)
  }
}
