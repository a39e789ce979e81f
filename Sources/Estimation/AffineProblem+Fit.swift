import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension AffineProblem {
  /// What a solution says, with its optimality gap and statistics.
  ///
  /// `informationPenalty` is what a prior on the information adds to the objective, in nats.
  func fit<P: Prior>(
    _ run: AffineMinimization.Run, optima: [Double], informationPenalty: Double = 0,
    of objective: NegativeLogPosterior<AffineLogits, L, P>
  ) -> Fit<AffineLogits, L, P> {
    let certified = OptimalityGap.certify(run.solution, of: objective)
    let (status, undecided) = status(of: certified.solution, objective)
    let statistics = statistics(
      of: certified, objective, status: status, informationPenalty: informationPenalty)
    return Fit(
      classifier: classifier(at: certified.solution.point, objective.likelihood),
      likelihood: objective.likelihood, prior: objective.prior, solution: certified.solution,
      solvers: run.solvers, setUpPasses: run.setUpPasses, status: status,
      aliased: aliased.map { $0.unstandardized(standardization) }, kept: kept,
      statistics: statistics,
      warnings: warnings() + undecided + likelihoodWarnings(certified.solution, optima, objective),
      labelKind: labels.kind, weighting: weighting,
      options: options, objective: objective, rowWeights: rowWeights, usedRows: usedRows)
  }

  /// A small gradient alone does not mean that there is a maximum: where the prior is flat and
  /// labels leave classes out, the likelihood may still be rising along some direction.
  private func status<P: Prior>(
    of solution: Solution, _ objective: NegativeLogPosterior<AffineLogits, L, P>
  ) -> (FitStatus, [FitWarning]) {
    let plain: FitStatus =
      solution.isConverged ? .converged : .notConverged(solution.termination)
    let wasStopped = solution.termination == .cancelled || solution.termination == .notFinite
    guard !objective.prior.guaranteesMaximum, objective.likelihood.followsSupport, !wasStopped
    else {
      return (plain, [])
    }
    if RecessionCone.hasFullSupport(labels) { return (plain, []) }
    guard let examined = features.inFull else {
      return (plain, [.existenceUndecided(.sparseFeatures)])
    }
    let cone = RecessionCone(
      features: examined, labels: labels,
      weights: (0..<labels.rowCount).map { rowWeights[$0] }, includesIntercept: hasIntercept,
      threads: options.threads)
    let guesses = [solution.lastStep, solution.point]
      .filter { $0.count >= model.parameterCount }.map { Array($0[..<model.parameterCount]) }
    let fitted = solution.isConverged ? objective.fittedProbabilities(at: solution.point) : nil
    switch crossChecked(cone.search(directions: guesses, fitted: fitted), in: cone) {
    case .attained: return (plain, [])
    case .separated(let separation): return (.separated(separation), [])
    case .undecided(let reason): return (plain, [.existenceUndecided(reason)])
    }
  }

  /// A separation in which ties hold only up to rounding needs a second witness: the linear program
  /// without the guesses that the fit made. If it proves the opposite, it is right; if the two
  /// cannot agree, nothing is claimed.
  private func crossChecked(_ found: Existence, in cone: RecessionCone) -> Existence {
    guard case .separated(let separation) = found, !separation.isRigorous else { return found }
    switch cone.search() {
    case .separated: return found
    case .attained(let proof): return .attained(proof)
    case .undecided: return .undecided(.precision)
    }
  }

  var weighting: FitRecord.Weighting {
    switch rowWeights {
    case .uniform: .uniform
    case .importance: .importance
    case .frequency: .frequency
    }
  }

  /// The model over all D columns: aliased ones have weight zero.
  func classifier(at point: [Double], _ likelihood: L) -> ModelClassifier<AffineLogits> {
    let full = AffineLogits(
      featureCount: encoding.columnCount, classCount: labels.classCount,
      hasIntercept: hasIntercept)
    var parameters = [Double](repeating: 0, count: full.weights.count)
    for unit in 0..<labels.classCount {
      for (index, column) in kept.enumerated() {
        parameters[full.weight(class: unit, feature: column)] =
          point[model.weight(class: unit, feature: index)]
      }
    }
    parameters += point[model.weights.upperBound...]
    return ModelClassifier(
      model: full, parameters: parameters, likelihood: likelihood, encoding: encoding,
      standardization: standardization, classNames: classNames, usesOffsets: offsets != nil)
  }

  func warnings() -> [FitWarning] {
    var result: [FitWarning] = []
    if !aliased.isEmpty { result.append(.rankDeficient(rankDeficiency)) }
    if !knowsRank { result.append(.rankUnexamined) }
    guard labels.kind == .classes || labels.kind == .counts else { return result }
    for (index, logit) in initialLogits.enumerated() where Double.exp(logit) <= 1 {
      result.append(.rareClass(name: classNames[index], weight: Double.exp(logit)))
    }
    return result
  }

  private var rankDeficiency: RankDeficiency {
    let names = encoding.columnNames
    return RankDeficiency(
      rank: rank, columnCount: encoding.columnCount + (hasIntercept ? 1 : 0),
      rowCount: observationCount, aliasedCount: aliased.count,
      equations: aliased.prefix(5).map {
        $0.unstandardized(standardization).equation(columnNames: names)
      })
  }

  /// Boundary optima, several optima, and what the likelihood itself says.
  private func likelihoodWarnings<P: Prior>(
    _ solution: Solution, _ optima: [Double],
    _ objective: NegativeLogPosterior<AffineLogits, L, P>
  ) -> [FitWarning] {
    let own = Array(solution.point.suffix(objective.ownParameterCount))
    var result: [FitWarning] = []
    if let boundary = objective.likelihood.boundary(of: own) { result.append(.boundary(boundary)) }
    if optima.count > 1 { result.append(.severalOptima(optima)) }
    if let caution = objective.likelihood.caution { result.append(.caution(caution)) }
    return result
  }

  // MARK: Statistics

  private func statistics<P: Prior>(
    of certified: OptimalityGap, _ objective: NegativeLogPosterior<AffineLogits, L, P>,
    status: FitStatus, informationPenalty: Double
  ) -> FitStatistics {
    let solution = certified.solution
    let masses = (0..<labels.rowCount).map { rowWeights[$0] }
    let summary = objective.predictionSummary(
      at: solution.point, labels: labels, rowWeights: masses)
    let constant = SummationTree.sum(ofRows: labels.rowCount) {
      weights[$0] * objective.likelihood.logConstant(of: observations, row: $0)
    }
    var slopes = [Double](repeating: 0, count: objective.dimension)
    let penalty = objective.addPenalty(at: solution.point, to: &slopes) + informationPenalty
    let kernel = penalty - solution.value * objective.totalWeight
    let null = nullFit(objective.likelihood, masses: masses)
    let normalizer = objective.prior.logNormalizer(
      count: model.weights.count, totalWeight: objective.totalWeight)
    let freedom =
      objective.prior.isProper || !knowsRank
      ? nil : (labels.classCount - 1) * rank + objective.ownParameterCount
    return FitStatistics(
      rowCount: observationCount, totalWeight: objective.totalWeight, objective: solution.value,
      crossEntropy: summary.crossEntropy / summary.mass,
      labelEntropy: summary.entropy / summary.mass,
      divergence: summary.divergence / summary.mass, nullCrossEntropy: null.crossEntropy,
      logLikelihood: kernel + constant, logLikelihoodConstant: constant,
      nullLogLikelihood: null.logLikelihood + constant,
      logPosterior: kernel + constant - penalty + normalizer, degreesOfFreedom: freedom,
      criteria: criteria(kernel + constant, freedom, objective, status),
      gradientNorm: AffineMap(model, standardization.selecting(kept))
        .userGradient(of: solution.gradient).infinityNorm,
      standardizedGradientNorm: solution.gradientNorm, gapBound: certified.gapBound,
      gapEstimate: status.isConverged ? gapEstimate(certified) : nil,
      dataChecksum: DataChecksum(labels: labels, weights: rowWeights, offsets: offsets).value)
  }

  /// Half the squared decrement, of the last iterate where it was computed: no less than that of the
  /// solution, and no more than what is certain.
  private func gapEstimate(_ certified: OptimalityGap) -> Double? {
    certified.solution.squaredDecrement.map { min($0 / 2, certified.gapBound ?? .infinity) }
  }

  /// Rows, or the sum of frequencies.
  var observationCount: Double {
    if case .frequency(let values) = rowWeights { return values.reduce(0, +) }
    return Double(labels.rowCount)
  }

  func nullFit(
    _ likelihood: L, masses: [Double]
  ) -> (crossEntropy: Double, logLikelihood: Double) {
    let objective = nullObjective(likelihood)
    let solution = AffineMinimization(options: FitOptions(threads: options.threads)).run(
      objective, from: nullStart(likelihood), observing: nil
    ).solution
    let summary = objective.predictionSummary(
      at: solution.point, labels: labels, rowWeights: masses)
    return (summary.crossEntropy / summary.mass, -solution.value * objective.totalWeight)
  }

  private func criteria<P: Prior>(
    _ logLikelihood: Double, _ freedom: Int?,
    _ objective: NegativeLogPosterior<AffineLogits, L, P>, _ status: FitStatus
  ) -> FitStatistics.Criteria {
    CriteriaAvailability(
      isFlat: !objective.prior.isProper && !objective.prior.usesInformation,
      knowsRank: knowsRank, hasImportanceWeights: weighting == .importance,
      isQuasi: objective.likelihood.isQuasiLikelihood(of: observations),
      isConverged: status.isConverged
    ).criteria(
      logLikelihood: logLikelihood, freedom: freedom, observations: objective.totalWeight)
  }
}
