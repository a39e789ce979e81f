import SurprisalLinearAlgebra
import SurprisalOptimization

/// The starts of the ascent to a maximum of the density of votes, abilities and difficulties, and
/// the best of their results.
struct GladSearch {
  let likelihood: GladLikelihood
  let options: AggregationOptions
  /// Shares of votes, the posterior of the first start.
  let shares: [Double]

  /// The labels with the model.
  struct Result {
    var labels: [Double]
    var logEvidence: [Double]
    var model: VoteModel
    var uncertainty: VoteUncertainty?
  }

  private struct Found: Sendable {
    var ascent: GladAscent
    var optimum: VoteModel.Optimum
  }

  /// Expected votes and random starts are those of Dawid and Skene's model.
  private var counting: VoteLikelihood {
    VoteLikelihood(
      likelihood.votes, isOneCoin: false, pseudoCounts: PseudoCounts(), gold: likelihood.gold,
      reducer: likelihood.reducer)
  }

  /// The best maximum.
  func run() -> Result {
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
    var matching = matching(ascent, likelihood)
    if !isFromShares, matching.isSwitched,
      let renamed = matching.renamed(likelihood.posterior(at: ascent.point))
    {
      ascent = GladAscent(likelihood, options, from: renamed)
      matching = self.matching(ascent, likelihood)
    }
    return Found(
      ascent: ascent,
      optimum: VoteModel.Optimum(
        logLikelihood: ascent.value - likelihood.logDensity(at: ascent.point),
        value: ascent.value, classPrior: likelihood.classPrior(at: ascent.point), starts: 1,
        isFromShares: isFromShares, isSwitched: matching.isSwitched))
  }

  private func matching(_ ascent: GladAscent, _ likelihood: GladLikelihood) -> ClassMatching {
    var counting = counting
    counting.reducer = likelihood.reducer
    return ClassMatching(
      counts: counting.expectedCounts(likelihood.posterior(at: ascent.point)),
      classCount: likelihood.votes.classCount)
  }

  private func result(_ best: Found, _ optima: [VoteModel.Optimum]) -> Result {
    let (votes, ascent, optimum) = (likelihood.votes, best.ascent, best.optimum)
    let labels = likelihood.posterior(at: ascent.point)
    let errors =
      options.hasStandardErrors && ascent.hasConverged
      ? GladInformation(likelihood, at: ascent.point).errors() : nil
    let difficulty = VoteDifficulty(
      abilities: Array(ascent.point[..<likelihood.itemStart]),
      abilityErrors: errors?.abilities
        ?? [Double](repeating: .nan, count: votes.annotatorCount),
      logDifficulties: ascent.point[likelihood.itemStart..<likelihood.classStart].map { -$0 },
      logDifficultyErrors: errors?.logEase ?? [Double](repeating: .nan, count: votes.itemCount),
      logPrior: likelihood.logDensity(at: ascent.point))
    let model = VoteModel(
      classPrior: optimum.classPrior, table: likelihood.meanTable(difficulty),
      expectedVotes: counting.expectedCounts(labels), logLikelihood: optimum.logLikelihood,
      value: ascent.value, parameterCount: likelihood.dimension - 1, gradient: ascent.gradient,
      iterations: ascent.iterations, hasConverged: ascent.hasConverged, values: ascent.values,
      optima: optima, isSwitched: optimum.isSwitched, difficulty: difficulty)
    return Result(
      labels: labels, logEvidence: likelihood.logEvidence(at: ascent.point), model: model,
      uncertainty: errors?.uncertainty)
  }
}

extension GladLikelihood {
  /// The confusion matrices of annotators, each the mean over the annotator's votes.
  func meanTable(_ difficulty: VoteDifficulty) -> [Double] {
    let classCount = votes.classCount
    let accuracies = meanAccuracies { difficulty.accuracy(ofAnnotator: $0, onItem: $1) }
    return accuracies.flatMap { accuracy in
      (0..<classCount * classCount).map {
        $0 / classCount == $0 % classCount ? accuracy : (1 - accuracy) / Double(classCount - 1)
      }
    }
  }

  /// The mean of `value(annotator, item)` over the votes of each annotator, by weight; over one vote
  /// on an item at the mode of the prior for an annotator without votes.
  func meanAccuracies(_ value: (Int, Int) -> Double) -> [Double] {
    var sums = [(total: Double, weight: Double)](
      repeating: (0, 0), count: votes.annotatorCount)
    for item in 0..<votes.itemCount {
      for vote in votes.range(ofItem: item) {
        let annotator = Int(votes.cells[vote]) / votes.classCount
        let weight = votes.weights?[vote] ?? 1
        sums[annotator].total += weight * value(annotator, item)
        sums[annotator].weight += weight
      }
    }
    return sums.map { $0.weight > 0 ? $0.total / $0.weight : .nan }
  }
}
