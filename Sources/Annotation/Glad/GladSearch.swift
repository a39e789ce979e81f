import SurprisalLinearAlgebra
import SurprisalOptimization

/// The starts of the ascent to a maximum of the density of votes, abilities and difficulties, and
/// the best of their results.
struct GladSearch {
  let likelihood: GladLikelihood
  let options: AggregationOptions
  /// Shares of votes, the posterior of the first start.
  let shares: [Double]

  private struct Found: Sendable {
    var ascent: GladAscent
    var optimum: VoteModel.Optimum
  }

  private var counting: VoteLikelihood {
    VoteLikelihood(
      counting: likelihood.votes, gold: likelihood.gold, reducer: likelihood.reducer)
  }

  /// The best maximum.
  func run() -> VoteSearchResult {
    let (best, optima) = RandomStarts<Found>(
      likelihood: counting, options: options, shares: shares,
      search: { start, isAlone in
        var own = likelihood
        if isAlone { own.reducer = ThreadCount.one }
        return search(from: start, own, isFromShares: !isAlone)
      }, optimum: \.optimum
    ).run()
    return result(best, optima)
  }

  /// The maximum reached from a start, with its classes matched to labels.
  private func search(
    from start: [Double], _ likelihood: GladLikelihood, isFromShares: Bool
  ) -> Found {
    var ascent = GladAscent(likelihood, options, from: start)
    var items = likelihood.items(at: ascent.point)
    var matching = matching(items.posterior, likelihood)
    if !isFromShares, matching.isSwitched, let renamed = matching.renamed(items.posterior) {
      ascent = GladAscent(likelihood, options, from: renamed)
      items = likelihood.items(at: ascent.point)
      matching = self.matching(items.posterior, likelihood)
    }
    return Found(
      ascent: ascent,
      optimum: VoteModel.Optimum(
        logLikelihood: ascent.value - likelihood.logDensity(at: ascent.point),
        value: ascent.value, classPrior: likelihood.classPrior(at: ascent.point), starts: 1,
        isFromShares: isFromShares, isSwitched: matching.isSwitched))
  }

  private func matching(_ posterior: [Double], _ likelihood: GladLikelihood) -> ClassMatching {
    VoteLikelihood(
      counting: likelihood.votes, gold: likelihood.gold, reducer: likelihood.reducer
    ).matching(posterior)
  }

  private func result(_ best: Found, _ optima: [VoteModel.Optimum]) -> VoteSearchResult {
    let (ascent, optimum) = (best.ascent, best.optimum)
    let items = likelihood.items(at: ascent.point)
    let errors =
      options.hasStandardErrors && ascent.hasConverged
      ? GladInformation(likelihood, at: ascent.point).errors() : nil
    let abilities = Array(ascent.point[..<likelihood.classStart])
    let model = VoteModel(
      classPrior: optimum.classPrior, table: likelihood.meanTable(at: ascent.point),
      expectedVotes: counting.expectedCounts(items.posterior),
      logLikelihood: optimum.logLikelihood, value: ascent.value,
      parameterCount: likelihood.dimension - 1, gradient: ascent.gradient,
      iterations: ascent.iterations, hasConverged: ascent.hasConverged, values: ascent.values,
      optima: optima, isSwitched: optimum.isSwitched,
      difficulty: VoteDifficulty(
        abilities: abilities,
        abilityErrors: errors?.abilities ?? abilities.map { _ in .nan },
        logDifficulties: items.logEase.map { -$0 }, logDifficultyErrors: items.deviations,
        logPrior: likelihood.logDensity(at: ascent.point)))
    return VoteSearchResult(
      labels: items.posterior, logEvidence: items.logEvidence, model: model,
      uncertainty: errors?.uncertainty)
  }
}

extension GladLikelihood {
  /// The confusion matrices of annotators, each the mean over the difficulties.
  func meanTable(at point: [Double]) -> [Double] {
    let (classCount, right) = (votes.classCount, GladTables(self, at: point).right)
    return (0..<votes.annotatorCount).flatMap { annotator in
      let accuracy = Self.shares.indices.reduce(0) {
        $0 + Self.shares[$1] * right[annotator * GladTables.count + $1]
      }
      return (0..<classCount * classCount).map {
        $0 / classCount == $0 % classCount ? accuracy : (1 - accuracy) / Double(classCount - 1)
      }
    }
  }
}
