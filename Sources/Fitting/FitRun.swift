import SurprisalAnnotation
import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalOptimization

/// The inputs of a fit besides its specification and the data: additions to the data, and settings
/// that change how the fit runs but not its result.
public struct FitRun: Sendable {
  /// The number of threads.
  public var threads = ThreadCount.one
  /// The clusters of rows, for cluster-robust standard errors and, for a network, for the choice of
  /// the rows that are held out.
  public var clusters: Clusters?
  /// The votes on each row, in the order of the data, for a joint fit; the labels of the data are
  /// then not used.
  public var votes: Votes?
  /// The validation rows of a network, with the same columns and classes; nil to hold out the
  /// proportion in the specification.
  public var validation: Dataset?
  /// Whether the reader has already adjusted the labels as the specification prescribes.
  public var labelsAreAdjusted = false
  /// The memory limit for a fit of softmax regression, in bytes; nil for none.
  public var memoryLimit: Int?
  /// Whether the covariance of the coefficients is required.
  public var requiresCovariance = false
  /// Whether coefficients have tests and intervals by the profile likelihood; small fits under
  /// Jeffreys' prior always do.
  public var profiles = false
  /// Columns of the table, or interactions by name, each list of which is tested to have no
  /// coefficients; in fits of softmax regression.
  public var testedColumns: [[String]] = []
  /// The coverage of profile intervals.
  public var level = 0.95
  /// The states from which the training of networks is resumed.
  public var states: [StochasticState?] = []
  /// Receives the steps of a fit of softmax regression; returning false stops it.
  public var observer: Observer?
  /// Receives the passes of the training of a network; returning false stops it.
  public var trainingObserver: TrainingObserver?
  /// Called after the optimum is found, before standard errors are computed; what it throws ends
  /// the fit.
  public var optimumFound: (@Sendable () throws -> Void)?

  /// A run on one thread without limits and observers; set the properties that should differ.
  public init() {}
}

/// A fit would need more memory than the limit. Thrown before memory is allocated.
public enum FitMemoryError: Error, Sendable, Equatable {
  /// A single fit, with or without the covariance of its parameters.
  case fit(FitMemory, withCovariance: Bool, canBeSingle: Bool, limit: Int)
  /// Several parallel fits.
  case parallelFits(FitMemory, count: Int, canBeSingle: Bool, limit: Int)
}

extension Specification {
  /// The memory of a fit of softmax regression; nil for networks, which need no curvature matrix.
  public func memory(of data: Dataset, threads: ThreadCount) -> FitMemory? {
    guard case .softmax(let hasIntercept) = model else { return nil }
    return FitMemory(
      of: data, options: fitOptions(threads: threads), hasIntercept: hasIntercept,
      isProper: prior.density != .flat)
  }

  /// The memory of training besides the data, in bytes; nil for models other than networks.
  ///
  /// Includes parameters, gradient, moments, the best parameters so far and the sums of a tree; the
  /// units of a batch twice, and those of a block of rows for each thread.
  public func networkMemory(of data: Dataset) -> Int? {
    guard let network = model.network else { return nil }
    var (inputs, parameters, units) = (data.features.columnCount, 0, 0)
    for width in network.hidden + [data.classCount] {
      parameters = parameters.addingSaturating(
        inputs.addingSaturating(1).multipliedSaturating(by: width))
      units = units.addingSaturating(width)
      inputs = width
    }
    let batch = min(network.batchSize ?? data.rowCount, data.rowCount)
    return parameters.multipliedSaturating(by: 12 * 8)
      .multipliedSaturating(by: max(1, network.members))
      .addingSaturating(units.multipliedSaturating(by: batch).multipliedSaturating(by: 4 * 8))
  }

  /// The specification, without standard errors if they are not required and their covariance would
  /// exceed `run.memoryLimit`; `omitted` is then the memory of the fit with them.
  ///
  /// Throws `.fit` if the fit exceeds the limit even so.
  public func affordable(
    for data: Dataset, in run: FitRun
  ) throws(FitMemoryError) -> (specification: Specification, omitted: FitMemory?) {
    guard let limit = run.memoryLimit, let memory = memory(of: data, threads: run.threads) else {
      return (self, nil)
    }
    let isInsisted =
      standardErrors != .none && (standardErrors != .automatic || run.requiresCovariance)
    if memory.total(withCovariance: isInsisted) > limit {
      throw .fit(
        memory, withCovariance: isInsisted,
        canBeSingle: data.features.matrix.storageKind == .double, limit: limit)
    }
    guard standardErrors == .automatic, memory.total(withCovariance: true) > limit else {
      return (self, nil)
    }
    var result = self
    result.standardErrors = .none
    return (result, memory)
  }

  /// Throws `.parallelFits` if `count` parallel fits of most of the rows need more than `limit`
  /// bytes.
  public func requireMemory(
    forParallelFits count: Int, of data: Dataset, limit: Int
  ) throws(FitMemoryError) {
    guard let memory = memory(of: data, threads: .one) else { return }
    guard memory.ofParallelFits(count).total(withCovariance: false) > limit else { return }
    throw .parallelFits(
      memory, count: count, canBeSingle: data.features.matrix.storageKind == .double, limit: limit)
  }

  /// The options of the estimator. The solver of a network is part of its training options.
  public func fitOptions(threads: ThreadCount) -> FitOptions {
    FitOptions(
      solver: solver.affine ?? .automatic,
      stopping: StoppingRule(tolerance: tolerance, maximumIterations: maximumIterations),
      penalizesStandardized: prior.isStandardized, restarts: restarts, seed: seed,
      threads: threads)
  }
}
