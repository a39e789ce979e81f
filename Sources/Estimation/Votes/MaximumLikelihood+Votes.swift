import RealModule
import SurprisalAnnotation
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// The results of a joint fit of features and votes other than the coefficients.
public struct JointVotes: Sendable {
  /// The annotators, and the posteriors of the rows of the fit given features and votes.
  public let aggregation: Aggregation
  /// The correction of information and scores of the coefficients for the estimation of the
  /// annotators; nil if there are too many parameters, or the votes do not determine them.
  package let coupling: AnnotatorCoupling?
  /// Whether there are too many parameters for standard errors.
  package let isTooLarge: Bool

  /// A short description of the labels, for reports.
  var interpretation: String {
    let (votes, count) = (aggregation.votes.count, aggregation.votes.annotatorCount)
    return "\(votes) votes of \(count) \(count == 1 ? "annotator" : "annotators"), "
      + "\(count == 1 ? "with" : "each with") a confusion matrix that is fitted too"
  }
}

extension MaximumLikelihood where Family == SoftmaxRegression, L == Evidence {
  /// Fits coefficients θ and a confusion matrix T for each annotator to the votes on the rows.
  ///
  /// The class of row i is drawn from softmax(f(xᵢ; θ)), each vote on it from the row of T of this
  /// class, independently. What is maximised is the penalised marginal log-likelihood
  ///
  ///     Σᵢ wᵢ log Σₖ qₖ(xᵢ; θ) Π_votes T[annotator][k, vote] + Σ α log T - penalty(θ)
  ///
  /// with pseudo-counts α. `votes` has an item for each row of `data`, in the same order, and its
  /// classes; the labels of `data` are not used. A row without votes adds nothing to the
  /// likelihood, but counts as a row. The result is a fit of evidence, the likelihood of
  /// the votes given the estimated T; `Fit.votes` has the annotators. Degrees of freedom and
  /// criteria count their parameters.
  ///
  /// Throws `DatasetError` as other fits do, `.rowMismatch` if the numbers of items and rows or of
  /// classes differ, and `.label(.neverVoted)` for classes without votes.
  public func fit(
    _ data: consuming Dataset, votes: Votes, pseudoCounts: PseudoCounts = PseudoCounts(),
    observing observer: Observer? = nil
  ) throws(DatasetError) -> Fit<LinearPredictor, Evidence, P> {
    let counts = [
      ("items of the votes", data.rowCount, votes.itemCount),
      ("classes of the votes", data.classCount, votes.classCount),
    ]
    for (what, expected, found) in counts where expected != found {
      throw .rowMismatch(what: what, expected: expected, found: found)
    }
    data = try data.labelled(by: votes)
    let problem = try AffineProblem(
      consume data, hasIntercept: family.hasIntercept, likelihood: likelihood,
      keepsDependentColumns: prior.isProper, options: options)
    let used = problem.data.usedRows.map { votes.selecting(items: $0) } ?? votes
    try problem.data.requireVotes(used)
    let joint = JointData(
      plain: problem.objective(prior),
      votes: VoteLikelihood(
        used, isOneCoin: false, pseudoCounts: pseudoCounts, reducer: options.threads))
    return try problem.fit(joint, observing: observer)
  }
}

extension Dataset {
  /// The same rows with labels without information, until the annotators are known.
  fileprivate consuming func labelled(by votes: Votes) throws(DatasetError) -> Dataset {
    let (rows, classes) = (rowCount, votes.classCount)
    do throws(LabelError) {
      let evidence = try ClassEvidence(
        logarithms: BlockedMatrix(rowCount: rows, columnCount: classes))
      return replacing(labels: .evidence(evidence), weights: weights)
    } catch {
      throw .label(error)
    }
  }
}

extension PreparedData {
  /// Throws for classes that nobody voted for.
  fileprivate func requireVotes(_ votes: Votes) throws(DatasetError) {
    let counts = votes.counts
    let absent = (0..<votes.classCount).filter { k in
      stride(from: k, to: counts.count, by: votes.classCount).allSatisfy { counts[$0] == 0 }
    }
    if !absent.isEmpty { throw .label(.neverVoted(classes: absent)) }
  }
}

extension AffineProblem where L == Evidence {
  /// The fit at the best maximum that the starts lead to.
  fileprivate func fit<P: Prior>(
    _ joint: JointData<P>, observing observer: Observer?
  ) throws(DatasetError) -> Fit<LinearPredictor, Evidence, P> {
    let votes = joint.votes.votes
    let shares = Aggregation.shares(
      of: votes.counts, classCount: votes.classCount, ofWinners: false
    ).shares
    let search = JointSearch(
      data: joint, options: options, start: start, shares: shares, observer: observer)
    guard let (found, optima) = search.run() else { throw .noRows }
    let state = found.state
    var solution = found.solution
    let thetaCount = joint.plain.dimension
    (solution.point, solution.gradient) = (state.theta, state.gradient)
    (solution.gradientNorm, solution.value) = (
      max(state.gradient.infinityNorm, found.solution.gradientNorm), state.objective.value(state)
    )
    solution.lastStep = Array(solution.lastStep.prefix(thetaCount))
    let own = replacing(state.objective)
    var fit = own.fit(
      AffineMinimization.Run(solution: solution, solvers: ["em", found.solver]), optima: optima,
      of: state.objective, observing: observer)
    fit.preciseObjective = nil
    fit.votes = JointVotes(joint, found, freedom: fit.statistics.degreesOfFreedom)
    addVotes(joint, found, to: &fit)
    return fit
  }

  /// The same data with the evidence that the annotators give.
  private func replacing<P: Prior>(_ objective: AffineObjective<Evidence, P>) -> AffineProblem {
    AffineProblem(
      data: data.replacing(
        labels: .evidence(objective.responses), responses: objective.responses),
      hasIntercept: hasIntercept, options: options)
  }

  /// Corrects the statistics: the annotators are estimated too.
  private func addVotes<P: Prior>(
    _ joint: JointData<P>, _ found: JointSearch<P>.Found,
    to fit: inout Fit<LinearPredictor, Evidence, P>
  ) {
    let own = joint.votes.freeProbabilityCount
    var statistics = fit.statistics
    let hasPseudoCounts = !joint.votes.pseudoCounts.areZero
    // No part of the likelihood of votes is a constant: T is estimated.
    statistics.logLikelihoodConstant = 0
    statistics.objective = found.state.value
    statistics.logPosterior += joint.votes.logDensity(of: found.state.table)
    statistics.degreesOfFreedom = statistics.degreesOfFreedom.map { $0 + own }
    statistics.dataChecksum = data.checksum(of: joint.votes.votes)
    if let null = nullLogLikelihood(joint, found) { statistics.nullLogLikelihood = null }
    statistics.criteria =
      hasPseudoCounts
      ? .unavailable(reason: .prior)
      : criteria(
        statistics.logLikelihood, statistics.degreesOfFreedom, statistics.totalWeight, fit.status,
        isFlat: !joint.plain.prior.isProper)
    fit.statistics = statistics
  }

  /// The log-likelihood of the fit without features: that of Dawid and Skene's model.
  private func nullLogLikelihood<P: Prior>(
    _ joint: JointData<P>, _ found: JointSearch<P>.Found
  ) -> Double? {
    let model = LinearPredictor(
      featureCount: 0, classCount: joint.classCount, hasIntercept: true)
    let plain = AffineObjective<Evidence, FlatPrior>(
      model: model, likelihood: Evidence(), prior: FlatPrior(),
      features: BlockedMatrix(rowCount: joint.rowCount, columnCount: 0),
      responses: joint.plain.responses, offsets: joint.plain.offsets,
      weights: joint.plain.weights, priorScales: [], threads: joint.plain.threads)
    var options = options
    options.restarts = 0
    let null = JointSearch<FlatPrior>(
      data: JointData<FlatPrior>(plain: plain, votes: joint.votes), options: options,
      start: data.nullStart, shares: found.state.posterior
    ).run()
    return null.map {
      -$0.best.state.value * plain.totalWeight - joint.votes.logDensity(of: $0.best.state.table)
    }
  }
}

extension VoteLikelihood {
  /// C (C - 1) an annotator.
  fileprivate var freeProbabilityCount: Int {
    votes.annotatorCount * classCount * (classCount - 1)
  }
}

extension JointVotes {
  fileprivate init<P: Prior>(
    _ data: JointData<P>, _ found: JointSearch<P>.Found, freedom: Int?
  ) {
    let state = found.state
    let joint = JointObjective(
      data, table: state.table, counts: state.counts, least: VoteParameters.leastVotes)
    isTooLarge =
      joint.parameters.count > VoteUncertainty.mostParameters
      || joint.thetaCount > VoteUncertainty.mostParameters
      || joint.work > VoteUncertainty.mostWork
    coupling = isTooLarge ? nil : AnnotatorCoupling(joint, state)
    let prior = data.meanPrediction(state)
    let kernel = -state.value * data.plain.totalWeight
    aggregation = Aggregation(
      data.votes,
      VoteModel(
        classPrior: prior, table: state.table, expectedVotes: state.counts,
        logLikelihood: kernel - data.votes.logDensity(of: state.table) + data.penalty(state),
        value: kernel, parameterCount: (freedom ?? 0) + data.votes.freeProbabilityCount,
        gradient: found.solution.gradientNorm * data.plain.totalWeight,
        iterations: found.solution.iterations, hasConverged: found.solution.isConverged,
        values: found.values.map { -$0 * data.plain.totalWeight }, isSwitched: found.isSwitched),
      posterior: state.posterior,
      uncertainty: isTooLarge ? nil : Self.uncertainty(joint, state, prior))
  }

  private static func uncertainty<P: Prior>(
    _ joint: JointObjective<P>, _ state: JointState<P>, _ prior: [Double]
  ) -> VoteUncertainty? {
    guard joint.parameters.count > 0,
      var matrix = joint.hessian(at: joint.point(theta: state.theta))
    else { return nil }
    matrix.elements.scale(by: joint.data.plain.totalWeight)
    guard let inverse = Cholesky(matrix, tolerance: 1e-9)?.inverse else { return nil }
    return joint.data.votes.uncertainty(
      of: state.table, prior: prior, counts: state.counts, parameters: joint.parameters,
      covariance: inverse.restricted(to: Array(joint.thetaCount..<joint.dimension)))
  }
}

extension JointData {
  /// The mean over rows of the probabilities that the features give.
  fileprivate func meanPrediction(_ state: JointState<P>) -> [Double] {
    let fitted = state.objective.fittedProbabilities(at: state.theta)
    return (0..<classCount).map { k in
      SummationTree.sum(ofRows: rowCount) { plain.weights[$0] * fitted.values[$0, k] }
        / plain.totalWeight
    }
  }

  fileprivate func penalty(_ state: JointState<P>) -> Double {
    var slopes = [Double](repeating: 0, count: plain.dimension)
    return plain.addPenalty(at: state.theta, to: &slopes)
  }
}

extension NegativeLogPosterior where M == LinearPredictor, L == Evidence {
  /// The objective at a state without the constants of its evidence.
  fileprivate func value(_ state: JointState<P>) -> Double {
    var gradient: [Double] = []
    return evaluate(at: state.theta, gradient: &gradient)
  }
}
