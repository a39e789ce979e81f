import SurprisalLinearAlgebra
import SurprisalOptimization

extension GladLikelihood: StartedModel {
  func maximum(from posterior: [Double], _ options: AggregationOptions) -> GladAscent {
    GladAscent(self, options, from: posterior)
  }

  func posterior(of maximum: GladAscent) -> [Double] { items(at: maximum.point).posterior }

  func summary(of maximum: GladAscent) -> VoteModel.Optimum {
    VoteModel.Optimum(
      logLikelihood: maximum.value - logDensity(at: maximum.point), value: maximum.value,
      classPrior: classPrior(at: maximum.point))
  }

  /// The best maximum of several starts, of which `shares` is the first.
  func search(_ options: AggregationOptions, shares: [Double]) -> VoteSearchResult {
    let (best, optima) = RandomStarts(model: self, options: options, shares: shares).run()
    let (ascent, optimum) = (best.maximum, best.optimum)
    let items = items(at: ascent.point)
    let errors =
      options.hasStandardErrors && ascent.hasConverged
      ? GladInformation(self, at: ascent.point).errors() : nil
    let abilities = Array(ascent.point[..<classStart])
    let model = VoteModel(
      classPrior: optimum.classPrior, table: meanTable(at: ascent.point),
      expectedVotes: best.expectedVotes,
      logLikelihood: optimum.logLikelihood, value: ascent.value,
      parameterCount: dimension - 1, gradient: ascent.gradient,
      iterations: ascent.iterations, hasConverged: ascent.hasConverged, values: ascent.values,
      optima: optima, isSwitched: optimum.isSwitched,
      difficulty: VoteDifficulty(
        abilities: abilities,
        abilityErrors: errors?.abilities ?? abilities.map { _ in .nan },
        logDifficulties: items.logEase.map { -$0 }, logDifficultyErrors: items.deviations,
        logPrior: logDensity(at: ascent.point)))
    return VoteSearchResult(
      labels: items.posterior, logEvidence: items.logEvidence, model: model,
      uncertainty: errors?.uncertainty)
  }

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
