import SurprisalEstimation
import SurprisalTables

extension MemoryBudget {
  /// Throws `limit.memory` where a fit does not fit, with or without the covariance of its
  /// parameters, and says what takes most.
  public func require(
    _ memory: FitMemory, withCovariance: Bool, canBeSingle: Bool
  ) throws(FileError) {
    let needed = memory.total(withCovariance: withCovariance)
    guard needed > bytes else { return }
    var remedies = [
      MemoryRemedy.data(bytes: memory.data),
      .matrices(bytes: memory.matrices, parameterCount: memory.parameterCount),
    ]
    let rest = memory.total(withCovariance: false)
    if withCovariance { remedies.append(.noStandardErrors(needed: rest, fits: rest <= bytes)) }
    let least = memory.totalWithLBFGS
    if least < rest { remedies.append(.lbfgs(needed: least, fits: least <= bytes)) }
    if canBeSingle, memory.data > memory.matrices { remedies.append(.halvedFeatures) }
    throw .notEnoughMemory(purpose: "the fit", needed: needed, limit: bytes, remedies: remedies)
  }

  /// Throws `limit.memory` where a cross-validation does not fit that makes `count` fits at a time.
  public func require(
    _ memory: FitMemory, parallelFits count: Int, canBeSingle: Bool
  ) throws(FileError) {
    let needed = memory.ofParallelFits(count).total(withCovariance: false)
    guard needed > bytes else { return }
    let one = memory.ofParallelFits(1).total(withCovariance: false)
    var remedies: [MemoryRemedy] = []
    if count > 1 { remedies.append(.oneFitAtATime(of: count, needed: one, fits: one <= bytes)) }
    if canBeSingle, memory.data >= memory.matrices { remedies.append(.halvedFeatures) }
    throw .notEnoughMemory(
      purpose: "the cross-validation", needed: needed, limit: bytes, remedies: remedies)
  }
}
