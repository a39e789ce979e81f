import SurprisalEstimation
import SurprisalFitting
import SurprisalLinearAlgebra
import SurprisalTables

extension FitMemoryError: Diagnosable {
  public var code: String { tableError.code }
  public var message: String { tableError.message }
  public var details: [String] { tableError.details }
  public var cure: String? { tableError.cure }
  public var exitCode: Int32 { tableError.exitCode }

  /// The error in the form of all errors of memory, with what takes most and what would need less.
  private var tableError: InterchangeError {
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
  ) -> [String] {
    var remedies = ["features and labels take \(byteText(memory.data))"]
    remedies.append(
      "\(memory.parameterCount) parameters: the matrices of the fit take "
        + byteText(memory.matrices))
    if withCovariance {
      let rest = memory.total(withCovariance: false)
      remedies.append(
        "with --std-errors none it needs \(byteText(rest))" + (rest <= limit ? ", which fits" : ""))
    }
    if memory.totalWithLBFGS < memory.total(withCovariance: false) {
      remedies.append(
        "with --solver lbfgs and a prior (--l2) it needs \(byteText(memory.totalWithLBFGS))"
          + (memory.totalWithLBFGS <= limit ? ", which fits" : ""))
    }
    if canBeSingle, memory.data > memory.matrices {
      remedies.append("--float32 halves the features")
    }
    return remedies
  }

  private func remedies(
    _ memory: FitMemory, parallelFits count: Int, _ canBeSingle: Bool, _ limit: Int
  ) -> [String] {
    let one = memory.ofParallelFits(1).total(withCovariance: false)
    var remedies: [String] = []
    if count > 1 {
      remedies.append(
        "\(count) fits run at a time: with -j 1 it needs \(byteText(one))"
          + (one <= limit ? ", which fits" : ""))
    }
    if canBeSingle, memory.data >= memory.matrices {
      remedies.append("--float32 halves the features")
    }
    return remedies
  }
}
