import SurprisalDatasets
import SurprisalModels
import SurprisalProbability

/// Data made ready for a network: checked, standardised; every column takes part.
struct NetworkProblem<L: Likelihood> {
  /// The rows to train on.
  let data: PreparedData<L>
  let network: MultilayerPerceptron
  let options: FitOptions

  init(
    _ data: consuming Dataset, network: MultilayerPerceptron, likelihood: L, scale: InputScale,
    options: FitOptions
  ) throws(DatasetError) {
    self.data = try PreparedData(
      consume data, likelihood,
      PreparedData.Preparation(
        keepsDependentColumns: true, scale: scale, threads: options.threads))
    self.network = network
    self.options = options
  }

  var model: PerceptronLogits {
    network.model(
      featureCount: data.columns.kept.count, classCount: data.labels.classCount)
  }

  func objective<P: Prior>(_ prior: P) -> NetworkObjective<L, P> {
    NetworkObjective(data, model: model, prior: prior, threads: options.threads)
  }

  /// Random weights, the logits of the intercept-only optimum, the start of the auxiliary
  /// parameters.
  func start(seed: UInt64) -> [Double] {
    let start = data.nullStart
    let classCount = data.labels.classCount
    return model.initialParameters(seed: seed, logits: Array(start[..<classCount]))
      + start[classCount...]
  }

  /// Rows held out, in the coordinates of the rows to train on.
  ///
  /// Throws `DatasetError` for columns, classes or labels that do not fit, and if no row has a
  /// positive weight.
  func held<P: Prior>(
    _ other: Dataset, _ prior: P
  ) throws(DatasetError) -> HeldRows<L, P> {
    guard other.classNames == data.classNames else {
      throw .rowMismatch(
        what: "classes of the validation rows in the order of the training rows",
        expected: data.classNames.count, found: other.classNames.count)
    }
    let held = try PreparedData(
      other, data.likelihood, encoding: data.encoding, standardization: data.standardization)
    return HeldRows(
      data: held,
      objective: NetworkObjective(held, model: model, prior: prior, threads: options.threads))
  }
}

/// Rows that a network is judged by.
struct HeldRows<L: Likelihood, P: Prior> {
  let data: PreparedData<L>
  let objective: NetworkObjective<L, P>

  /// How far predictions at `point` are from the labels.
  func summary(at point: [Double]) -> TrainingRecord.Held {
    TrainingRecord.Held(
      data.predictionSummary(of: objective, at: point), rowCount: data.labels.rowCount)
  }
}
