import SurprisalEstimation
import SurprisalTables

extension MemoryBudget {
  /// Throws `limit.memory` where a fit does not fit, with or without the covariance of its
  /// parameters, and says what takes most.
  public func require(
    _ memory: FitMemory, withCovariance: Bool, canBeSingle: Bool
  ) throws(InterchangeError) {
    let needed = memory.total(withCovariance: withCovariance)
    guard needed > bytes else { return }
    var remedies = ["features and labels take \(byteText(memory.data))"]
    remedies.append(
      "\(memory.parameterCount) parameters: the matrices of the fit take "
        + byteText(memory.matrices))
    if withCovariance {
      let rest = memory.total(withCovariance: false)
      remedies.append(
        "with --std-errors none it needs \(byteText(rest))" + (rest <= bytes ? ", which fits" : ""))
    }
    if memory.totalWithLBFGS < memory.total(withCovariance: false) {
      remedies.append(
        "with --solver lbfgs and a prior (--l2) it needs \(byteText(memory.totalWithLBFGS))"
          + (memory.totalWithLBFGS <= bytes ? ", which fits" : ""))
    }
    if canBeSingle, memory.data > memory.matrices {
      remedies.append("--float32 halves the features")
    }
    throw .notEnoughMemory(purpose: "the fit", needed: needed, limit: bytes, remedies: remedies)
  }

  /// Throws `limit.memory` where a cross-validation does not fit that makes `count` fits at a time.
  public func require(
    _ memory: FitMemory, parallelFits count: Int, canBeSingle: Bool
  ) throws(InterchangeError) {
    let needed = memory.ofParallelFits(count).total(withCovariance: false)
    guard needed > bytes else { return }
    let one = memory.ofParallelFits(1).total(withCovariance: false)
    var remedies: [String] = []
    if count > 1 {
      remedies.append(
        "\(count) fits run at a time: with -j 1 it needs \(byteText(one))"
          + (one <= bytes ? ", which fits" : ""))
    }
    if canBeSingle, memory.data >= memory.matrices {
      remedies.append("--float32 halves the features")
    }
    throw .notEnoughMemory(
      purpose: "the cross-validation", needed: needed, limit: bytes, remedies: remedies)
  }
}
