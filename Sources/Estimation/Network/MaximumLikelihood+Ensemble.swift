import SurprisalDatasets
import SurprisalEvaluation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

/// One or several trained networks and the record of their training.
public struct NetworkFit: Sendable {
  /// The classifier.
  public let classifier: NetworkClassifier
  /// The values for a summary.
  public let record: FitRecord
}

extension MaximumLikelihood where Family == MultilayerPerceptron {
  /// Trains `members` networks that differ in their seeds, and averages their predictions.
  ///
  /// Equal rows count as one with the sum of their weights, and their order does not matter: see
  /// `fit`. The first network has the seed of the options; those of the others are derived from it.
  /// All are trained and validated on the same rows. In the record of an ensemble the cross
  /// entropies are those of the averaged predictions, and so is the log-likelihood if it is a
  /// function of them; objective and log posterior are means over the members, as a notice
  /// explains, and `validation` is that of the averaged predictions, which is not worse than the
  /// mean over the members. If a member diverged, the termination of the ensemble is divergence.
  /// An observer that stops one member stops the rest.
  ///
  /// `groups` has an identifier for each row: rows that share it are held out together. `states`
  /// are those from which members continue; further members start anew. Throws as `fit` does, and
  /// `.argument` for no members.
  public func fitEnsemble(
    of members: Int, to data: Dataset, training: TrainingOptions = TrainingOptions(),
    validation: Validation = .none, groups: [Int]? = nil, resuming states: [StochasticState?] = [],
    observing observer: TrainingObserver? = nil
  ) throws(DatasetError) -> NetworkFit {
    try DatasetError.require("members", members, atLeast: 1)
    let (data, groups) = try data.arrangedForTraining(
      likelihood, groups: groups, threads: options.threads)
    let (rows, held) = try validation.split(data, groups: groups, seed: options.seed)
    let further = try validation.furtherFolds(of: data, groups: groups, seed: options.seed)
    let refits = validation.refits(data)
    // The members that were judged by the validation rows, which were not trained on these rows.
    var judged: [ModelClassifier<PerceptronLogits>] = []
    var classifiers: [ModelClassifier<PerceptronLogits>] = []
    var records: [FitRecord] = []
    for index in 0..<members {
      var estimator = self
      if index > 0 {
        estimator.options.seed = CounterBasedGenerator(seed: options.seed).bits(index)
      }
      let trained = try estimator.fit(
        rows, training, held: held, further: further,
        resuming: index < states.count ? states[index] : nil,
        member: (index, members), observing: observer)
      var fit = trained.fit
      judged.append(fit.classifier)
      if refits {
        fit =
          try estimator.refit(
            trained, data, member: (index, members), observing: observer) ?? fit
      }
      classifiers.append(fit.classifier)
      records.append(fit.record())
      if case .notConverged(.cancelled) = fit.status { break }
    }
    let classifier = NetworkClassifier(trusting: classifiers)
    let record = try record(
      of: classifier, records, rows: refits ? data : rows,
      judged: held.map { (NetworkClassifier(trusting: judged), $0) })
    return NetworkFit(classifier: classifier, record: record)
  }

  private func record(
    of classifier: NetworkClassifier, _ records: [FitRecord], rows: Dataset,
    judged: (classifier: NetworkClassifier, held: Dataset)?
  ) throws(DatasetError) -> FitRecord {
    var result = records[0]
    result.training = records.flatMap { $0.training ?? [] }
    result.validation = result.training?.first?.validation
    guard records.count > 1 else { return result }
    let own = try summary(of: classifier, on: rows)
    result.statistics.crossEntropy = own.crossEntropy
    result.statistics.divergence = own.divergence
    if let judged {
      result.validation = try heldSummary(of: judged.classifier, on: judged.held)
    }
    func mean(_ value: (FitRecord) -> Double) -> Double {
      records.reduce(0) { $0 + value($1) } / Double(records.count)
    }
    result.statistics.objective = mean { $0.statistics.objective }
    result.statistics.logPosterior = mean { $0.statistics.logPosterior }
    result.statistics.gradientNorm =
      records.map(\.statistics.gradientNorm).reduce(0) { max($0, $1) }
    let isOwn = likelihood.equalsMinusCrossEntropy
    // The averaged predictions have a likelihood if it is a function of the predicted mean alone.
    result.statistics.logLikelihood =
      isOwn
      ? result.statistics.logLikelihoodConstant - own.crossEntropy * result.statistics.totalWeight
      : mean { $0.statistics.logLikelihood }
    result.warnings.append(
      .ensembleMeans(memberCount: records.count, includesLogLikelihood: !isOwn))
    if let bad = records.first(where: {
      $0.convergence.termination == Termination.diverged.rawValue
    }) {
      result.convergence.termination = bad.convergence.termination
    }
    result.convergence.iterations = records.reduce(0) { $0 + $1.convergence.iterations }
    result.convergence.passes = records.reduce(0) { $0 + $1.convergence.passes }
    for record in records.dropFirst() {
      result.warnings += record.warnings.filter { !result.warnings.contains($0) }
    }
    return result
  }

  /// The scores of averaged predictions on the validation rows, by their measure.
  private func heldSummary(
    of classifier: NetworkClassifier, on data: Dataset
  ) throws(DatasetError) -> TrainingRecord.Held {
    guard HeldMeasure(data.labels.kind) == .evidence else {
      return try summary(of: classifier, on: data)
    }
    let data = data.droppingZeroWeights()
    let evaluation = try Evaluation(
      ofLogProbabilities: classifier.trainingLogProbabilities(of: data, threads: options.threads),
      against: data.labels, weights: data.weights)
    return TrainingRecord.Held(
      rowCount: data.givenRowCount, loss: -(evaluation.evidenceScore()?.logLikelihood ?? 0))
  }

  /// The divergence of a classifier's predictions from the labels of some rows.
  private func summary(
    of classifier: NetworkClassifier, on data: Dataset
  ) throws(DatasetError) -> TrainingRecord.Held {
    let data = data.droppingZeroWeights()
    let logs = try classifier.trainingLogProbabilities(of: data, threads: options.threads)
    var sums = PredictionSummary()
    for row in 0..<data.rowCount {
      sums.add(
        data.labels.distribution(ofRow: row), logProbabilities: logs.row(row),
        weight: data.weights[row] * data.labels.multiplicity(ofRow: row))
    }
    return TrainingRecord.Held(sums, rowCount: data.givenRowCount)
  }
}
