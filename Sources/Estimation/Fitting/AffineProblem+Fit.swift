import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension AffineProblem {
  /// The fit for a solution, with its optimality gap and statistics.
  ///
  /// `informationPenalty` is the contribution of a penalty on the information to the objective, in
  /// nats; nil if there is none. During the search for separating directions `observer` is called
  /// repeatedly with the last step, and may end the search.
  func fit<P: Prior>(
    _ run: AffineMinimization.Run, optima: [Double], informationPenalty: Double? = nil,
    of objective: AffineObjective<L, P>, observing observer: Observer?
  ) -> Fit<LinearPredictor, L, P> {
    var certified = OptimalityGap.certify(run.solution, of: objective)
    let isPenalized = informationPenalty != nil || objective.prior.guaranteesMaximum
    var (status, undecided) = status(
      of: certified.solution, objective, hasMaximum: isPenalized, observing: observer)
    let precision = precision(
      of: certified, objective, status, isPenalized: informationPenalty != nil)
    if let precise = precision.certified {
      (certified, status, undecided) = (precise, .converged, [])
    } else {
      certified.rounding = precision.gap
    }
    certified.isAtRisk = precision.rounding?.isAtRisk ?? false
    let statistics = statistics(
      of: certified, objective, status: status, informationPenalty: informationPenalty)
    var fit = Fit(
      classifier: classifier(at: certified.solution.point),
      likelihood: objective.likelihood, prior: objective.prior, solution: certified.solution,
      solvers: run.solvers + (precision.certified == nil ? [] : ["newton (double-double)"]),
      setUpPasses: run.setUpPasses, status: status,
      aliased: data.columns.aliased.map { $0.unstandardized(data.standardization) },
      kept: data.columns.kept,
      statistics: statistics,
      warnings: data.warnings + undecided + precision.warnings
        + likelihoodWarnings(certified.solution, optima, objective),
      labelKind: data.labels.kind, weighting: data.weighting,
      options: options, objective: objective, rowWeights: data.rowWeights,
      usedRows: data.usedRows)
    fit.preciseObjective = precision.objective
    fit.rounding = precision.objective == nil ? precision.rounding : nil
    if informationPenalty != nil { fit.informationPenalty = .jeffreys }
    return fit
  }

  /// The status of the fit. A small gradient alone does not prove a maximum: if the prior is flat
  /// and some labels exclude classes, the likelihood may still increase along some direction.
  private func status<P: Prior>(
    of solution: Solution, _ objective: AffineObjective<L, P>, hasMaximum: Bool,
    observing observer: Observer?
  ) -> (FitStatus, [FitWarning]) {
    let plain: FitStatus =
      solution.isConverged ? .converged : .notConverged(solution.termination)
    let wasStopped = solution.termination == .cancelled || solution.termination == .notFinite
    guard !hasMaximum, objective.likelihood.limit != .unknown, !wasStopped else {
      return (plain, [])
    }
    let isMixture = objective.likelihood.limit == .mixture
    if !isMixture, RecessionCone.hasFullSupport(data.labels) { return (plain, []) }
    guard let examined = data.features.inFull else {
      return (plain, [.existenceUndecided(.sparseFeatures)])
    }
    var cone = recessionCone(examined)
    if let observer {
      let last = SolverProgress(solution)
      cone.isCancelled = { !observer(last) }
    }
    let guesses = [solution.lastStep, solution.point]
      .filter { $0.count >= model.parameterCount }.map { Array($0[..<model.parameterCount]) }
    let needsFitted = solution.isConverged || isMixture
    let fitted = needsFitted ? objective.fittedProbabilities(at: solution.point) : nil
    let existence =
      isMixture
      ? cone.searchMixture(
        data.mixtureTerms(auxiliary: Array(solution.point[model.parameterCount...])),
        areEstimated: objective.auxiliaryCount > 0, directions: guesses, fitted: fitted)
      : crossChecked(cone.search(directions: guesses, fitted: fitted), in: cone)
    switch existence {
    case .attained: return (plain, [])
    case .separated(let separation): return (.separated(separation), [])
    case .undecided(let reason):
      let isSure = !isMixture || !plain.isConverged || isLocalMaximum(solution, objective)
      return (isSure ? plain : .notConverged(.notDecided), [.existenceUndecided(reason)])
    }
  }

  /// The directions along which the likelihood never decreases; all rows have positive weight.
  func recessionCone(_ features: BlockedMatrix) -> RecessionCone {
    var cone = RecessionCone(
      features: features, labels: data.labels,
      weights: (0..<data.labels.rowCount).map { data.rowWeights[$0] },
      includesIntercept: hasIntercept, threads: options.threads)
    cone.exact = data.given.map {
      ExactFeatures(
        given: $0, kept: data.columns.kept,
        standardization: data.standardization.selecting(data.columns.kept))
    }
    return cone
  }

  /// Whether the solution is close to a finite local maximum: the observed information is positive
  /// definite, and a Newton step changes no logit or auxiliary parameter by more than a hundredth,
  /// so the information is almost constant over the step. If parameters tend to infinity the
  /// gradient vanishes too, but no faster than the information, and the Newton step stays about 1.
  private func isLocalMaximum<P: Prior>(
    _ solution: Solution, _ objective: AffineObjective<L, P>
  ) -> Bool {
    let free = objective.freePositions(reference: 0)
    guard free.count <= AffineMinimization.largestMatrix else { return true }
    let information = objective.information(.observed, at: solution.point).restricted(to: free)
    guard let factor = Cholesky(information, tolerance: 1e-10) else { return false }
    var step = [Double](repeating: 0, count: objective.dimension)
    let slopes = free.map { -solution.gradient[$0] * objective.totalWeight }
    for (position, change) in zip(free, factor.solve(slopes)) { step[position] = change }
    guard step.isFinite else { return false }
    let largest = (0..<data.features.rowCount).reduce(0.0) { largest, row in
      let features = data.features.row(row)
      return (0..<model.classCount).reduce(largest) { largest, unit in
        var sum = hasIntercept ? step[model.weights.upperBound + unit] : 0
        for (column, value) in features.enumerated() {
          sum += value * step[model.weight(class: unit, feature: column)]
        }
        return max(largest, sum.magnitude)
      }
    }
    return max(largest, Array(step[model.parameterCount...]).infinityNorm) <= 1e-2
  }

  /// Checks a separation whose ties hold only up to rounding by the linear program without the
  /// fit's candidate directions. If the program also finds a separation, it is confirmed; if it
  /// proves existence, that is the result; otherwise the result is undecided.
  private func crossChecked(_ found: Existence, in cone: RecessionCone) -> Existence {
    guard case .separated(let separation) = found, !separation.isRigorous else { return found }
    switch cone.search() {
    case .separated: return found
    case .attained(let proof): return .attained(proof)
    case .undecided: return .undecided(.precision)
    }
  }

  /// The model over all D columns: aliased ones have weight zero.
  func classifier(at point: [Double]) -> ModelClassifier<LinearPredictor> {
    let full = LinearPredictor(
      featureCount: data.encoding.columnCount, classCount: data.labels.classCount,
      hasIntercept: hasIntercept)
    var parameters = [Double](repeating: 0, count: full.weights.count)
    for unit in 0..<data.labels.classCount {
      for (index, column) in data.columns.kept.enumerated() {
        parameters[full.weight(class: unit, feature: column)] =
          point[model.weight(class: unit, feature: index)]
      }
    }
    parameters += point[model.weights.upperBound...]
    return ModelClassifier(
      model: full, parameters: parameters, likelihood: data.likelihood, encoding: data.encoding,
      standardization: data.standardization, classNames: data.classNames,
      usesOffsets: data.offsets != nil)
  }

  /// Warnings about boundary optima and several optima, and the caution of the likelihood.
  private func likelihoodWarnings<P: Prior>(
    _ solution: Solution, _ optima: [Double],
    _ objective: AffineObjective<L, P>
  ) -> [FitWarning] {
    let auxiliary = Array(solution.point.suffix(objective.auxiliaryCount))
    var result: [FitWarning] = []
    if let boundary = objective.likelihood.boundary(of: auxiliary) {
      result.append(.boundary(boundary))
    }
    if optima.count > 1 { result.append(.severalOptima(optima)) }
    if let caution = objective.likelihood.caution { result.append(.caution(caution)) }
    return result
  }

  // MARK: Statistics

  private func statistics<P: Prior>(
    of certified: OptimalityGap, _ objective: AffineObjective<L, P>,
    status: FitStatus, informationPenalty: Double?
  ) -> FitStatistics {
    let solution = certified.solution
    let summary = data.predictionSummary(of: objective, at: solution.point)
    let constant = data.logConstant
    var slopes = [Double](repeating: 0, count: objective.dimension)
    let penalty = objective.addPenalty(at: solution.point, to: &slopes) + (informationPenalty ?? 0)
    let kernel = penalty - solution.value * objective.totalWeight
    let null = data.nullFit(threads: options.threads)
    let normalizer = objective.prior.logNormalizer(
      count: model.weights.count, totalWeight: objective.totalWeight)
    let columns = data.columns
    let freedom =
      objective.prior.isProper || !columns.knowsRank
      ? nil : (data.labels.classCount - 1) * columns.rank + objective.auxiliaryCount
    let isFlat = !objective.prior.isProper && informationPenalty == nil
    let noise =
      status.isConverged
      ? labelNoise(
        of: objective, at: solution.point, freedom: freedom,
        isPenalized: informationPenalty != nil, mayRefit: !certified.isAtRisk) : nil
    return FitStatistics(
      rowCount: data.observationCount, totalWeight: objective.totalWeight,
      objective: solution.value, crossEntropy: summary.crossEntropy / summary.weight,
      labelEntropy: summary.entropy / summary.weight,
      divergence: summary.divergence / summary.weight, nullCrossEntropy: null.crossEntropy,
      logLikelihood: kernel + constant, logLikelihoodConstant: constant,
      nullLogLikelihood: null.logLikelihood + constant,
      logPosterior: kernel + constant - penalty + normalizer, degreesOfFreedom: freedom,
      criteria: criteria(kernel + constant, freedom, objective.totalWeight, status, isFlat: isFlat),
      gradientNorm: AffineMap(model, data.standardization.selecting(columns.kept))
        .userGradient(of: solution.gradient).infinityNorm,
      standardizedGradientNorm: solution.gradientNorm,
      gapBound: certified.bound,
      gapEstimate: status.isConverged ? certified.estimate : nil, dataChecksum: data.checksum,
      labelNoise: noise,
      pearson: status.isConverged ? pearson(of: objective, at: solution.point) : nil)
  }

  func criteria(
    _ logLikelihood: Double, _ freedom: Int?, _ totalWeight: Double, _ status: FitStatus,
    isFlat: Bool
  ) -> FitStatistics.Criteria {
    CriteriaAvailability(
      isFlat: isFlat, knowsRank: data.columns.knowsRank,
      hasImportanceWeights: data.weighting == .importance,
      isQuasi: data.likelihood.isQuasiLikelihood(of: data.responses),
      isConverged: status.isConverged
    ).criteria(logLikelihood: logLikelihood, freedom: freedom, observations: totalWeight)
  }
}
