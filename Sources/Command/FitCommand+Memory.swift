import Surprisal

extension FitCommand {
  /// The options, without standard errors where nobody insists on them and their covariance takes
  /// more memory than there may be: then with the reason. Throws `limit.memory` before anything is
  /// asked for.
  func affordable(
    for dataset: Dataset
  ) throws -> (options: EstimatorOptions, omission: String?) {
    // A network has neither a matrix of curvature nor standard errors.
    if estimator.model == .mlp { return (estimator, nil) }
    let memory = FitMemory(
      of: dataset, options: estimator.fitOptions(threads: threads.count),
      hasIntercept: !estimator.noIntercept,
      isProper: (estimator.l2 ?? 0) > 0 || estimator.prior == .jeffreys)
    let budget = table.memoryBudget
    let isInsisted = estimator.stdErrors != .none && (estimator.stdErrors != .auto || vcov != nil)
    try budget.require(
      memory, withCovariance: isInsisted,
      canBeSingle: dataset.features.matrix.storageKind == .double)
    guard estimator.stdErrors == .auto, memory.total(withCovariance: true) > budget.bytes else {
      return (estimator, nil)
    }
    var options = estimator
    options.stdErrors = .none
    let omission =
      "the covariance of \(memory.parameterCount) parameters needs about "
      + "\(byteText(memory.covariance)) of memory"
    if !output.quiet { Talk.warn(code: "limit.memory", "no standard errors: " + omission) }
    return (options, omission)
  }
}
