import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension Specification.Network {
  /// The largest number of steps of training with automatic stopping.
  private static let mostSteps = 20_000
  /// With fewer rows none are held out unless requested.
  private static let leastRows = 20
  /// From this number of rows on, a tenth is held out instead of a fifth.
  private static let manyRows = 10_000

  /// Whether training stops automatically: no passes were given, or the schedule is a plateau.
  public var findsItsEnd: Bool { schedule == .plateau || (epochs == nil && schedule == nil) }

  /// The network with all defaults that depend on the data or the method filled in.
  ///
  /// Equal rows of `data` are counted as they are; `Specification.fit` merges them before.
  /// With automatic stopping the batch size is about a sixteenth of the rows, from 8 to 128; there
  /// are at most 20 000 steps; and a fifth of the rows is held out (a tenth of 10 000 and more,
  /// none of fewer than 20), unless `hasValidationRows`. With passes or a schedule given, the
  /// options are used as given; the defaults are 30 passes of batches of 128 with a cosine
  /// schedule.
  public func resolved(
    for data: Dataset, _ method: TrainingOptions.Method, hasValidationRows: Bool
  ) -> Specification.Network {
    var result = self
    result.inputScale = inputScale ?? InputScale.suited(to: data.features.matrix)
    guard findsItsEnd, method != .lbfgs else {
      let training = training(method)
      result.epochs = training.epochs
      result.batchSize = training.batchSize
      result.learningRate = training.peakRate
      result.schedule = training.schedule
      result.warmUp = training.warmUp
      return result
    }
    var rows = (0..<data.rowCount).count { data.weights[$0] > 0 }
    if !hasValidationRows, validationShare == nil, rows >= Self.leastRows {
      result.validationShare = rows < Self.manyRows ? 0.2 : 0.1
    }
    if !hasValidationRows, let share = result.validationShare {
      rows -= Int((share * Double(rows)).rounded())
    }
    let size = batchSize ?? Self.batchSize(rowCount: rows)
    let batches = max((rows + size - 1) / size, 1)
    result.batchSize = size
    result.epochs = epochs ?? (Self.mostSteps + batches - 1) / batches
    result.learningRate = learningRate ?? (method == .sgd ? 0.1 : 0.003)
    result.schedule = .plateau
    result.warmUp = warmUp ?? 100 / Double(batches)
    result.patience = patience ?? 10
    return result
  }

  /// A power of two near a sixteenth of the rows, from 8 to 128.
  private static func batchSize(rowCount: Int) -> Int {
    var size = 8
    while size < 128, 32 * size <= rowCount { size *= 2 }
    return size
  }

  /// How rows are held out for `validationShare` of this resolved network; `given` is the requested
  /// proportion.
  func validation(given: Double?) -> Validation {
    guard let share = validationShare, share > 0 else { return .none }
    return given == nil ? .fold(of: Int((1 / share).rounded())) : .share(share)
  }
}

extension Specification {
  /// Networks along a path of priors, for cross-validation; each is trained as by `fit`.
  ///
  /// Throws `SpecificationError` for another kind of model, a solver that is not available for
  /// networks, and layers that are to be chosen.
  public func networkPath<L: SurprisalProbability.Likelihood>(
    _ likelihood: L
  ) throws(SpecificationError) -> NetworkPath<L> {
    guard let network = model.network, let method = solver.training else {
      throw .solver(solver, model: model.kind)
    }
    guard !network.choosesHidden else {
      throw .value(
        property: "network.hidden", value: Network.automatic,
        domain: .layers(most: Network.mostLayers, units: Network.mostUnits))
    }
    return NetworkPath(
      network.layers, likelihood: likelihood, members: network.members,
      options: fitOptions(threads: .one)
    ) { data in
      let resolved = network.resolved(for: data, method, hasValidationRows: false)
      return (
        self.training(of: resolved, method), resolved.validation(given: network.validationShare)
      )
    }
  }

  /// The training options of a resolved network. L-BFGS is tried too if no training options were
  /// given.
  func training(of resolved: Network, _ method: TrainingOptions.Method) -> TrainingOptions {
    var result = resolved.training(method)
    guard let given = model.network, solver == .automatic else { return result }
    let isOpen =
      given.epochs == nil && given.schedule == nil && given.batchSize == nil
      && given.learningRate == nil && given.warmUp == nil && given.clipping == nil
    result.triesAllRows = isOpen && given.weightDecay == 0 && given.patience == nil
    return result
  }
}

extension InputScale {
  /// The default scale for the columns: `.common` for at least eight columns whose ranges suggest a
  /// common unit, such as pixels: nearly all have the same minimum, none is negative, and at least
  /// a third reach the overall maximum. Otherwise, and for sparse features, `.columns`.
  public static func suited(to matrix: BlockedMatrix) -> InputScale {
    guard matrix.columnCount >= 8, matrix.storageKind != .sparse, matrix.rowCount > 0 else {
      return .columns
    }
    let ranges = (0..<matrix.columnCount).map { index in
      let values = matrix.column(index).prefix(matrix.rowCount)
      return (values.min() ?? 0, values.max() ?? 0)
    }
    let least = ranges.map(\.0).min() ?? 0
    let most = ranges.map(\.1).max() ?? 0
    let (low, high) = (ranges.count { $0.0 == least }, ranges.count { $0.1 == most })
    return least >= 0 && 10 * low >= 9 * ranges.count && 3 * high >= ranges.count
      ? .common : .columns
  }
}
