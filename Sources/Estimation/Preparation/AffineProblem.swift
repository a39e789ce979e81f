import RealModule
import SurprisalDatasets
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalProbability

/// Data prepared for affine logits under a prior.
struct AffineProblem<L: Likelihood> {
  let data: PreparedData<L>
  let hasIntercept: Bool
  let options: FitOptions

  /// Throws what `PreparedData` throws. A proper prior identifies the coefficients of dependent
  /// columns, so these are kept.
  init(
    _ data: consuming Dataset, hasIntercept: Bool, likelihood: L, keepsDependentColumns: Bool,
    boundsIntercepts: Bool = false, options: FitOptions
  ) throws(DatasetError) {
    self.data = try PreparedData(
      consume data, likelihood,
      PreparedData.Preparation(
        hasIntercept: hasIntercept, keepsDependentColumns: keepsDependentColumns,
        boundsIntercepts: boundsIntercepts, threads: options.threads))
    self.hasIntercept = hasIntercept
    self.options = options
  }

  init(data: PreparedData<L>, hasIntercept: Bool, options: FitOptions) {
    self.data = data
    self.hasIntercept = hasIntercept
    self.options = options
  }

  /// The model for the included columns.
  var model: LinearPredictor {
    LinearPredictor(
      featureCount: data.columns.kept.count, classCount: data.labels.classCount,
      hasIntercept: hasIntercept)
  }

  func objective<P: Prior>(_ prior: P) -> AffineObjective<L, P> {
    let kept = data.columns.kept
    let scales =
      options.penalizesStandardized
      ? [Double](repeating: 1, count: kept.count)
      : kept.map { [all = data.standardization.scales] in 1 / all[$0] }
    var priorScales: [Double] = []
    // Reserved exactly: growing step by step could need twice the memory.
    priorScales.reserveCapacity(data.labels.classCount * scales.count)
    for _ in 0..<data.labels.classCount { priorScales += scales }
    return AffineObjective(
      data, model: model, prior: prior, priorScales: priorScales, threads: options.threads)
  }

  /// Zero weights, the intercepts of the intercept-only fit, and the start of the auxiliary
  /// parameters.
  var start: [Double] {
    [Double](repeating: 0, count: model.weights.count) + (hasIntercept ? intercepts : [])
      + data.auxiliaryStart
  }

  /// Those of the intercept-only fit; a class without weight makes it one of half a row more of
  /// each class.
  private var intercepts: [Double] {
    let logits = data.centredLogits
    guard logits.contains(-.infinity) else { return logits }
    let moved = logits.map { Double.log(Double.exp($0) + 0.5) }
    let mean = moved.reduce(0, +) / Double(moved.count)
    return moved.map { $0 - mean }
  }
}
