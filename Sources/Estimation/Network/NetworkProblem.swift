import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Data made ready for a network: checked, standardised; every column takes part.
struct NetworkProblem<L: Likelihood> {
  /// The rows to train on. What they need is what affine logits under a proper prior need.
  let rows: AffineProblem<L>
  let network: MultilayerPerceptron
  let likelihood: L
  let options: FitOptions

  init(
    _ data: consuming Dataset, network: MultilayerPerceptron, likelihood: L, scale: InputScale,
    options: FitOptions
  ) throws(DatasetError) {
    // The prior's strength does not matter: a proper one keeps dependent columns.
    rows = try AffineProblem(
      consume data, hasIntercept: true, likelihood: likelihood,
      prior: GaussianPrior(.precision(1)), options: options, scale: scale)
    self.network = network
    self.likelihood = likelihood
    self.options = options
  }

  var model: PerceptronLogits {
    network.model(featureCount: rows.kept.count, classCount: rows.labels.classCount)
  }

  func objective<P: Prior>(_ prior: P) -> NegativeLogPosterior<PerceptronLogits, L, P> {
    let model = model
    return NegativeLogPosterior(
      model: model, likelihood: likelihood, prior: prior, features: rows.features,
      observations: rows.observations, offsets: rows.offsets, weights: rows.weights,
      priorScales: [Double](repeating: 1, count: model.weights.count), threads: options.threads)
  }

  /// Random weights, the logits of the intercept-only optimum, the likelihood's own start.
  func start(seed: UInt64) -> [Double] {
    let logits = rows.nullStart(likelihood)
    let classCount = rows.labels.classCount
    return model.initialParameters(seed: seed, logits: Array(logits[..<classCount]))
      + logits[classCount...]
  }

  /// Rows held out, in the coordinates of the rows to train on.
  ///
  /// Throws `DatasetError` for columns, classes or labels that do not fit.
  func held<P: Prior>(
    _ data: Dataset, _ prior: P
  ) throws(DatasetError) -> HeldRows<L, P> {
    let data = data.droppingZeroWeights()
    guard data.classNames == rows.classNames else {
      throw .rowMismatch(
        what: "classes of the validation rows in the order of the training rows",
        expected: rows.classNames.count, found: data.classNames.count)
    }
    var matrix = try data.features.coded(as: rows.encoding).matrix
    rows.standardization.apply(to: &matrix)
    var weights = (0..<data.rowCount).map { data.weights[$0] }
    let masses = weights
    weights += [Double](
      repeating: 0, count: BlockedMatrix.paddedRowCount(data.rowCount) - data.rowCount)
    let observations: L.Observations
    do {
      observations = try likelihood.observations(of: data.labels, weights: &weights)
    } catch {
      throw .label(error)
    }
    let model = model
    let objective = NegativeLogPosterior(
      model: model, likelihood: likelihood, prior: prior, features: matrix,
      observations: observations, offsets: data.offsets, weights: weights,
      priorScales: [Double](repeating: 1, count: model.weights.count), threads: options.threads)
    return HeldRows(objective: objective, labels: data.labels, masses: masses)
  }
}

/// Rows that a network is judged by.
struct HeldRows<L: Likelihood, P: Prior> {
  let objective: NegativeLogPosterior<PerceptronLogits, L, P>
  let labels: Labels
  let masses: [Double]

  /// How far predictions at `point` are from the labels.
  func summary(at point: [Double]) -> TrainingRecord.Held {
    let sums = objective.predictionSummary(at: point, labels: labels, rowWeights: masses)
    return TrainingRecord.Held(
      rowCount: labels.rowCount, crossEntropy: sums.crossEntropy / sums.mass,
      labelEntropy: sums.entropy / sums.mass, divergence: sums.divergence / sums.mass)
  }
}
