import SurprisalDatasets
import SurprisalEstimation
import SurprisalLinearAlgebra
import SurprisalOptimization

/// What a fit is given beside its specification and the data: what belongs to the data, and what
/// changes how it runs but not what comes out.
public struct FitRun: Sendable {
  /// How many threads share the work.
  public var threads = ThreadCount.one
  /// Which rows belong together: for standard errors by clusters, and, of a network, for the rows
  /// that are held out.
  public var clusters: Clusters?
  /// The rows that a network is judged by while it is trained, with the same columns and classes;
  /// nil for the proportion in the specification.
  public var validation: Dataset?
  /// Whether the labels of the data were adjusted already as the specification says, by the reader.
  public var labelsAreAdjusted = false
  /// The most bytes of memory that a fit of softmax regression may take; nil for no limit.
  public var memoryLimit: Int?
  /// Whether the caller cannot do without the covariance of the coefficients.
  public var requiresCovariance = false
  /// Whether coefficients are tested and bounded by the profile likelihood; under Jeffreys' prior
  /// small fits are anyway.
  public var profiles = false
  /// Columns of the table, or interactions by name, each list of which is tested to have no
  /// coefficients; in fits of softmax regression.
  public var testedColumns: [[String]] = []
  /// The coverage of profile intervals.
  public var level = 0.95
  /// The states of networks that training goes on from.
  public var states: [StochasticState?] = []
  /// Sees the steps of a fit of softmax regression; false stops it.
  public var observer: Observer?
  /// Sees the passes of the training of a network; false stops it.
  public var trainingObserver: TrainingObserver?
  /// Called when the optimum is found, before standard errors are computed.
  public var optimumFound: (@Sendable () -> Void)?

  /// A run on one thread without limits and observers; set what is to differ.
  public init() {}
}

/// A fit that would take more memory than there may be. Nothing was asked for yet.
public enum FitMemoryError: Error, Sendable, Equatable {
  /// One fit, with or without the covariance of its parameters.
  case fit(FitMemory, withCovariance: Bool, canBeSingle: Bool, limit: Int)
  /// Several fits at a time.
  case parallelFits(FitMemory, count: Int, canBeSingle: Bool, limit: Int)
}

extension Specification {
  /// The memory of a fit of softmax regression; nil for networks, which have no matrix of
  /// curvature.
  public func memory(of data: Dataset, threads: ThreadCount) -> FitMemory? {
    guard case .softmax(let hasIntercept) = model else { return nil }
    return FitMemory(
      of: data, options: fitOptions(threads: threads), hasIntercept: hasIntercept,
      isProper: prior.density != .flat)
  }

  /// The bytes that training takes beside the data; nil for other models than networks.
  ///
  /// Parameters, gradient, moments, the best so far and the sums of a tree; the units of a batch
  /// twice, and those of a block of rows for each thread.
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

  /// The specification, without standard errors if nobody insists on them and their covariance
  /// takes more than `run.memoryLimit`; `omitted` is then the memory of the fit.
  ///
  /// Throws `.fit` if there is no room even so.
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

  /// Throws `.parallelFits` if `count` fits at a time of most of the rows take more than `limit`
  /// bytes.
  public func requireMemory(
    forParallelFits count: Int, of data: Dataset, limit: Int
  ) throws(FitMemoryError) {
    guard let memory = memory(of: data, threads: .one) else { return }
    guard memory.ofParallelFits(count).total(withCovariance: false) > limit else { return }
    throw .parallelFits(
      memory, count: count, canBeSingle: data.features.matrix.storageKind == .double, limit: limit)
  }

  /// The options of the estimator. A network's solver is part of its training.
  public func fitOptions(threads: ThreadCount) -> FitOptions {
    FitOptions(
      solver: solver.affine ?? .automatic,
      stopping: StoppingRule(tolerance: tolerance, maximumIterations: maximumIterations),
      penalizesStandardized: prior.isStandardized, restarts: restarts, seed: seed,
      threads: threads)
  }
}
