import SurprisalAnnotation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalInference
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension Specification {
  /// Fits the data.
  ///
  /// Labels are adjusted first, unless `run.labelsAreAdjusted`. A fit that did not converge, or was
  /// stopped by an observer, is a result and not an error. Throws `SpecificationError`,
  /// `DatasetError` for data that cannot be fitted, and `FitMemoryError` above `run.memoryLimit`.
  public func fit(
    _ data: consuming Dataset, in run: FitRun = FitRun()
  ) throws -> FittedModel {
    try validate()
    if run.votes != nil { try validateVotes() }
    let data = run.labelsAreAdjusted ? data : try labels.adjusting(data)
    let (specification, omitted) = try affordable(for: data, in: run)
    let likelihood =
      run.votes == nil ? try specification.likelihood.model(for: data) : Evidence()
    var model = try SpecifiedFit(specification: specification, run: run)
      .fit(consume data, likelihood)
    if let omitted { model.record.uncertainty.reason = omitted.omissionReason }
    return model
  }

  /// The position of the reference class. Throws `SpecificationError.reference`.
  public func referenceIndex(among classNames: [String]) throws(SpecificationError) -> Int {
    guard let reference else { return 0 }
    guard let index = classNames.firstIndex(of: reference) else {
      throw .reference(reference, classNames: classNames)
    }
    return index
  }
}

extension Specification.Likelihood {
  /// The starting diagonal of an unknown confusion matrix: most labels are correct.
  private static let startingDiagonal = 0.9

  /// The default likelihood of a kind of label.
  public static func defaultName(for kind: LabelKind) -> String {
    switch kind {
    case .classes, .probabilities: Categorical().name
    case .counts: Multinomial().name
    case .candidates: CandidateSet().name
    case .evidence: Evidence().name
    }
  }

  /// The likelihood for the classes of a data set; by default that of its kind of label.
  ///
  /// Throws `SpecificationError` for an unknown name and for invalid options.
  public func model(
    for data: Dataset
  ) throws(SpecificationError) -> any SurprisalProbability.Likelihood {
    let name = name ?? Self.defaultName(for: data.labels.kind)
    guard let known = LikelihoodRegistry.named(name) else {
      throw .value(
        property: "likelihood.name", value: name,
        domain: .words(LikelihoodRegistry.all.map(\.name)))
    }
    try Specification.requireOptions(options, of: known)
    var values: [String: [Double]] = [:]
    for option in known.optionNames { values[option] = options[option] ?? [] }
    let hasDiagonal = known.optionNames.contains("starting_diagonal")
    if hasDiagonal, options["confusion"] == nil, options["starting_diagonal"] == nil {
      values["starting_diagonal"] = [Self.startingDiagonal]
    }
    guard let result = known.likelihood(options: values, classCount: data.classCount) else {
      throw .likelihoodOptions(values, likelihood: known.name)
    }
    return result
  }
}

extension Specification.Labels {
  /// The data with adjusted labels: votes as proportions, temperature, smoothing, class weights.
  ///
  /// Throws `SpecificationError` for class weights that do not match the data, and `DatasetError`
  /// for labels that cannot be adjusted.
  package func adjusting(_ data: consuming Dataset) throws -> Dataset {
    if self == Specification.Labels() { return data }
    var (labels, weights) = (data.labels, data.weights)
    do throws(LabelError) {
      if countWeight == .row, case .counts(let counts) = labels {
        labels = .probabilities(try ClassProbabilities(normalizing: counts.values))
      }
      if let temperature { labels = try labels.tempered(by: temperature) }
      if let smoothing { labels = try labels.smoothed(by: smoothing) }
    } catch {
      throw DatasetError.label(error)
    }
    if let classWeights {
      if case .frequency = weights { throw SpecificationError.weightedFrequencies }
      let unknown = classWeights.unknownNames(among: data.classNames)
      guard unknown.isEmpty else {
        throw SpecificationError.weightsOfUnknown(unknown, classNames: data.classNames)
      }
      let values = classWeights.values(
        classNames: data.classNames, labels: labels, weights: weights)
      let factors: [Double]
      do throws(LabelError) {
        let result = try labels.weightingClasses(by: values)
        labels = result.labels
        factors = result.factors
      } catch {
        throw DatasetError.label(error)
      }
      weights = try weights.multiplied(by: factors)
    }
    return data.replacing(labels: labels, weights: weights)
  }
}

extension Specification.StandardErrors {
  /// The corresponding library option. Throws `SpecificationError.clusters` if clusters are
  /// missing.
  func choice(_ clusters: Clusters?) throws(SpecificationError) -> StandardErrorChoice {
    switch self {
    case .automatic: return .automatic
    case .information: return .information
    case .sandwich: return .sandwich
    case .quasi: return .quasi
    case .none: return .none
    case .cluster(let column):
      guard let clusters else { throw .clusters(column: column) }
      return .cluster(clusters)
    }
  }
}

extension FitMemory {
  /// The reason recorded for standard errors that were omitted because of the memory limit.
  public var omissionReason: CovarianceReason {
    .memory(parameterCount: parameterCount, bytes: covariance)
  }
}

/// Translates a specification into a typed fit; the only place that maps words to types.
struct SpecifiedFit {
  var specification: Specification
  var run: FitRun

  func fit<L: Likelihood>(_ data: consuming Dataset, _ likelihood: L) throws -> FittedModel {
    guard specification.model.network != nil else {
      return try fitUnderPrior(consume data, likelihood)
    }
    if let votes = run.votes { return try trainOnVotes(data, votes) }
    let (rows, groups) = try (consume data).arrangedForTraining(
      likelihood, groups: run.clusters?.indices, threads: run.threads)
    var arranged = self
    if let groups, let name = run.clusters?.name {
      arranged.run.clusters = Clusters(groups, name: name)
    }
    return try arranged.fitUnderPrior(rows, likelihood)
  }

  private func fitUnderPrior<L: Likelihood>(
    _ data: consuming Dataset, _ likelihood: L
  ) throws -> FittedModel {
    switch specification.prior.density {
    case .flat, .gaussian(.lambda(0)): return try fit(consume data, likelihood, FlatPrior())
    case .gaussian(let strength): return try fit(consume data, likelihood, GaussianPrior(strength))
    case .automatic: return try fitChoosingPrior(data, likelihood)
    case .jeffreys: return try fitUnderJeffreys(consume data, likelihood)
    }
  }

  private func fitUnderJeffreys<L: Likelihood>(
    _ data: consuming Dataset, _ likelihood: L
  ) throws -> FittedModel {
    guard case .softmax(let hasIntercept) = specification.model else {
      throw SpecificationError.notOfModel(property: "prior.name", model: .network)
    }
    return try fit(
      consume data,
      MaximumLikelihood(
        SoftmaxRegression(hasIntercept: hasIntercept), likelihood: likelihood,
        informationPenalty: .jeffreys, options: specification.fitOptions(threads: run.threads)))
  }

  private func fit<L: Likelihood, P: Prior>(
    _ data: consuming Dataset, _ likelihood: L, _ prior: P
  ) throws -> FittedModel {
    switch specification.model {
    case .softmax(let hasIntercept):
      try fit(
        consume data,
        MaximumLikelihood(
          SoftmaxRegression(hasIntercept: hasIntercept), likelihood: likelihood, prior: prior,
          options: specification.fitOptions(threads: run.threads)))
    case .network(let network): try train(network, data, likelihood, prior)
    }
  }

  private func fit<L: Likelihood, P: Prior>(
    _ data: consuming Dataset, _ estimator: MaximumLikelihood<SoftmaxRegression, L, P>
  ) throws -> FittedModel {
    let reference = try specification.referenceIndex(among: data.classNames)
    let errors = try specification.standardErrors.choice(run.clusters)
    let kept = run.testedColumns.isEmpty ? nil : copy data
    let fit = try fitted(consume data, estimator)
    try run.optimumFound?()
    var record = fit.record(reference: reference, errors: errors)
    if run.profiles || fit.isProfiledUnasked {
      record.profile = fit.profile(of: record, level: run.level)
    }
    var model = FittedModel(classifier: .affine(fit.classifier), record: record)
    if let kept {
      model.columnTests = try run.testedColumns.map { columns in
        try fit.test(
          ofColumns: columns, record: record, data: kept, estimator: estimator, errors: errors,
          observing: run.observer)
      }
    }
    return model
  }

  /// The fit of labels, or of votes if the run has any.
  private func fitted<L: Likelihood, P: Prior>(
    _ data: consuming Dataset, _ estimator: MaximumLikelihood<SoftmaxRegression, L, P>
  ) throws(DatasetError) -> Fit<LinearPredictor, L, P> {
    if let votes = run.votes,
      let joint = estimator as? MaximumLikelihood<SoftmaxRegression, Evidence, P>,
      let fit = try joint.fit(
        copy data, votes: votes,
        pseudoCounts: specification.pseudoCounts ?? PseudoCounts(), observing: run.observer)
        as? Fit<LinearPredictor, L, P>
    {
      return fit
    }
    return try estimator.fit(consume data, observing: run.observer)
  }

  private func train<L: Likelihood, P: Prior>(
    _ network: Specification.Network, _ data: Dataset, _ likelihood: L, _ prior: P
  ) throws -> FittedModel {
    var estimator = MaximumLikelihood(
      network.layers, likelihood: likelihood, prior: prior,
      options: specification.fitOptions(threads: run.threads))
    let (training, validation) = try training(of: network, on: data)
    let groups = run.clusters?.indices
    var choice: LayerChoice?
    if network.choosesHidden {
      if case .none = validation {
        throw SpecificationError.needsRowsHeldOut(property: "network.hidden")
      }
      choice = try estimator.layerChoice(
        on: data, training: training, validation: validation, groups: groups,
        observing: run.trainingObserver)
      if let choice {
        estimator.family = estimator.family.with(hidden: choice.candidates[choice.chosen].hidden)
      }
    }
    let fit = try estimator.fitEnsemble(
      of: network.members, to: data, training: training, validation: validation, groups: groups,
      resuming: run.states, observing: run.trainingObserver)
    try run.optimumFound?()
    var record = fit.record
    if let choice { record.warnings.append(.layersChosen(choice)) }
    return FittedModel(classifier: .network(fit.classifier), record: record)
  }

  /// A network under the prior with the smallest divergence on held-out rows.
  private func fitChoosingPrior<L: Likelihood>(
    _ data: Dataset, _ likelihood: L
  ) throws -> FittedModel {
    guard let network = specification.model.network else {
      throw SpecificationError.notOfModel(property: "prior.name", model: specification.model.kind)
    }
    let (training, validation) = try training(of: network, on: data)
    let choice = try MaximumLikelihood(
      network.layers, likelihood: likelihood,
      prior: GaussianPrior(.lambda(PriorChoice.standard[0])),
      options: specification.fitOptions(threads: run.threads)
    ).priorChoice(
      on: data, training: training, validation: validation, groups: run.clusters?.indices,
      observing: run.trainingObserver)
    // None held out without being asked for: the rows are too few.
    let areFew = if case .none = validation { network.validationShare == nil } else { false }
    var model = try train(
      network, data, likelihood,
      GaussianPrior(.lambda(choice?.strength ?? PriorChoice.standard[areFew ? 1 : 0])))
    if let choice {
      model.record.warnings.append(.priorChosen(choice))
      // Few steps leave the penalty of the start, but they were the best under this prior.
      model.record.warnings.removeAll {
        if case .priorOutweighsLabels = $0 { true } else { false }
      }
    }
    return model
  }

  /// The training options of a network, and its held-out rows.
  private func training(
    of network: Specification.Network, on data: Dataset
  ) throws(SpecificationError) -> (TrainingOptions, Validation) {
    guard let method = specification.solver.training else {
      throw SpecificationError.solver(specification.solver, model: .network)
    }
    let resolved = network.resolved(
      for: data, method, hasValidationRows: run.validation != nil)
    return (
      specification.training(of: resolved, method), try validation(network, resolved, data)
    )
  }

  private func validation(
    _ network: Specification.Network, _ resolved: Specification.Network, _ data: Dataset
  ) throws(SpecificationError) -> Validation {
    if let rows = run.validation { return .data(rows) }
    guard let share = network.validationShare, share > 0 else {
      return resolved.validation(given: network.validationShare)
    }
    let count = (0..<data.rowCount).count { data.weights[$0] > 0 }
    guard Validation.heldRowCount(share: share, of: count) != nil else {
      throw .validationRows(share: share, rowCount: count)
    }
    return .share(share)
  }
}
