import SurprisalLinearAlgebra

extension CollapsedBound: StartedModel {
  func maximum(
    from posterior: [Double], _ options: AggregationOptions
  ) -> CollapsedAscent.Maximum {
    CollapsedAscent(
      bound: self, tolerance: options.tolerance, maximumIterations: options.maximumIterations
    ).maximum(from: posterior)
  }

  func posterior(of maximum: CollapsedAscent.Maximum) -> [Double] { maximum.posterior }

  func summary(of maximum: CollapsedAscent.Maximum) -> VoteModel.Optimum {
    VoteModel.Optimum(
      logLikelihood: maximum.state.value, value: maximum.state.value,
      classPrior: maximum.state.classPrior)
  }

  /// The best maximum of several starts, of which `shares` is the first.
  func search(_ options: AggregationOptions, shares: [Double]) -> VoteSearchResult {
    let (best, optima) = RandomStarts(model: self, options: options, shares: shares).run()
    let (maximum, state, counts) = (best.maximum, best.maximum.state, best.expectedVotes)
    let table = table(counts, state.prior)
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
      labels: posterior(
        maximum.logEvidence, prior: state.classPrior, keepsSilent: true),
      logEvidence: maximum.logEvidence, model: model,
      uncertainty: options.hasStandardErrors && maximum.hasConverged
        ? uncertainty(table, counts, posterior: maximum.posterior, state) : nil)
  }
}
