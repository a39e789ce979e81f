import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

extension AffineProblem {
  /// The largest product of rows and squared parameters for which about two hundred refits are
  /// made; they then take some tenths of a second.
  private static var mostRefitWork: Double { 2e4 }

  /// The noise of the votes in the labels of the fit, and the misfit.
  ///
  /// By maximum likelihood each parameter absorbs 1 / (2 W) of the noise if counts are not small.
  /// For small counts, and under a prior, votes are drawn from the fit and fitted again, if there
  /// are few rows and parameters. Nil if that is too expensive, if rounding leaves few digits
  /// (`mayRefit` false), for labels other than counts (with
  /// one vote per row, noise and misfit cannot be distinguished on the training rows), and for
  /// importance weights.
  func labelNoise<P: Prior>(
    of objective: AffineObjective<L, P>, at point: [Double], freedom: Int?, isPenalized: Bool,
    mayRefit: Bool
  ) -> LabelNoise? {
    guard case .counts(let counts) = data.labels, counts.totals.contains(where: { $0 > 1 }),
      data.likelihood.equalsMinusCrossEntropy, data.weighting != .importance,
      let evaluation = try? evaluation(of: objective, at: point, labels: data.labels)
    else { return nil }
    let noise = (try? evaluation.labelNoise(fittedParameters: freedom ?? 0)) ?? nil
    guard let noise else { return nil }
    if freedom != nil, noise.test?.method == .deviance || isPenalized { return noise }
    guard mayRefit, data.weighting == .uniform,
      let excesses = refittedExcesses(objective, at: point, evaluation)
    else { return freedom == nil ? nil : noise }
    let raw = noise.expected + Double(freedom ?? 0) / (2 * evaluation.totalWeight)
    let mean = excesses.reduce(0, +) / Double(excesses.count)
    let bound = evaluation.klDivergence - raw
    let larger = excesses.count { $0 >= bound - 1e-9 * (bound.magnitude + 1e-3) }
    return LabelNoise(
      expected: raw + mean, misfit: bound - mean, standardError: noise.standardError,
      test: .init(.bootstrap, pValue: Double(larger + 1) / Double(excesses.count + 1)))
  }

  /// Pearson's X² of votes; nil for other labels and likelihoods.
  func pearson<P: Prior>(of objective: AffineObjective<L, P>, at point: [Double]) -> Double? {
    guard data.labels.kind == .counts, data.likelihood.equalsMinusCrossEntropy else { return nil }
    return try? evaluation(of: objective, at: point, labels: data.labels).pearsonStatistic
  }

  private func evaluation<P: Prior>(
    of objective: AffineObjective<L, P>, at point: [Double], labels: Labels
  ) throws(DatasetError) -> Evaluation {
    try Evaluation(
      of: objective.fittedProbabilities(at: point), against: labels, weights: data.rowWeights)
  }

  /// KL minus the expected noise for votes that were drawn from the fit and fitted again; nil if
  /// that is too much work.
  private func refittedExcesses<P: Prior>(
    _ objective: AffineObjective<L, P>, at point: [Double], _ evaluation: Evaluation
  ) -> [Double]? {
    let size = Double(objective.dimension)
    guard Double(data.labels.rowCount) * size * size <= Self.mostRefitWork,
      evaluation.totalWeight <= VoteDraws.mostVotes
    else { return nil }
    let draws = VoteDraws(of: evaluation, seed: options.seed)
    let results = options.threads.map(count: VoteDraws.refits) { index -> Double? in
      excess(of: draws.labels(replicate: index), objective, from: point)
    }
    let found = results.compactMap { $0 }
    return found.count == results.count ? found : nil
  }

  private func excess<P: Prior>(
    of labels: Labels?, _ objective: AffineObjective<L, P>, from point: [Double]
  ) -> Double? {
    guard let labels,
      let prepared = try? PreparedResponses(of: labels, weights: .uniform, data.likelihood)
    else { return nil }
    let other = AffineObjective(
      model: objective.model, likelihood: data.likelihood, prior: objective.prior,
      features: objective.features, responses: prepared.responses, offsets: objective.offsets,
      weights: prepared.weights, priorScales: objective.priorScales, threads: ThreadCount.one)
    var own = options
    own.threads = ThreadCount.one
    own.stopping.tolerance = max(own.stopping.tolerance, 1e-7)
    let solution = AffineMinimization(options: own).run(other, from: point, observing: nil)
      .solution
    guard let evaluation = try? evaluation(of: other, at: solution.point, labels: labels) else {
      return nil
    }
    return evaluation.klDivergence - evaluation.expectedVoteNoise
  }
}
