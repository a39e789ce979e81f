import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension NetworkProblem {
  /// What an outcome says, with its statistics.
  func fit<P: Prior>(
    _ outcome: NetworkTraining<L, P>.Outcome, _ record: TrainingRecord,
    of objective: NegativeLogPosterior<PerceptronLogits, L, P>
  ) -> Fit<PerceptronLogits, L, P> {
    let status: FitStatus =
      switch outcome.solution.termination {
      case .converged: .converged
      case .epochsDone, .earlyStopping: .trained(outcome.solution.termination)
      case .cancelled, .diverged, .iterationLimit, .noProgress, .notFinite:
        .notConverged(outcome.solution.termination)
      }
    let classifier = ModelClassifier(
      model: objective.model, parameters: outcome.solution.point, likelihood: likelihood,
      encoding: rows.encoding, standardization: rows.standardization,
      classNames: rows.classNames, usesOffsets: rows.offsets != nil)
    let statistics = statistics(outcome.solution, objective)
    return Fit(
      classifier: classifier, likelihood: likelihood, prior: objective.prior,
      solution: outcome.solution, solvers: [outcome.solver], setUpPasses: 0, status: status,
      aliased: [], kept: rows.kept, statistics: statistics,
      warnings: rows.warnings() + warnings(outcome.solution.point)
        + warnings(of: record, statistics), labelKind: rows.labels.kind,
      weighting: rows.weighting, options: options, objective: objective,
      rowWeights: rows.rowWeights, usedRows: rows.usedRows, training: record)
  }

  private func warnings(_ point: [Double]) -> [FitWarning] {
    var result: [FitWarning] = []
    let own = Array(point[model.parameterCount...])
    if let boundary = likelihood.boundary(of: own) { result.append(.boundary(boundary)) }
    if let caution = likelihood.caution { result.append(.caution(caution)) }
    return result
  }

  /// What training left undone.
  private func warnings(of record: TrainingRecord, _ statistics: FitStatistics) -> [FitWarning] {
    var result: [FitWarning] = []
    if record.bestEpoch == 0, !record.history.isEmpty {
      result.append(.startWasBest)
    }
    let weight = statistics.totalWeight
    let loss = (statistics.logLikelihoodConstant - statistics.logLikelihood) / weight
    let null = (statistics.logLikelihoodConstant - statistics.nullLogLikelihood) / weight
    // Without weights there is no penalty: an objective above that one is far from any optimum.
    if statistics.objective > null, statistics.objective - loss > max(loss.magnitude, 1) {
      result.append(.priorOutweighsLabels(zeroObjective: null))
    }
    return result
  }

  private func statistics<P: Prior>(
    _ solution: Solution, _ objective: NegativeLogPosterior<PerceptronLogits, L, P>
  ) -> FitStatistics {
    let masses = (0..<rows.labels.rowCount).map { rows.rowWeights[$0] }
    let summary = objective.predictionSummary(
      at: solution.point, labels: rows.labels, rowWeights: masses)
    let constant = SummationTree.sum(ofRows: rows.labels.rowCount) {
      rows.weights[$0] * likelihood.logConstant(of: rows.observations, row: $0)
    }
    var slopes = [Double](repeating: 0, count: objective.dimension)
    let penalty = objective.addPenalty(at: solution.point, to: &slopes)
    // Not the objective less its penalty: under a strong prior nothing would be left of it.
    let values = objective.rowLogLikelihoods(at: solution.point)
    let kernel = SummationTree.sum(ofRows: values.count) { rows.weights[$0] * values[$0] }
    let null = rows.nullFit(likelihood, masses: masses)
    let normalizer = objective.prior.logNormalizer(
      count: objective.model.weights.count, totalWeight: objective.totalWeight)
    return FitStatistics(
      rowCount: rows.observationCount, totalWeight: objective.totalWeight,
      objective: solution.value, crossEntropy: summary.crossEntropy / summary.mass,
      labelEntropy: summary.entropy / summary.mass, divergence: summary.divergence / summary.mass,
      nullCrossEntropy: null.crossEntropy, logLikelihood: kernel + constant,
      logLikelihoodConstant: constant, nullLogLikelihood: null.logLikelihood + constant,
      logPosterior: kernel + constant - penalty + normalizer, degreesOfFreedom: nil,
      criteria: .unavailable(reason: .network),
      gradientNorm: solution.gradientNorm, standardizedGradientNorm: solution.gradientNorm,
      gapBound: nil, gapEstimate: nil,
      dataChecksum: DataChecksum(
        labels: rows.labels, weights: rows.rowWeights, offsets: rows.offsets
      ).value)
  }
}
