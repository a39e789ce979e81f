import Surprisal

/// Turns names into types: one switch an axis, in this file alone.
struct Estimator {
  let options: EstimatorOptions
  let threads: ThreadCount
  /// Which rows belong together, for standard errors by clusters.
  var clusters: Clusters?
  /// How a network is trained; nil where `options.model` is another model.
  var trainer: NetworkTrainer?

  /// The likelihood asked for, or the default of the kind of label.
  static func likelihood(
    _ options: EstimatorOptions, for columns: LabelColumns, _ labels: LabelOptions
  ) -> LikelihoodName {
    options.likelihood ?? likelihood(for: columns, labels)
  }

  /// The default of the kind of label.
  ///
  /// Votes of which a row weighs one are shares: they have no multinomial likelihood.
  static func likelihood(
    for columns: LabelColumns, _ labels: LabelOptions
  ) -> LikelihoodName {
    switch columns {
    case .target, .probabilities: .categorical
    case .counts: labels.countWeight == .row ? .categorical : .multinomial
    case .candidates: .candidateSet
    }
  }

  /// Fits, and returns what is kept of the fit.
  func fit(
    _ data: consuming Dataset, likelihood name: LikelihoodName, observing observer: Observer?
  ) throws -> TimedModel {
    let likelihood = try LikelihoodChoice(name, options).likelihood(classNames: data.classNames)
    if let trainer { return try trainer.fit(data, likelihood) }
    return try fit(consume data, likelihood, observer)
  }

  private func fit<L: Likelihood>(
    _ data: consuming Dataset, _ likelihood: L, _ observer: Observer?
  ) throws(DatasetError) -> TimedModel {
    if options.prior == .jeffreys {
      let estimator = MaximumLikelihood(
        SoftmaxRegression(hasIntercept: !options.noIntercept), likelihood: likelihood,
        informationPenalty: .jeffreys, options: options.fitOptions(threads: threads))
      return try fit(consume data, estimator, observer)
    }
    if let lambda = options.l2, lambda > 0 {
      return try fit(consume data, likelihood, GaussianPrior(.lambda(lambda)), observer)
    }
    return try fit(consume data, likelihood, FlatPrior(), observer)
  }

  private func fit<L: Likelihood, P: Prior>(
    _ data: consuming Dataset, _ likelihood: L, _ prior: P, _ observer: Observer?
  ) throws(DatasetError) -> TimedModel {
    try fit(
      consume data,
      MaximumLikelihood(
        SoftmaxRegression(hasIntercept: !options.noIntercept), likelihood: likelihood,
        prior: prior, options: options.fitOptions(threads: threads)), observer)
  }

  private func fit<L: Likelihood, P: Prior>(
    _ data: consuming Dataset, _ estimator: MaximumLikelihood<SoftmaxRegression, L, P>,
    _ observer: Observer?
  ) throws(DatasetError) -> TimedModel {
    let names = data.classNames
    let clock = ContinuousClock()
    let start = clock.now
    let fit = try estimator.fit(consume data, observing: observer)
    let reference = options.reference.flatMap { names.firstIndex(of: $0) } ?? 0
    let seconds = (clock.now - start).seconds
    let record = fit.record(reference: reference, errors: options.stdErrors.choice(clusters))
    return TimedModel(
      model: FittedModel(classifier: .affine(fit.classifier), record: record), seconds: seconds)
  }
}

/// What is kept of a fit, and how long the fit alone took.
struct TimedModel {
  var model: FittedModel
  let seconds: Double
}
