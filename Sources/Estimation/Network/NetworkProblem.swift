import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Data prepared for a network: checked and standardised; all columns are used.
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

  /// The start: random weights, the logits of the intercept-only optimum, and the initial auxiliary
  /// parameters.
  func start(seed: UInt64) -> [Double] {
    let start = data.nullStart
    let classCount = data.labels.classCount
    return model.initialParameters(seed: seed, logits: Array(start[..<classCount]))
      + start[classCount...]
  }

  /// Held-out rows, in the coordinates of the rows to train on.
  ///
  /// Throws `DatasetError` for columns, classes or labels that do not match, and if no row has a
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

/// The rows by which a network is judged.
struct HeldRows<L: Likelihood, P: Prior> {
  let data: PreparedData<L>
  let objective: NetworkObjective<L, P>

  /// The divergence of predictions at `point` from the labels, or minus the mean log evidence.
  func summary(at point: [Double]) -> TrainingRecord.Held {
    let rowCount = data.givenRowCount
    guard HeldMeasure(data.labels.kind) == .evidence else {
      return TrainingRecord.Held(
        data.predictionSummary(of: objective, at: point), rowCount: rowCount)
    }
    let values = objective.rowLogLikelihoods(at: point)
    let sum = SummationTree.sum(ofRows: values.count) { data.weights[$0] * values[$0] }
    return TrainingRecord.Held(rowCount: rowCount, loss: -sum / objective.totalWeight)
  }
}
