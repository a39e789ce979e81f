import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension NetworkProblem {
  /// The fit for an outcome, with its statistics.
  func fit<P: Prior>(
    _ outcome: NetworkTraining<L, P>.Outcome, _ record: TrainingRecord,
    of objective: NetworkObjective<L, P>
  ) -> Fit<PerceptronLogits, L, P> {
    let status: FitStatus =
      switch outcome.solution.termination {
      case .converged: .converged
      case .epochsDone, .earlyStopping, .lossSettled: .trained(outcome.solution.termination)
      case .cancelled, .diverged, .iterationLimit, .noProgress, .notDecided, .notFinite,
        .stepsDone:
        .notConverged(outcome.solution.termination)
      }
    let classifier = ModelClassifier(
      model: objective.model, parameters: outcome.solution.point, likelihood: data.likelihood,
      encoding: data.encoding, standardization: data.standardization,
      classNames: data.classNames, usesOffsets: data.offsets != nil)
    let statistics = statistics(outcome.solution, objective)
    return Fit(
      classifier: classifier, likelihood: data.likelihood, prior: objective.prior,
      solution: outcome.solution, solvers: [outcome.solver], setUpPasses: 0, status: status,
      aliased: [], kept: data.columns.kept, statistics: statistics,
      warnings: data.warnings + warnings(outcome.solution.point)
        + warnings(of: record, statistics), labelKind: data.labels.kind,
      weighting: data.weighting, options: options, objective: objective,
      rowWeights: data.rowWeights, usedRows: data.usedRows, training: record)
  }

  private func warnings(_ point: [Double]) -> [FitWarning] {
    var result: [FitWarning] = []
    let auxiliary = Array(point[model.parameterCount...])
    if let boundary = data.likelihood.boundary(of: auxiliary) { result.append(.boundary(boundary)) }
    if let caution = data.likelihood.caution { result.append(.caution(caution)) }
    return result
  }

  /// Warnings about incomplete training.
  private func warnings(of record: TrainingRecord, _ statistics: FitStatistics) -> [FitWarning] {
    var result: [FitWarning] = []
    if record.bestEpoch == 0, !record.history.isEmpty {
      result.append(.startWasBest)
    }
    let weight = statistics.totalWeight
    let loss = (statistics.logLikelihoodConstant - statistics.logLikelihood) / weight
    let null = (statistics.logLikelihoodConstant - statistics.nullLogLikelihood) / weight
    // With zero weights there is no penalty: an objective above that one is far from any optimum.
    if statistics.objective > null, statistics.objective - loss > max(loss.magnitude, 1) {
      result.append(.priorOutweighsLabels(zeroObjective: null))
    }
    return result
  }

  private func statistics<P: Prior>(
    _ solution: Solution, _ objective: NetworkObjective<L, P>
  ) -> FitStatistics {
    let summary = data.predictionSummary(of: objective, at: solution.point)
    let constant = data.logConstant
    var slopes = [Double](repeating: 0, count: objective.dimension)
    let penalty = objective.addPenalty(at: solution.point, to: &slopes)
    // Not the objective less its penalty: under a strong prior that difference has no digits.
    let values = objective.rowLogLikelihoods(at: solution.point)
    let kernel = SummationTree.sum(ofRows: values.count) { data.weights[$0] * values[$0] }
    let null = data.nullFit(threads: options.threads)
    let normalizer = objective.prior.logNormalizer(
      count: objective.model.weights.count, totalWeight: objective.totalWeight)
    return FitStatistics(
      rowCount: data.observationCount, totalWeight: objective.totalWeight,
      objective: solution.value, crossEntropy: summary.crossEntropy / summary.weight,
      labelEntropy: summary.entropy / summary.weight,
      divergence: summary.divergence / summary.weight,
      nullCrossEntropy: null.crossEntropy, logLikelihood: kernel + constant,
      logLikelihoodConstant: constant, nullLogLikelihood: null.logLikelihood + constant,
      logPosterior: kernel + constant - penalty + normalizer, degreesOfFreedom: nil,
      criteria: .unavailable(reason: .network),
      gradientNorm: solution.gradientNorm, standardizedGradientNorm: solution.gradientNorm,
      gapBound: nil, gapEstimate: nil,
      dataChecksum: data.checksum)
  }
}
