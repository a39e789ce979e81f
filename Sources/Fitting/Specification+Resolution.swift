import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalModels
import SurprisalOptimization
import SurprisalProbability

extension Specification.Network {
  /// The most steps of training that finds its own end.
  private static let mostSteps = 20_000
  /// Rows below which none are held out unless asked for.
  private static let leastRows = 20
  /// Rows from which a tenth of them, not a fifth, is enough to judge by.
  private static let manyRows = 10_000

  /// Whether training finds its own end: no passes were asked for, or the rate is to fall with the
  /// score.
  public var findsItsEnd: Bool { schedule == .plateau || (epochs == nil && schedule == nil) }

  /// The network with everything in full that was left open: what the data and the method decide.
  ///
  /// Training that finds its own end has batches of about a sixteenth of the rows, from 8 to 128,
  /// at most 20 000 steps, and a fifth of the rows held out (a tenth of 10 000 and more, none of
  /// fewer than 20), unless `hasValidationRows`. With a number of passes or a schedule of its own
  /// it is what it was told: 30 passes of batches of 128 along a cosine by default.
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

  /// How the rows are held out that `validationShare` of this resolved network is about; `given` is
  /// the share that was asked for.
  func validation(given: Double?) -> Validation {
    guard let share = validationShare, share > 0 else { return .none }
    return given == nil ? .fold(of: Int((1 / share).rounded())) : .share(share)
  }
}

extension Specification {
  /// Networks along a path of priors, for cross-validation; each is trained as `fit` would.
  ///
  /// Throws `SpecificationError` for another kind of model, a solver that is none of a network's
  /// and layers that are to be chosen.
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

  /// How a resolved network is trained. L-BFGS is tried too if nothing was asked of training.
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
  /// The scale that suits columns: `.common` for at least eight whose ranges look like those of one
  /// unit, such as pixels: nearly all have one and the same least value, none is below 0, and a
  /// third or more reach the largest value of all. `.columns` otherwise, and for sparse features.
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
