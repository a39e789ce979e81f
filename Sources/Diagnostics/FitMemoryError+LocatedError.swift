import SurprisalEstimation
import SurprisalFitting
import SurprisalTables

extension FitMemoryError: LocatedError {
  public var code: String { fileError.code }
  public var message: String { fileError.message }
  public var details: [String] { fileError.details }
  public var suggestion: String? { fileError.suggestion }
  public var exitCode: Int32 { fileError.exitCode }

  /// As a general memory error, with the largest part and what would need less.
  private var fileError: FileError {
    switch self {
    case .fit(let memory, let withCovariance, let canBeSingle, let limit):
      .notEnoughMemory(
        purpose: "the fit", needed: memory.total(withCovariance: withCovariance), limit: limit,
        remedies: remedies(memory, withCovariance, canBeSingle, limit))
    case .parallelFits(let memory, let count, let canBeSingle, let limit):
      .notEnoughMemory(
        purpose: "the cross-validation",
        needed: memory.ofParallelFits(count).total(withCovariance: false), limit: limit,
        remedies: remedies(memory, parallelFits: count, canBeSingle, limit))
    }
  }

  private func remedies(
    _ memory: FitMemory, _ withCovariance: Bool, _ canBeSingle: Bool, _ limit: Int
  ) -> [MemoryRemedy] {
    var remedies = [
      MemoryRemedy.data(bytes: memory.data.addingSaturating(memory.rows)),
      .matrices(bytes: memory.matrices, parameterCount: memory.parameterCount),
    ]
    let rest = memory.total(withCovariance: false)
    if withCovariance { remedies.append(.noStandardErrors(needed: rest, fits: rest <= limit)) }
    let least = memory.totalWithLBFGS
    if least < rest { remedies.append(.lbfgs(needed: least, fits: least <= limit)) }
    if canBeSingle, memory.data > memory.matrices { remedies.append(.halvedFeatures) }
    return remedies
  }

  private func remedies(
    _ memory: FitMemory, parallelFits count: Int, _ canBeSingle: Bool, _ limit: Int
  ) -> [MemoryRemedy] {
    let one = memory.ofParallelFits(1).total(withCovariance: false)
    var remedies: [MemoryRemedy] = []
    if count > 1 { remedies.append(.oneFitAtATime(of: count, needed: one, fits: one <= limit)) }
    if canBeSingle, memory.data >= memory.matrices { remedies.append(.halvedFeatures) }
    return remedies
  }
}
